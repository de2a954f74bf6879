; A program writes to the serial port by itself, because its kernel lets it: two
; ports, and no other. How one is allowed, is yours.

;@ role kernel
%include "demo/multiboot.inc"
%include "demo/kernel.inc"
%include "demo/ring-3.inc"

main:
;@ goal a TSS with a bitmap: no ports
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
        mov     edi, idt + 1Fh * 8
        mov     eax, finished
        call    gate_for_programs
;@ goal two ports for the program
        mov     edx, COM1
        call    allow
        mov     edx, COM1 + 5
        call    allow
        mov     eax, USER_DATA
        mov     ds, eax                 ; kept in ring 3
        mov     eax, program
        mov     ebx, EFLAGS_FIXED
        jmp     to_program

; In: EDX = a port. Out: its bit of the bitmap is 0, and every other bit is as
; it was.
allow:
        ret                             ; write this

; By #GP in the program: ring 0, interrupts off. It is counted, and the program
; goes on behind the IN or OUT, which is one byte long.
refused:
        add     esp, 4                  ; the error code
        inc     dword [refusals]
        cmp     dword [refusals], 100
        ja      finished
        inc     dword [esp]
        iret

; By INT 1Fh in the program.
finished:
        mov     esi, .text
        mov     eax, [refusals]
        call    line
        jmp     stop
.text:  db      "refused ", 0

;@ role program speaker
; By the kernel's IRET: ring 3, IOPL 0. It says where it is, and then tries
; eight ports.
program:
        mov     esi, .text
.wait:  mov     edx, COM1 + 5
        in      al, dx
        test    al, 20h                 ; room for one?
        jz      .wait
        lodsb
        mov     edx, COM1
        out     dx, al
        cmp     al, 10
        jne     .wait
        mov     al, 0
.next:  out     dx, al
        inc     edx
        cmp     edx, COM1 + 8
        jb      .next
        int     1Fh
.text:  db      "this is ring 3", 10

        section .data
        align   4
refusals: dd    0
port_tss:
        times 25 dd 0
        dw      0, 104                  ; the bitmap begins at byte 104
bitmap: times 128 db 0FFh               ; ports 000h to 3FFh: no
        db      0FFh                    ; the end
port_tss_end:
