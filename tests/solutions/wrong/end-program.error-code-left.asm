; not yet: The kernel says where HLT is
        pop     eax
        pop     ebx
        and     ebx, 3
        jmp     ended
