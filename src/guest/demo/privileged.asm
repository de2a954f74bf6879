; A kernel that keeps to instructions which trap: whatever of it is sensitive is privileged
; as well. Trap and emulate is enough for it.
;
; It never asks for a segment register, for flags, for a table's address, never leaves ring 0,
; and turns interrupts on and off with STI and CLI alone.
;
;       nasm -f bin -I src/guest/ -o privileged.bin src/guest/demo/privileged.asm

;@ role kernel
%include "demo/multiboot.inc"
%include "demo/kernel.inc"

main:
;@ goal the control registers
        mov     eax, cr0
        mov     esi, .cr0
        call    line
        mov     eax, 123000h
        mov     cr3, eax
        mov     eax, cr3
        mov     esi, .cr3
        call    line

;@ goal ten ticks, asleep in between
        mov     edi, 0
.next:  sti
        hlt
        cli
        inc     edi
        cmp     [ticks], edi
        jb      .next                   ; woken, but by what?
        mov     eax, edi
        mov     esi, .tick
        call    line
        cmp     edi, 10
        jb      .next

;@ goal none while interrupts are off
        mov     eax, [ticks]
        mov     ecx, 200000
.wait:  dec     ecx
        jnz     .wait
        sub     eax, [ticks]
        mov     esi, .off
        call    line

;@ goal an exception of its own
        ud2

.cr0:   db      "CR0 ", 0
.cr3:   db      "CR3 ", 0
.tick:  db      "tick ", 0
.off:   db      "off, ticks ", 0
