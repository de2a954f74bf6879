; A program in ring 3 asks its kernel for a sum. The gate is there; what stands behind it is
; yours.

;@ role kernel
%include "demo/multiboot.inc"
%include "demo/kernel.inc"
%include "demo/ring-3.inc"

main:   mov     edi, idt + 1Fh * 8
        mov     eax, system_call
        call    gate_for_programs       ; INT 1Fh
        mov     eax, USER_DATA
        mov     ds, eax                 ; kept in ring 3
        mov     eax, program
        mov     ebx, EFLAGS_FIXED
        jmp     to_program

; By INT 1Fh in the program: ring 0, interrupts off, on the stack that the TSS names.
; In: EAX, EBX = two numbers. Out: ring 3 behind the INT, EAX = their sum, EBX as it was.
system_call:
        jmp     stop                    ; write this

;@ role program adder
program:
        mov     eax, 40
        mov     ebx, 2
        int     1Fh
        hlt                             ; not allowed: the kernel stops the machine
