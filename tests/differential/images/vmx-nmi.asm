; Non-maskable interrupts: to the guest or out of it, blocked until IRET, virtual or not.

%include "vmx.inc"
%include "nmi.inc"

tests:  call    apic_on
        NMI_TEST "to the guest", send
        call    enter
        NMI_TEST "to the guest, IF=1", send
        VMWRITE GUEST_EFLAGS, 202h
        call    enter
        NMI_TEST "to the guest, one more waits for IRET", send_twice
        call    enter
        call    skip
        call    enter
        call    skip
        call    enter
        NMI_TEST "out of the guest", send
        SET_BITS PIN_CONTROLS, PIN_NMI
        call    enter
        NMI_TEST "out of the guest, and none reaches the host", send
        SET_BITS PIN_CONTROLS, PIN_NMI
        call    enter
        call    print_nmis
        NMI_TEST "to a task gate", send
        mov     dword [GUEST_IDT+2*8], OTHER_SELECTOR << 16
        mov     word [GUEST_IDT+2*8+4], 8500h
        call    enter
        NMI_TEST "beyond the IDT", send
        VMWRITE GUEST_IDTR_LIMIT, 0
        VMWRITE EXCEPTION_BITMAP, 1 << 13
        call    enter
        NMI_TEST "blocked until IRET", send_iret
        VMWRITE GUEST_INTERRUPTIBILITY, BLOCKING_NMI
        call    enter
        NMI_TEST "out of the guest, though virtual NMIs are blocked", send
        SET_BITS PIN_CONTROLS, PIN_NMI | PIN_VIRTUAL_NMIS
        VMWRITE GUEST_INTERRUPTIBILITY, BLOCKING_NMI
        call    enter
        call    print_nmis
        jmp     finish
