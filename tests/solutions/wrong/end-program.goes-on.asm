; not yet: The second program runs
        pop     eax
        inc     dword [esp]             ; over the HLT, and again into what comes next
        iret
