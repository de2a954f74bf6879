; not yet: The unit calls the monitor
        cmp     byte [esi], 9Dh
        jne     .copy
        mov     byte [esi], 0FAh
.copy:  rep     movsb
