; A monitor counts the ticks of its clock. Beside it in ring 0 is a kernel that
; would like to have them. How it gets them is yours.

;@ role monitor
%include "demo/multiboot.inc"
%include "demo/kernel.inc"

main:   sti
.wait:  hlt
        cmp     dword [ticks], 2
        jb      .wait
        cli

;@ role kernel
; By the monitor's jump: ring 0, interrupts off, the monitor's tables in all
; registers.
guest:  call    take_clock
        sti
        mov     ecx, 6
.sleep: hlt
        loop    .sleep
        cli
        mov     esi, .his
        mov     eax, [ticks]
        call    line
        mov     esi, .mine
        mov     eax, [own_ticks]
        call    line
        jmp     stop
.his:   db      "the monitor's ticks ", 0
.mine:  db      "my ticks ", 0

; By the kernel: ring 0, interrupts off. Out: IRQ 0, vector 20h, leads to
; own_tick. `gate` writes a gate at EDI that leads to EAX.
take_clock:
        ret                             ; write this

; By IRQ 0: ring 0, interrupts off.
own_tick:
        push    eax
        inc     dword [own_ticks]
        mov     al, 20h
        out     20h, al                 ; 8259: end of interrupt
        pop     eax
        iret

        section .data
        align   8
own_idt: times 33 dq 0
own_idtr:
        dw      $ - own_idt - 1
        dd      own_idt
        align   4
own_ticks: dd   0
