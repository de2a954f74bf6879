        pop     eax                     ; the error code
        pop     eax
        pop     ebx
        and     ebx, 3
        jmp     ended
