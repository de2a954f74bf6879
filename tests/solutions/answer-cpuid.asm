        mov     dword [esp+28], 1
        mov     dword [esp+16], "Ring"
        mov     dword [esp+20], "Minu"
        mov     dword [esp+24], "sOne"
        mov     eax, EXIT_LENGTH
        vmread  ecx, eax
        mov     eax, GUEST_EIP
        vmread  edx, eax
        add     edx, ecx
        vmwrite eax, edx
        popa
        vmresume
        jmp     entry_refused
