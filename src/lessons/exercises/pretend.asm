; The smallest monitor that traps and emulates, and a kernel in ring 1 that
; loads CR3. What the monitor does in its place is yours.

;@ role monitor
%include "demo/multiboot.inc"
%include "demo/kernel.inc"
%include "demo/ring-3.inc"
%include "demo/ring-1.inc"

main:   call    ring_1_setup
        mov     edi, idt + 13 * 8
        mov     eax, refused
        call    gate
        mov     edi, idt + 1Fh * 8
        mov     eax, finished
        call    gate_for_programs
        mov     eax, guest
        mov     ebx, EFLAGS_FIXED
        jmp     to_ring_1

; By INT 1Fh in the guest. In: EAX = what it reads from its CR3.
finished:
        mov     esi, .read
        call    line
        mov     eax, cr3
        mov     esi, .real
        call    line
        jmp     stop
.read:  db      "the guest reads ", 0
.real:  db      "the processor's ", 0

;@ role kernel
guest:  mov     eax, 123000h
        mov     cr3, eax                ; 0Fh 22h D8h
        mov     eax, 0
        mov     eax, cr3                ; 0Fh 20h D8h
        int     1Fh

;@ role monitor
; By #GP in the guest: ring 0, interrupts off. On the stack: the error code,
; EIP, CS, EFLAGS, ESP, SS. The registers are the guest's. It has executed one
; of its two instructions.
; Out: what was asked, done to [guest_cr3]; ring 1, behind the instruction.
refused:
        jmp     stop                    ; write this

        section .data
        align   4
guest_cr3: dd   0
