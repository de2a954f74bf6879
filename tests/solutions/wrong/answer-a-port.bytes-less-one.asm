; not yet: VM 1 has read its directory and a program, and the program runs
        mov     edx, ebx
        shr     edx, 16
        mov     ecx, ebx
        and     ecx, 7
        test    bl, 10h
        jnz     .string
        test    bl, 8
        jnz     .in
        mov     eax, [esp+EAX_]
        call    port_out
        jmp     skip
.in:    call    port_in_register
        jmp     skip
