; not yet: The tick goes through the guest's own gate
.own:   call    vpic_acknowledge
        or      eax, EVENT_VALID
        mov     ebx, ENTRY_EVENT
        vmwrite ebx, eax
        jmp     resume_now
