; not yet: The kernel says its name, and goes on to its disk
        mov     edx, 3F8h
        out     dx, al
