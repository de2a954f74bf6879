; not yet: The guest reads its own memory
        mov     ecx, [GUEST_TABLE+eax*4]
        test    cl, PRESENT
        jz      hand_on
        mov     [SHADOW+eax*4], ecx
        iret
