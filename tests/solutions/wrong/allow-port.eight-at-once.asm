; not yet: Six of the eight ports are refused
        shr     edx, 3
        mov     byte [bitmap+edx], 0
        ret
