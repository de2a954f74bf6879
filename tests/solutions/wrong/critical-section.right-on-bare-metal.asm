; not yet: No tick comes inside
        pushf
        pop     edx
        mov     ebx, edx
        and     edx, ~EFLAGS_IF
        or      edx, eax
        push    edx
        popf
        mov     eax, ebx
        and     eax, EFLAGS_IF
        ret
