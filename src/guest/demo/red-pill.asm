; The red pill: a program in ring 3 asks where the interrupt descriptor table is. SIDT is
; allowed in every ring, so no monitor is asked. On the bare machine, and in a virtual
; machine that has an IDTR of its own, the answer is its kernel's table. Where programs run
; directly on a processor whose IDTR is the monitor's, the answer is the monitor's.
;
;       nasm -f bin -I src/guest/ -o red-pill.bin src/guest/demo/red-pill.asm

;@ role kernel
%include "demo/multiboot.inc"
%include "demo/kernel.inc"
%include "demo/ring-3.inc"

main:
;@ goal a way back
        mov     edi, idt + 13 * 8
        mov     eax, back
        call    gate
;@ goal become a program
        mov     eax, program
        mov     ebx, EFLAGS_IF + EFLAGS_FIXED
        jmp     to_program

;@ role program pill
; By the kernel's IRET: ring 3, interrupts on.
program:
;@ goal where is the IDT?
        mov     eax, USER_DATA
        mov     ds, eax
.asks:  sidt    [table]                 ; no privilege is asked for
        hlt                             ; but here

;@ role kernel
; By the #GP of HLT in ring 3: ring 0, interrupts off.
back:   mov     eax, DATA
        mov     ds, eax
        mov     esi, .text
        mov     eax, [table+2]
        call    line
        mov     esi, .own
        cmp     dword [table+2], idt
        je      .tell
        mov     esi, .other
.tell:  call    print
        jmp     stop
.text:  db      "SIDT in ring 3: ", 0
.own:   db      "My own. I cannot tell.", 10, 0
.other: db      "Not mine. Somebody is below me.", 10, 0

        section .data
        align   4
table:  dd      0, 0
