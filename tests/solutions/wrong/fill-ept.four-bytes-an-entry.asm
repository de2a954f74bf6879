; not yet: The guest's first instructions are found
.page:  mov     [eax], ecx
        add     eax, 4
        add     ecx, PAGE
        cmp     ecx, ebx
        ja      .done
        test    eax, PAGE - 1
        jnz     .page
        jmp     .table
