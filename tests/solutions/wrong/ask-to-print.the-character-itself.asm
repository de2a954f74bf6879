; not yet: The kernel says its name, and goes on to its disk
        movzx   ecx, al
        mov     eax, HYPER_CONSOLE
        mov     ebx, CONSOLE_WRITE
        mov     edx, 1
        int     HYPER
