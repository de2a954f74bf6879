; not yet: The processor has the monitor's directory in CR3
        mov     eax, GUEST_CR3
        vmwrite eax, edx
        jmp     skip
