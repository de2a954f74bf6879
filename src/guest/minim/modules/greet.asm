; greet: the smallest module. It says in which ring it runs, and is done with.

        bits    32
%include "minim/module.inc"
        org     MODULE

;@ role kernel
; By a CALL in the kernel: ring 0, the page table of the process that asked for it,
; interrupts off. ESI = SERVICES.
greet:  mov     ebx, esi
        mov     esi, .text
        call    [ebx+SERVICES.print]
        mov     eax, cs
        and     al, 3
        add     al, "0"
        call    [ebx+SERVICES.put_char]
        mov     al, 10
        call    [ebx+SERVICES.put_char]
        xor     eax, eax                ; nothing of us is needed any more
        ret
.text:  db      "greet: a module, in ring ", 0
