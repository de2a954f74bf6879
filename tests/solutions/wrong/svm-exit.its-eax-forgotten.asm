; not yet: Both machines run
        pusha
        mov     ebp, [vm]
        mov     dword [ebp+VMCB.tlb_control], 0
        mov     ebx, [ebp+VMCB.exit_code]
