        mov     byte [ebx], 0E9h
        sub     eax, ebx
        sub     eax, 5
        mov     [ebx+1], eax
        ret
