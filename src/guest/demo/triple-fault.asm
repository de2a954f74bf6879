; A triple fault: an exception without a handler, another while delivering it, and
; another while delivering that. The processor gives up and shuts down; on a real PC
; the board would now pull its RESET line.
;
;       nasm -f bin -I src/guest/ -o triple-fault.bin src/guest/demo/triple-fault.asm

        bits    32
        org     100000h

%include "vmm/lib/cpu.inc"

CODE            equ 08h                 ; selectors
DATA            equ 10h
BREAKPOINT      equ 3                   ; the one vector with a gate

        section .text
;@ role kernel
; By the loader: ring 0, paging off, interrupts off, flat segments of an unknown GDT,
; no stack.
start:
;@ goal segments, gates and a stack
        lgdt    [gdtr]
        jmp     CODE:.flat
.flat:  mov     eax, DATA
        mov     ds, eax
        mov     es, eax
        mov     ss, eax
        mov     esp, stack_top
        lidt    [idtr]

;@ goal an exception with a handler
        mov     esi, .works
        call    print
        int3                            ; vector 3: it has a gate

;@ goal an exception without one
        mov     esi, .fails
        call    print
        xor     ecx, ecx
        div     ecx                     ; vector 0: its gate is empty,
        hlt                             ; and so is the double fault's
.works: db      "int3: ", 0
.fails: db      "div by 0: ", 0

; By INT3, through gate 3: ring 0, the same stack, interrupts off.
breakpoint:
        mov     esi, .text
        call    print
        iret
.text:  db      "handled", 10, 0

; In: ESI = text, ended by 0.
print:  mov     dx, 3F8h                ; COM1
.next:  lodsb
        test    al, al
        jz      .done
        out     dx, al
        jmp     .next
.done:  ret

        align   8
gdt:    dq      0
        dq      00CF9B000000FFFFh       ; 08: code
        dq      00CF93000000FFFFh       ; 10: data
gdtr:   dw      $ - gdt - 1
        dd      gdt

BREAKPOINT_AT   equ breakpoint - $$ + 100000h

        align   8
idt:    times BREAKPOINT dq 0           ; not present
        dw      BREAKPOINT_AT & 0FFFFh, CODE, 8E00h, BREAKPOINT_AT >> 16
        times 32 - BREAKPOINT - 1 dq 0  ; not present
idtr:   dw      $ - idt - 1
        dd      idt

        align   16
        times 64 dd 0
stack_top:
