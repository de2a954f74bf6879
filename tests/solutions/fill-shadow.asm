        mov     ecx, [GUEST_TABLE+eax*4]
        test    cl, PRESENT
        jz      hand_on
        add     ecx, GUEST_MEMORY
        mov     [SHADOW+eax*4], ecx
        iret
