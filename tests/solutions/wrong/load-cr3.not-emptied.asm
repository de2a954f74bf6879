; not yet: The tables are empty: the next two pages are missing at once
        mov     [ebp+VM.cr3], edx
        jmp     skip
