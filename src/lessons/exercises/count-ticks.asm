; A kernel sleeps until the clock has struck three times. The handler of the clock is yours.

;@ role kernel
%include "demo/multiboot.inc"
%include "demo/kernel.inc"

main:   mov     edi, idt + 20h * 8
        mov     eax, on_tick
        call    gate                    ; IRQ 0
        xor     ebx, ebx                ; someone uses EBX here
        sti
.sleep: hlt
        cmp     dword [count], 3
        jb      .sleep
        cli
        mov     esi, .text
        mov     eax, [count]
        call    line
        jmp     stop
.text:  db      "ticks ", 0

; By IRQ 0: ring 0, interrupts off, in the middle of anything.
; Out: [count] is one more, all registers are as they were, the next tick can come.
on_tick:
        iret                            ; write this

        section .data
        align   4
count:  dd      0
