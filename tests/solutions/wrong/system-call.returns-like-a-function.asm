; not yet: The program goes on in ring 3
        add     eax, ebx
        ret
