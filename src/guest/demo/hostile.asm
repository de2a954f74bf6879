; A kernel that means no good: it tries to reach whatever is not its own, and at last keeps
; the processor for itself. On the bare machine all of it works, and that is the end. A
; monitor has to stand it, and so has the other virtual machine.
;
;       nasm -f bin -I src/guest/ -o hostile.bin src/guest/demo/hostile.asm

;@ role kernel
%include "demo/multiboot.inc"
%include "demo/kernel.inc"

THEIRS          equ 0FFD00000h          ; where a monitor in ring 0 would be
OURS            equ LARGE + USER + WRITABLE + PRESENT   ; 4 MiB from physical 0

main:
;@ goal faults lead to the next attack
        mov     edi, idt + 12 * 8
        mov     eax, refused
        call    gate
        mov     eax, refused
        call    gate

;@ goal page tables of its own: every address is mapped
        mov     edi, directory
        mov     ecx, 1024
        mov     eax, OURS
        rep     stosd                   ; our first 4 MiB, again and again
        mov     eax, cr4
        or      eax, CR4_PSE
        mov     cr4, eax
        mov     eax, directory
        mov     cr3, eax
        mov     eax, cr0
        or      eax, CR0_PG
        mov     cr0, eax
        mov     esi, .tables
        call    print

;@ goal write where the monitor is
        mov     dword [next], .to_stack
        mov     dword [THEIRS], 0
        mov     esi, .written
        call    print
.to_stack:
        mov     dword [next], .to_string
        mov     esp, THEIRS + 0A000h
        push    eax
        mov     esp, stack_top
        mov     esi, .written
        call    print
.to_string:
        mov     dword [next], .to_segment
        mov     edi, THEIRS + 0B000h
        mov     ecx, 1024
        xor     eax, eax
        rep     stosd
        mov     esi, .written
        call    print

;@ goal a segment of its own that reaches there
.to_segment:
        mov     dword [next], .ports
        mov     word [gdt+18h], 0FFFFh
        mov     dword [gdt+18h+2], 0D00000h
        mov     byte [gdt+18h+5], 93h
        mov     byte [gdt+18h+6], 0CFh
        mov     byte [gdt+18h+7], 0FFh
        lgdt    [gdtr]
        mov     eax, 18h
        mov     es, eax
        mov     dword [es:0], 0
        mov     esi, .written
        call    print

;@ goal every port below the console's
.ports: mov     eax, DATA
        mov     es, eax
        xor     edx, edx
.port:  mov     al, 0
        out     dx, al
        inc     edx
        cmp     edx, COM1
        jb      .port
        mov     esi, .ports_done
        call    print

;@ goal keep the processor
        mov     esi, .spins
        call    print
        lidt    [nothing]
        cli
.spin:  jmp     .spin

.tables:        db "page tables: own", 10, 0
.written:       db "written where it is not ours", 10, 0
.ports_done:    db "ports: written", 10, 0
.spins:         db "interrupts off, for ever", 10, 0

; By a fault of an attack: ring 0, interrupts off, perhaps without a stack. On to the next.
refused:
        mov     esp, stack_top
        mov     esi, .text
        call    print
        jmp     [next]
.text:  db      "refused", 10, 0

        section .data
        align   4
next:   dd      0
nothing: dd     0, 0

        section .bss align=4096
directory: resb PAGE
