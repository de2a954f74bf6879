; not yet: A guest runs
        mov     eax, cr4
        or      eax, CR4_VMXE
        mov     cr4, eax
        push    dword 0
        push    edi
        vmxon   [esp]
        lea     esp, [esp+8]
