; A program asks its kernel for a sum, by SYSENTER. What SYSENTER needs
; beforehand is yours.

;@ role kernel
%include "demo/multiboot.inc"
%include "demo/kernel.inc"
%include "demo/ring-3.inc"

SYSENTER_CS     equ 174h                ; model-specific registers
SYSENTER_ESP    equ 175h
SYSENTER_EIP    equ 176h

main:   mov     eax, USER_DATA
        mov     ds, eax                 ; kept in ring 3
        call    door_setup
        mov     eax, program
        mov     ebx, EFLAGS_FIXED
        jmp     to_program

; By the kernel: ring 0. Out: SYSENTER leads to `asked`, with CODE in CS, on the
; stack that begins at stack_top.
door_setup:
        ret                             ; write this

; By SYSENTER: ring 0, interrupts off. In: EAX, EBX = two numbers, ECX = the
; program's ESP, EDX = where it goes on. Out: ring 3, EAX = their sum.
asked:  add     eax, ebx
        sysexit

;@ role program adder
program:
        mov     eax, 40
        mov     ebx, 2
        mov     ecx, esp
        mov     edx, .back
        sysenter
.back:  hlt                             ; not allowed: the kernel stops the machine
