; not yet: The kernel has the other six
        mov     edi, own_idt + 20h * 8
        mov     eax, own_tick
        call    gate
        ret
