; not yet: The kernel's name is on its console
        mov     edx, ebx
        shr     edx, 16
        mov     ecx, ebx
        and     ecx, 7
        inc     ecx
        test    bl, 10h
        jnz     .string
        test    bl, 8
        jz      .in
        mov     eax, [esp+EAX_]
        call    port_out
        jmp     skip
.in:    call    port_in_register
        jmp     skip
