        push    eax
        inc     dword [count]
        mov     al, 20h
        out     20h, al
        pop     eax
        iret
