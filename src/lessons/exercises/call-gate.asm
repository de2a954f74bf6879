; A driver in ring 1 adds two numbers for a program in ring 3. The door between
; them, a call gate, is yours.

;@ role kernel
%include "demo/multiboot.inc"
%include "demo/kernel.inc"
%include "demo/ring-3.inc"
%include "demo/ring-1.inc"

DOOR            equ FREE + 3

main:   call    ring_1_setup
        mov     edi, larger_gdt + FREE
        mov     eax, driver
        call    door
        mov     eax, USER_DATA
        mov     ds, eax                 ; kept in ring 3
        mov     eax, program
        mov     ebx, EFLAGS_FIXED
        jmp     to_program

; By the kernel: ring 0. In: EDI = an empty descriptor, EAX = where the gate
; leads.
; Out: a call gate to that place in RING_1_CODE, which ring 3 may use, with two
; parameters.
door:
        ret                             ; write this

;@ role program driver
; Through the call gate: ring 1, on ring 1's stack. The parameters are copied
; there, above the way back.
driver: mov     eax, [ss:esp+8]
        add     eax, [ss:esp+12]
        retf    8                       ; back to ring 3, and its stack

;@ role program caller
program:
        push    dword 40
        push    dword 2
        call    DOOR:0                  ; the gate says where
        hlt                             ; not allowed: the kernel stops the machine
