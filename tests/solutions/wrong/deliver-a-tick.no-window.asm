; not yet: A guest that could not take it is left as soon as it can
.own:   mov     eax, ENTRY_EVENT
        vmread  ebx, eax
        test    ebx, ebx
        js      .later
        mov     eax, GUEST_EFLAGS
        vmread  ebx, eax
        test    ebx, EFLAGS_IF
        jz      .later
        mov     eax, GUEST_INTERRUPTIBILITY
        vmread  ebx, eax
        test    bl, 11b
        jnz     .later
        call    vpic_acknowledge
        or      eax, EVENT_VALID
        mov     ebx, ENTRY_EVENT
        vmwrite ebx, eax
.later: jmp     resume_now
