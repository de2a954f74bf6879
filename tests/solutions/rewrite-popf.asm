        cmp     byte [esi], 9Dh
        jne     .copy
        mov     word [edi], 30CDh
        add     edi, 2
        inc     esi
        ret
.copy:  rep     movsb
