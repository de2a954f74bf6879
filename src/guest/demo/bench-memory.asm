; Loads and stores on 512 pages, at addresses that jump about: TLB misses, page walks,
; and under a monitor with shadow tables the faults that fill them.
%include "demo/bench.inc"

name:   db      "memory ", 0

FIELD           equ 400000h             ; 2 MiB of it

bench:  mov     ecx, 200000
        xor     eax, eax
        mov     ebx, 1
.next:  imul    ebx, ebx, 69069         ; a random number
        add     ebx, 1
        mov     edx, ebx
        shr     edx, 11
        and     edx, 1FFFFCh            ; somewhere in the field
        add     eax, [FIELD+edx]
        inc     dword [FIELD+edx]
        loop    .next
        ret
image_end:
