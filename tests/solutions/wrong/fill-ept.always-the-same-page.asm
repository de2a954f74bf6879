; not yet: The guest's first instructions are found
.page:  mov     [eax], ecx
        add     eax, 8
        test    eax, PAGE - 1
        jnz     .page
        jmp     .done
