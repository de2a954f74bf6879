; not yet: The guest goes on to load CR3
        mov     dword [esp+28], 1
        mov     dword [esp+16], "Ring"
        mov     dword [esp+20], "Minu"
        mov     dword [esp+24], "sOne"
        popa
        vmresume
        jmp     entry_refused
