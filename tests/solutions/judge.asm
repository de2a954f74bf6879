        mov     al, "P"
        cmp     dl, dh
        jb      .done
        mov     al, "S"
        cmp     ebx, ecx
        jne     .done
        mov     al, "I"
.done:  ret
