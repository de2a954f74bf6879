; not yet: A write to the kernel's page ends it
        push    eax
        mov     eax, cr2
        shr     eax, 12
        or      dword [TABLE+eax*4], USER + WRITABLE + PRESENT
        pop     eax
        add     esp, 4
        iret
