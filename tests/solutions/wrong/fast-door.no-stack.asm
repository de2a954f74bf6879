; not yet: It arrives on the kernel's stack
        xor     edx, edx
        mov     ecx, SYSENTER_CS
        mov     eax, CODE
        wrmsr
        mov     ecx, SYSENTER_EIP
        mov     eax, asked
        wrmsr
        ret
