        mov     edi, own_idt + 20h * 8
        mov     eax, own_tick
        call    gate
        lidt    [own_idtr]
        ret
