; Three million instructions on registers alone: no memory, no ring but 0.
%include "demo/bench.inc"

name:   db      "compute ", 0

bench:  mov     ecx, 500000
        mov     eax, 1
.next:  imul    eax, eax, 69069         ; a random number
        add     eax, 1
        mov     ebx, eax
        shr     ebx, 7
        xor     eax, ebx
        loop    .next
        ret
image_end:
