; not yet: No tick comes inside
        pushf
        pop     ebx
        and     ebx, EFLAGS_IF
        test    eax, eax
        mov     eax, ebx
        jz      .off
        sti
        ret
.off:   cli
        ret
