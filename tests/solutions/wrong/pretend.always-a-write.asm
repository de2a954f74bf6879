; not yet: It reads back what it wrote
        add     esp, 4
        mov     [guest_cr3], eax
        add     dword [esp], 3
        iret
