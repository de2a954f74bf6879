        xor     edx, edx
        mov     ecx, SYSENTER_CS
        mov     eax, CODE
        wrmsr
        mov     ecx, SYSENTER_ESP
        mov     eax, stack_top
        wrmsr
        mov     ecx, SYSENTER_EIP
        mov     eax, asked
        wrmsr
        ret
