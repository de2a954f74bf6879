; not yet: The instruction runs again, in ring 3
        test    byte [esp], PRESENT
        jnz     .ends
        mov     eax, cr2
        shr     eax, 12
        or      dword [TABLE+eax*4], USER + WRITABLE + PRESENT
        add     esp, 4
        iret
.ends:  pop     eax
        jmp     ended
