; not yet: After the last one comes the first
.next:  add     ebp, VM_BLOCK
        cmp     dword [ebp+VM.state], HALTED
        jb      switch_vm
        loop    .next
