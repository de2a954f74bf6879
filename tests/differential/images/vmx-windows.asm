; When an exit waits: interrupts, NMIs, their windows, virtual NMIs, the preemption timer, HLT and shutdown.

%include "vmx.inc"

%macro WINDOW_TEST 4                    ; name, guest, EFLAGS, blocking
        TEST    %1, %2
        SET_BITS CPU_CONTROLS, CPU_INTERRUPT_WINDOW
        VMWRITE GUEST_EFLAGS, %3
        VMWRITE GUEST_INTERRUPTIBILITY, %4
        call    enter
%endmacro
%macro NMI_WINDOW 4                     ; name, guest, EFLAGS, blocking
        TEST    %1, %2
        SET_BITS PIN_CONTROLS, PIN_NMI | PIN_VIRTUAL_NMIS
        SET_BITS CPU_CONTROLS, CPU_NMI_WINDOW
        VMWRITE GUEST_EFLAGS, %3
        VMWRITE GUEST_INTERRUPTIBILITY, %4
        call    enter
%endmacro

tests:  WINDOW_TEST "window, IF=1", nops, 202h, 0
        WINDOW_TEST "window, IF=0", nops, 2, 0
        WINDOW_TEST "window, STI", sti_nops, 2, 0
        WINDOW_TEST "window, POPF", popf_nops, 2, 0
        WINDOW_TEST "window, STI, MOV SS", sti_mov_ss, 2, 0
        WINDOW_TEST "window, blocked by STI", nops, 202h, BLOCKING_STI
        WINDOW_TEST "window, blocked by MOV SS", nops, 202h, BLOCKING_MOV_SS
        WINDOW_TEST "window, IRET sets IF", iret_if, 2, 0
        WINDOW_TEST "window, blocked by NMI", nops, 202h, BLOCKING_NMI
        TEST    "window after an injected interrupt", nops
        SET_BITS CPU_CONTROLS, CPU_INTERRUPT_WINDOW
        VMWRITE GUEST_EFLAGS, 202h
        VMWRITE ENTRY_EVENT, EVENT_INTERRUPT | 20h
        call    enter

        TEST    "blocking as it is saved: STI", sti_cpuid
        call    enter
        TEST    "blocking as it is saved: MOV SS", mov_ss_cpuid
        call    enter
        TEST    "blocking as it is saved: POP SS", pop_ss_cpuid
        call    enter
        TEST    "blocking as it is saved: STI with IF=1", sti_cpuid
        VMWRITE GUEST_EFLAGS, 202h
        call    enter
        TEST    "blocking that an instruction has ended", nops_cpuid
        VMWRITE GUEST_EFLAGS, 202h
        VMWRITE GUEST_INTERRUPTIBILITY, BLOCKING_STI
        call    enter

        TEST    "NMI blocks NMIs", cpuid_iret
        VMWRITE ENTRY_EVENT, EVENT_NMI
        mov     edi, GUEST_IDT + 2 * 8
        mov     eax, cpuid_iret
        call    interrupt_gate
        call    enter
        call    skip
        VMWRITE ENTRY_EVENT, 0
        call    enter

        NMI_WINDOW "NMI window", nops, 2, 0
        NMI_WINDOW "NMI window, blocked by NMI", nops, 2, BLOCKING_NMI
        NMI_WINDOW "NMI window, blocked until IRET", iret_if, 2, BLOCKING_NMI
        NMI_WINDOW "NMI window, blocked by MOV SS", nops, 2, BLOCKING_MOV_SS
        NMI_WINDOW "NMI window, blocked by STI", nops, 202h, BLOCKING_STI
        NMI_WINDOW "NMI window, MOV SS", mov_ss_nops, 2, BLOCKING_NMI
        TEST    "NMI window after an injected NMI", nops
        SET_BITS PIN_CONTROLS, PIN_NMI | PIN_VIRTUAL_NMIS
        SET_BITS CPU_CONTROLS, CPU_NMI_WINDOW
        VMWRITE ENTRY_EVENT, EVENT_NMI
        call    enter
        TEST    "virtual NMI blocks virtual NMIs", nops
        SET_BITS PIN_CONTROLS, PIN_NMI | PIN_VIRTUAL_NMIS
        VMWRITE ENTRY_EVENT, EVENT_NMI
        call    enter
        TEST    "virtual NMI injected while blocked", nops
        SET_BITS PIN_CONTROLS, PIN_NMI | PIN_VIRTUAL_NMIS
        VMWRITE GUEST_INTERRUPTIBILITY, BLOCKING_NMI
        VMWRITE ENTRY_EVENT, EVENT_NMI
        call    enter
        TEST    "IRET that faults ends the blocking all the same", iret_bad
        SET_BITS PIN_CONTROLS, PIN_NMI | PIN_VIRTUAL_NMIS
        VMWRITE GUEST_INTERRUPTIBILITY, BLOCKING_NMI
        VMWRITE EXCEPTION_BITMAP, 1 << 13
        call    enter
        TEST    "both windows", nops
        SET_BITS PIN_CONTROLS, PIN_NMI | PIN_VIRTUAL_NMIS
        SET_BITS CPU_CONTROLS, CPU_NMI_WINDOW | CPU_INTERRUPT_WINDOW
        VMWRITE GUEST_EFLAGS, 202h
        call    enter

        TEST    "timer 0", nops
        SET_BITS PIN_CONTROLS, PIN_TIMER
        VMWRITE TIMER, 0
        call    enter
        TEST    "timer 0 while STI blocks", nops
        SET_BITS PIN_CONTROLS, PIN_TIMER
        VMWRITE TIMER, 0
        VMWRITE GUEST_EFLAGS, 202h
        VMWRITE GUEST_INTERRUPTIBILITY, BLOCKING_STI
        call    enter
        TEST    "timer ends a loop", spin
        SET_BITS PIN_CONTROLS, PIN_TIMER
        VMWRITE TIMER, 100
        call    enter
        TEST    "timer that does not end", nops
        SET_BITS PIN_CONTROLS, PIN_TIMER
        VMWRITE TIMER, 7FFFFFFFh
        call    enter
        TEST    "timer 0 and an injected interrupt", nops
        SET_BITS PIN_CONTROLS, PIN_TIMER
        VMWRITE TIMER, 0
        VMWRITE GUEST_EFLAGS, 202h
        VMWRITE ENTRY_EVENT, EVENT_INTERRUPT | 20h
        call    enter
        TEST    "timer 0 and a window", nops
        SET_BITS PIN_CONTROLS, PIN_TIMER
        SET_BITS CPU_CONTROLS, CPU_INTERRUPT_WINDOW
        VMWRITE TIMER, 0
        VMWRITE GUEST_EFLAGS, 202h
        call    enter
        TEST    "timer 0 and a pending single step", nops
        SET_BITS PIN_CONTROLS, PIN_TIMER
        VMWRITE EXCEPTION_BITMAP, 2
        VMWRITE TIMER, 0
        VMWRITE GUEST_PENDING_DEBUG, 1 << 14
        VMWRITE GUEST_EFLAGS, 102h
        call    enter
        TEST    "timer, saved as 0 at its own exit", spin
        SET_BITS PIN_CONTROLS, PIN_TIMER
        SET_BITS EXIT_CONTROLS, EXIT_SAVE_TIMER
        VMWRITE TIMER, 100
        call    enter
        call    print_timer

        call    irq_pending
        TEST    "interrupt, not exiting, IF=1", nops
        call    enter_if
        call    irq_done

        call    irq_pending
        TEST    "interrupt exits, IF=1", nops
        SET_BITS PIN_CONTROLS, PIN_EXTERNAL_INTERRUPT
        call    enter_if
        TEST    "interrupt exits, IF=1, blocked by STI", nops
        SET_BITS PIN_CONTROLS, PIN_EXTERNAL_INTERRUPT
        VMWRITE GUEST_INTERRUPTIBILITY, BLOCKING_STI
        call    enter_if
        TEST    "interrupt exits, HLT", nops
        SET_BITS PIN_CONTROLS, PIN_EXTERNAL_INTERRUPT
        VMWRITE GUEST_ACTIVITY, ACTIVITY_HLT
        call    enter_if
        TEST    "interrupt exits, and a window", nops
        SET_BITS PIN_CONTROLS, PIN_EXTERNAL_INTERRUPT
        SET_BITS CPU_CONTROLS, CPU_INTERRUPT_WINDOW
        call    enter_if
        TEST    "interrupt exits, after an injected one", nops
        SET_BITS PIN_CONTROLS, PIN_EXTERNAL_INTERRUPT
        VMWRITE ENTRY_EVENT, EVENT_INTERRUPT | 51h
        call    enter_if
        TEST    "interrupt exits, and is acknowledged", nops
        SET_BITS PIN_CONTROLS, PIN_EXTERNAL_INTERRUPT
        SET_BITS EXIT_CONTROLS, EXIT_ACKNOWLEDGE
        call    enter_if
        call    irq_done

        TEST    "HLT exits", hlt_cpuid
        SET_BITS CPU_CONTROLS, CPU_HLT
        call    enter
        TEST    "triple fault while the timer runs", undefined
        VMWRITE GUEST_IDTR_LIMIT, 0
        call    enter
        TEST    "a pending single step, to the handler", nops
        VMWRITE GUEST_PENDING_DEBUG, 1 << 14
        call    enter
        TEST    "a pending single step and MOV SS", nops
        VMWRITE GUEST_PENDING_DEBUG, 1 << 14
        VMWRITE GUEST_EFLAGS, 102h
        VMWRITE GUEST_INTERRUPTIBILITY, BLOCKING_MOV_SS
        VMWRITE EXCEPTION_BITMAP, 2
        call    enter
        TEST    "a pending breakpoint that DR7 has", nops
        VMWRITE GUEST_PENDING_DEBUG, 1 << 12 | 1
        VMWRITE EXCEPTION_BITMAP, 2
        call    enter
        TEST    "a single step held back by MOV SS at an exit", mov_ss_cpuid
        VMWRITE GUEST_EFLAGS, 102h
        call    enter
        TEST    "timer ends HLT", hlt_cpuid
        SET_BITS PIN_CONTROLS, PIN_TIMER
        VMWRITE TIMER, 1000
        call    enter
        TEST    "timer ends a HLT it was entered in", nops
        SET_BITS PIN_CONTROLS, PIN_TIMER
        VMWRITE GUEST_ACTIVITY, ACTIVITY_HLT
        VMWRITE TIMER, 1000
        call    enter
        ; Should the window not end the HLT, the timer will.
        TEST    "window, STI, HLT", sti_hlt
        SET_BITS PIN_CONTROLS, PIN_TIMER
        SET_BITS CPU_CONTROLS, CPU_INTERRUPT_WINDOW
        VMWRITE TIMER, 1000
        call    enter
        TEST    "NMI window in HLT", nops
        SET_BITS PIN_CONTROLS, PIN_NMI | PIN_VIRTUAL_NMIS | PIN_TIMER
        SET_BITS CPU_CONTROLS, CPU_NMI_WINDOW
        VMWRITE GUEST_ACTIVITY, ACTIVITY_HLT
        VMWRITE TIMER, 1000
        call    enter
        jmp     finish

enter_if:
        VMWRITE GUEST_EFLAGS, 202h
        jmp     enter

print_timer:
        call    print_name
        PRINT   "timer "
        VMREAD  TIMER
        call    print_hex
        jmp     print_line

        GUEST   nops
        nop
        nop
        nop
        vmcall
        GUEST   nops_cpuid
        nop
        cpuid
        vmcall
        GUEST   sti_nops
        sti
        nop
        nop
        vmcall
        GUEST   sti_mov_ss
        mov     eax, ss
        sti
        mov     ss, eax
        nop
        nop
        vmcall
        GUEST   sti_hlt
        sti
        hlt
        vmcall
        GUEST   sti_cpuid
        sti
        cpuid
        vmcall
        GUEST   mov_ss_cpuid
        mov     eax, ss
        mov     ss, eax
        cpuid
        vmcall
        GUEST   pop_ss_cpuid
        push    ss
        pop     ss
        cpuid
        vmcall
        GUEST   mov_ss_nops
        mov     eax, ss
        mov     ss, eax
        nop
        nop
        vmcall
        GUEST   popf_nops
        push    dword 202h
        popfd
        nop
        vmcall
        GUEST   iret_if
        push    dword 202h
        push    dword CODE0
        push    dword .there
        iretd
.there: nop
        vmcall
        GUEST   iret_bad
        push    dword 2
        push    dword 1234h
        push    dword 0
        iretd
        GUEST   cpuid_iret
        cpuid
        vmcall
        GUEST   hlt_cpuid
        nop
        hlt
        cpuid
        vmcall
        GUEST   spin
        jmp     spin
        GUEST   undefined
        ud2
        HOST
