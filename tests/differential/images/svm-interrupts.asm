; Physical and virtual interrupts: what the guest takes, what leaves it first, shadows, and GIF.

%include "svm.inc"

; VIRTUAL name, guest, EFLAGS, control bits
%macro VIRTUAL 4
        TEST    %1, %2
        PUT     GUEST_EFLAGS, %3
        PUT     V_CONTROL, V_IRQ | (%4)
        PUT     V_VECTOR, 51h
        call    enter
%endmacro
%macro WINDOW_TEST 4
        TEST    %1, %2
        PUT     GUEST_EFLAGS, %3
        INTERCEPT INTERCEPT_3, INTERCEPT_VINTR
        PUT     V_CONTROL, V_IRQ | (%4)
        PUT     V_VECTOR, 51h
        call    enter
%endmacro

tests:  VIRTUAL "virtual interrupt, IF=1", nops, 202h, V_IGNORE_TPR
        VIRTUAL "virtual interrupt, IF=0", nops, 2, V_IGNORE_TPR
        VIRTUAL "virtual interrupt, STI", sti_nops, 2, V_IGNORE_TPR
        VIRTUAL "virtual interrupt, POPF", popf_nops, 2, V_IGNORE_TPR
        VIRTUAL "virtual interrupt, priority above the TPR", nops, 202h, 5 * V_PRIORITY | 4
        VIRTUAL "virtual interrupt, priority of the TPR", nops, 202h, 5 * V_PRIORITY | 5
        VIRTUAL "virtual interrupt, priority below the TPR", nops, 202h, 5 * V_PRIORITY | 6
        VIRTUAL "virtual interrupt, the TPR ignored", nops, 202h, V_IGNORE_TPR | 15
        VIRTUAL "virtual interrupt, masking", nops, 202h, V_IGNORE_TPR | V_INTR_MASKING
        VIRTUAL "virtual interrupt, masking, IF=0", nops, 2, V_IGNORE_TPR | V_INTR_MASKING
        TEST    "virtual interrupt in a shadow", nops
        PUT     GUEST_EFLAGS, 202h
        PUT     INTERRUPT_SHADOW, 1
        PUT     V_CONTROL, V_IRQ | V_IGNORE_TPR
        PUT     V_VECTOR, 51h
        call    enter
        TEST    "virtual interrupt after an injected event", nops
        PUT     GUEST_EFLAGS, 202h
        PUT     V_CONTROL, V_IRQ | V_IGNORE_TPR
        PUT     V_VECTOR, 51h
        PUT     EVENT_INJECTION, EVENT_EXCEPTION | 6
        call    enter
        WINDOW_TEST "window, IF=1", nops, 202h, V_IGNORE_TPR
        WINDOW_TEST "window, IF=0", nops, 2, V_IGNORE_TPR
        WINDOW_TEST "window, STI", sti_nops, 2, V_IGNORE_TPR
        WINDOW_TEST "window, IRET sets IF", iret_if, 2, V_IGNORE_TPR
        WINDOW_TEST "window, priority of the TPR", nops, 202h, 5 * V_PRIORITY | 5
        TEST    "window in a shadow", nops
        PUT     GUEST_EFLAGS, 202h
        PUT     INTERRUPT_SHADOW, 1
        INTERCEPT INTERCEPT_3, INTERCEPT_VINTR
        PUT     V_CONTROL, V_IRQ | V_IGNORE_TPR
        call    enter
        TEST    "window after an injected event", nops
        PUT     GUEST_EFLAGS, 202h
        INTERCEPT INTERCEPT_3, INTERCEPT_VINTR
        PUT     V_CONTROL, V_IRQ | V_IGNORE_TPR
        PUT     EVENT_INJECTION, EVENT_INTERRUPT | 20h
        call    enter
        TEST    "no window without V_IRQ", nops
        PUT     GUEST_EFLAGS, 202h
        INTERCEPT INTERCEPT_3, INTERCEPT_VINTR
        call    enter

        TEST    "shadow as it is saved: STI", sti_cpuid
        INTERCEPT INTERCEPT_3, INTERCEPT_CPUID
        call    enter
        TEST    "shadow as it is saved: MOV SS", mov_ss_cpuid
        INTERCEPT INTERCEPT_3, INTERCEPT_CPUID
        call    enter
        TEST    "shadow as it is saved: STI with IF=1", sti_cpuid
        PUT     GUEST_EFLAGS, 202h
        INTERCEPT INTERCEPT_3, INTERCEPT_CPUID
        call    enter
        TEST    "shadow that an instruction has ended", nop_cpuid
        PUT     INTERRUPT_SHADOW, 1
        INTERCEPT INTERCEPT_3, INTERCEPT_CPUID
        call    enter

        TEST    "STGI", set_gif
        INTERCEPT INTERCEPT_4, INTERCEPT_STGI
        call    enter
        TEST    "CLGI", clear_gif
        INTERCEPT INTERCEPT_4, INTERCEPT_CLGI
        call    enter

        call    irq_pending
        TEST    "interrupt, not exiting, IF=1", nops
        PUT     GUEST_EFLAGS, 202h
        call    enter
        call    irq_done
        call    irq_pending
        TEST    "interrupt exits, IF=1", nops
        PUT     GUEST_EFLAGS, 202h
        INTERCEPT INTERCEPT_3, INTERCEPT_INTR
        call    enter
        TEST    "interrupt exits, IF=0", nops
        INTERCEPT INTERCEPT_3, INTERCEPT_INTR
        call    enter
        TEST    "interrupt exits, STI", sti_nops
        INTERCEPT INTERCEPT_3, INTERCEPT_INTR
        call    enter
        TEST    "interrupt exits, in a shadow", nops
        PUT     GUEST_EFLAGS, 202h
        PUT     INTERRUPT_SHADOW, 1
        INTERCEPT INTERCEPT_3, INTERCEPT_INTR
        call    enter
        TEST    "interrupt exits, STI, HLT", sti_hlt
        INTERCEPT INTERCEPT_3, INTERCEPT_INTR
        call    enter
        TEST    "interrupt, masking, IF=1 in the guest alone", nops
        PUT     GUEST_EFLAGS, 202h
        INTERCEPT INTERCEPT_3, INTERCEPT_INTR
        PUT     V_CONTROL, V_INTR_MASKING
        call    enter
        TEST    "interrupt and a virtual one", nops
        PUT     GUEST_EFLAGS, 202h
        INTERCEPT INTERCEPT_3, INTERCEPT_INTR
        PUT     V_CONTROL, V_IRQ | V_IGNORE_TPR
        PUT     V_VECTOR, 51h
        call    enter
        TEST    "interrupt exits, after an injected event", nops
        PUT     GUEST_EFLAGS, 202h
        INTERCEPT INTERCEPT_3, INTERCEPT_INTR
        PUT     EVENT_INJECTION, EVENT_INTERRUPT | 51h
        call    enter
        call    irq_done
        ; Should the virtual interrupt not end the HLT, a physical one will.
        call    irq_soon
        TEST    "virtual interrupt ends HLT", sti_hlt
        INTERCEPT INTERCEPT_3, INTERCEPT_INTR
        PUT     V_CONTROL, V_IRQ | V_IGNORE_TPR
        PUT     V_VECTOR, 51h
        call    enter
        call    irq_done
        call    irq_soon
        TEST    "window, STI, HLT", sti_hlt
        INTERCEPT INTERCEPT_3, INTERCEPT_INTR | INTERCEPT_VINTR
        PUT     V_CONTROL, V_IRQ | V_IGNORE_TPR
        PUT     V_VECTOR, 51h
        call    enter
        call    irq_done
        jmp     finish

        GUEST   nops
        nop
        nop
        nop
        vmmcall
        GUEST   sti_nops
        sti
        nop
        nop
        vmmcall
        GUEST   popf_nops
        push    dword 202h
        popfd
        nop
        vmmcall
        GUEST   sti_hlt
        sti
        hlt
        vmmcall
        GUEST   iret_if
        push    dword 202h
        push    dword CODE0
        push    dword .there
        iretd
.there: nop
        vmmcall
        GUEST   sti_cpuid
        sti
        cpuid
        vmmcall
        GUEST   mov_ss_cpuid
        mov     eax, ss
        mov     ss, eax
        cpuid
        vmmcall
        GUEST   nop_cpuid
        nop
        cpuid
        vmmcall
        GUEST   set_gif
        stgi
        vmmcall
        GUEST   clear_gif
        clgi
        vmmcall
        HOST
