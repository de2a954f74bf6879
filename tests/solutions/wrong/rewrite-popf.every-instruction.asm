; not yet: The MOV is as it was
        mov     word [edi], 30CDh
        add     edi, 2
        add     esi, ecx
