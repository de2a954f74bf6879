; The rings nobody uses: a driver in ring 1, reached through a call gate, and a conforming
; library, which runs in whatever ring calls it. What 1982 had in mind.
;
;       nasm -f bin -I src/guest/ -o rings.bin src/guest/demo/rings.asm

;@ role kernel
%include "demo/multiboot.inc"
%include "demo/kernel.inc"
%include "demo/ring-3.inc"

DRIVER_CODE     equ 30h + 1
DRIVER_DATA     equ 38h + 1
LIBRARY         equ 40h                 ; conforming, DPL 0
DRIVER          equ 48h + 3             ; the call gate, DPL 3

main:
;@ goal more segments, and ring 1's stack
        mov     esi, gdt
        mov     edi, rings_gdt
        mov     ecx, 12
        rep     movsd                   ; null, code, data, ring 3's, the TSS
        mov     eax, driver
        mov     [rings_gdt+48h], ax     ; into a gate: offset, selector, one parameter
        shr     eax, 16
        mov     [rings_gdt+4Eh], ax
        lgdt    [rings_gdtr]
        mov     dword [tss+12], driver_stack
        mov     dword [tss+16], DRIVER_DATA
        mov     edi, idt + 13 * 8
        mov     eax, refused
        call    gate
;@ goal become a program
        mov     eax, program
        mov     ebx, EFLAGS_FIXED
        jmp     to_program

;@ role program caller
; By the kernel's IRET: ring 3, interrupts off.
program:
;@ goal into ring 1, through the gate
        push    dword 21                ; for the driver
        call    DRIVER:0                ; the gate says where
        mov     ebx, eax
;@ goal into the library, in our own ring
        call    LIBRARY:library         ; conforming: nothing changes
;@ goal into ring 1, round the gate
        jmp     DRIVER_CODE:driver      ; without the gate: refused

;@ role program driver
; Through the call gate: ring 1, on ring 1's stack, the parameter copied there.
driver: mov     eax, [ss:esp+8]
        add     eax, eax
        retf    4                       ; back to ring 3, and its stack

;@ role program library
; By a far call from ring 3: still ring 3, although the segment's DPL is 0.
library:
        mov     ecx, cs                 ; its low bits are the caller's
        retf

;@ role kernel
; By #GP: ring 0, interrupts off.
refused:
        mov     edx, DATA
        mov     ds, edx
        mov     esi, .text
        mov     eax, ebx
        call    line
        mov     esi, .selector
        pop     eax                     ; the error code
        call    line
        jmp     stop
.text:  db      "the driver said ", 0
.selector: db   "refused: selector ", 0

        section .data
        align   8
rings_gdt:
        times 6 dq 0                    ; as in kernel.inc
        dq      00CFBB000000FFFFh       ; 30: code, ring 1
        dq      00CFB3000000FFFFh       ; 38: data, ring 1
        dq      00CF9F000000FFFFh       ; 40: code, conforming
        dw      0, DRIVER_CODE, 0EC01h, 0       ; 48: call gate, DPL 3, one parameter
rings_gdtr:
        dw      $ - rings_gdt - 1
        dd      rings_gdt
        align   16
        times 64 dd 0
driver_stack:
