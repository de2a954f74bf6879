; A translator, and a kernel whose POPF would slip through in ring 1. What
; becomes of each of its instructions is yours.

;@ role monitor
%include "demo/multiboot.inc"
%include "demo/kernel.inc"
%include "demo/ring-3.inc"
%include "demo/ring-1.inc"
%include "demo/translator.inc"

; In: ESI = an instruction of the guest, ECX = its length, EDI = where its
; translation goes.
; Out: there, a POPF (9Dh) is INT 30h (0CDh 30h), anything else is as it was.
; ESI = behind the instruction, EDI = behind the translation.
rewrite:
        rep     movsb                   ; write this
        ret

; The end of a unit asks each time.
chain:  ret

;@ role kernel
; Run from the cache, in ring 1.
guest:  mov     eax, 9D9D9D9Dh          ; no POPF
        push    byte EFLAGS_FIXED       ; IF is 0 in these
        popf
        jmp     short .next
.next:  int     1Fh
