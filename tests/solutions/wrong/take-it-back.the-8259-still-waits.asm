; not yet: The clock ticks again
        dec     dword [slice]
        jmp     slice_over
