; not yet: The guest still goes round ten times
        mov     byte [ebx], 0E9h
        sub     eax, ebx
        mov     [ebx+1], eax
        ret
