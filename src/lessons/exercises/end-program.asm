; Three programs ask for what ring 3 may not have. The kernel ends the one that
; was refused and starts the next. How it finds out which one that was, is
; yours.

;@ role kernel
%include "demo/multiboot.inc"
%include "demo/kernel.inc"
%include "demo/ring-3.inc"

main:   mov     edi, idt + 13 * 8
        mov     eax, refused
        call    gate
        mov     eax, USER_DATA
        mov     ds, eax                 ; kept in ring 3
next_program:
        mov     esi, [next]
        mov     eax, [esi]
        test    eax, eax
        jz      stop
        add     dword [next], 4
        mov     ebx, EFLAGS_FIXED
        jmp     to_program

; In: EAX = where the refused instruction is, EBX = the ring it ran in. It is
; told, and the next program has its turn.
ended:  push    ebx
        mov     esi, .at
        call    line
        pop     eax
        mov     esi, .ring
        call    line
        jmp     next_program
.at:    db      "refused at ", 0
.ring:  db      "in ring ", 0

        align   256
;@ role program halts
halts:  hlt
        align   16
;@ role program mutes
mutes:  cli
        align   16
;@ role program reads
reads:  mov     eax, cr0

;@ role kernel
; By #GP in a program: ring 0, interrupts off, on the stack that the TSS names.
; There: the error code, EIP, CS, EFLAGS, ESP, SS.
; Out: at `ended`, EAX = where the refused instruction is, EBX = the ring it ran
; in.
refused:
        jmp     stop                    ; write this

        section .data
        align   4
next:     dd    programs
programs: dd    halts, mutes, reads, 0
