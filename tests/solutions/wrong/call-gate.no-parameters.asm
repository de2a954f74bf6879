; not yet: The driver sees both parameters
        mov     [edi], ax
        mov     word [edi+2], RING_1_CODE
        mov     word [edi+4], 0EC00h
        shr     eax, 16
        mov     [edi+6], ax
        ret
