; not yet: The program finds nobody
        mov     eax, TSC_OFFSET
        vmread  ebx, eax
        mov     ecx, TSC_OFFSET + 1
        vmread  edx, ecx
        sub     ebx, 2200
        sbb     edx, 0
        vmwrite eax, ebx
        vmwrite ecx, edx
        jmp     skip
