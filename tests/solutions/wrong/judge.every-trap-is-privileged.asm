; not yet: What traps in every ring is not privileged
        mov     al, "P"
        test    dh, dh
        jnz     .done
        mov     al, "S"
        cmp     ebx, ecx
        jne     .done
        mov     al, "I"
.done:  ret
