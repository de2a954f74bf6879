; not yet: MOV from CS and POPF are sensitive, and do not trap
        mov     al, "P"
        cmp     dl, dh
        jb      .done
        mov     al, "I"
.done:  ret
