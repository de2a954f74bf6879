        test    byte [esp], PRESENT
        jnz     .ends
        push    eax
        mov     eax, cr2
        shr     eax, 12
        or      dword [TABLE+eax*4], USER + WRITABLE + PRESENT
        pop     eax
        add     esp, 4
        iret
.ends:  pop     eax
        jmp     ended
