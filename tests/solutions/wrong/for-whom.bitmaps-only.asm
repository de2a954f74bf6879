; not yet: The inner one is woken, and reads why
        mov     ecx, [edi+IN12(CPU_CONTROLS)]
        test    ecx, CPU_IO_BITMAPS
        jnz     .bitmaps
        jmp     exit_io
