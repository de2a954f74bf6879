; A port of one's own: a kernel lets a program in ring 3 use one port, by one bit of the TSS,
; and later all of them, by IOPL.
;
;       nasm -f bin -I src/guest/ -o ports.bin src/guest/demo/ports.asm

;@ role kernel
%include "demo/multiboot.inc"
%include "demo/kernel.inc"
%include "demo/ring-3.inc"

main:
;@ goal a TSS with a bitmap: port E9h, and no other
        mov     eax, port_tss
        mov     [gdt+TSS], word port_tss_end - port_tss - 1
        mov     [gdt+TSS+2], ax
        shr     eax, 16
        mov     [gdt+TSS+4], al
        mov     byte [gdt+TSS+5], 89h   ; available again
        mov     eax, TSS
        ltr     ax
        mov     dword [port_tss+4], stack_top
        mov     dword [port_tss+8], DATA
        mov     edi, idt + 13 * 8
        mov     eax, refused
        call    gate
;@ goal become a program with IOPL 0
        mov     eax, program
        mov     ebx, EFLAGS_FIXED
        jmp     to_program

;@ role program ports
; By the kernel's IRET: ring 3, IOPL 0. Each OUT here is two bytes long.
program:
;@ goal which ports are ours?
        mov     eax, "A"
        out     0E9h, al                ; its bit is 0
        out     0E8h, al                ; its bit is 1
        out     0E9h, eax               ; ports E9h to ECh: four bits
        out     0E8h, al                ; as before, but IOPL is now 3
        hlt                             ; IOPL is no help here

;@ role kernel
; By #GP in the program: ring 0, interrupts off. It counts, steps over the instruction, and
; after the second one gives the program all ports.
refused:
        add     esp, 4                  ; the error code
        inc     dword [ss:refusals]
        cmp     dword [ss:refusals], 2
        ja      .stop
        jb      .next
        or      dword [esp+8], EFLAGS_IOPL      ; of the program
.next:  add     dword [esp], 2
        iret
.stop:  mov     eax, DATA
        mov     ds, eax
        mov     esi, .text
        mov     eax, [refusals]
        call    line
        jmp     stop
.text:  db      "refused ", 0

        section .data
        align   4
refusals: dd    0
port_tss:
        times 25 dd 0
        dw      0, 104                  ; the bitmap begins at byte 104
        times 1Dh db 0FFh               ; ports 00h to E7h: no
        db      11111101b               ; E8h to EFh: E9h
        db      0FFh, 0FFh              ; F0h to F7h: no, and the end
port_tss_end:
