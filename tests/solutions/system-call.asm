        add     eax, ebx
        iret
