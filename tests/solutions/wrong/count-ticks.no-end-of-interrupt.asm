; not yet: A second tick comes
        inc     dword [count]
        iret
