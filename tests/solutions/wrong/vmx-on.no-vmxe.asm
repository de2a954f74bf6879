; not yet: The monitor believes in it
        call    vmx_revision
        push    dword 0
        push    edi
        vmxon   [esp]
        lea     esp, [esp+8]
