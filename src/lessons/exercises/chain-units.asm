; A translator, and a kernel that goes round ten times. How two of its units are
; joined is yours.

;@ role monitor
%include "demo/multiboot.inc"
%include "demo/kernel.inc"
%include "demo/ring-3.inc"
%include "demo/ring-1.inc"
%include "demo/translator.inc"

; Every instruction of this guest is copied. In: ESI, ECX = it and its length,
; EDI = where.
rewrite:
        rep     movsb
        ret

; A unit has asked where it goes on. In: EBX = where in the cache its INT 31h
; is, six bytes with the address behind it. EAX = the unit that comes next. All
; registers may change.
; Out: in the place of the INT, a JMP (0E9h) to that unit.
chain:
        ret                             ; write this

;@ role kernel
; Run from the cache, in ring 1.
guest:  mov     eax, 0
        mov     ecx, 10
.round: inc     eax
        dec     ecx
        jnz     .round
        int     1Fh
