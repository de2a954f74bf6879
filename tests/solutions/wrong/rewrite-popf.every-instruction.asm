; not yet: The MOV is as it was
        mov     word [edi], 31CDh
        add     edi, 2
        add     esi, ecx
