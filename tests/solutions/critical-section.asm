        xchg    eax, [asked]
        test    dword [asked], EFLAGS_IF
        jz      .off
        sti
        ret
.off:   cli
        ret
