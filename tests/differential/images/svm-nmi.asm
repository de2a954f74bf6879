; Non-maskable interrupts: to the guest or out of it, blocked until IRET.

%include "svm.inc"
%include "nmi.inc"

tests:  call    apic_on
        NMI_TEST "to the guest", send
        call    enter
        NMI_TEST "to the guest, one more waits for IRET", send_twice
        call    enter
        SKIP    3
        call    enter
        SKIP    3
        call    enter
        NMI_TEST "out of the guest", send
        INTERCEPT INTERCEPT_3, INTERCEPT_NMI
        call    enter
        call    print_nmis
        NMI_TEST "out of the guest, IF=1", send
        PUT     GUEST_EFLAGS, 202h
        INTERCEPT INTERCEPT_3, INTERCEPT_NMI
        call    enter
        call    print_nmis
        NMI_TEST "beyond the IDT", send
        PUT     GUEST_IDTR + 4, 0
        INTERCEPT INTERCEPT_EXCEPTIONS, 1 << 13
        call    enter
        call    print_nmis
        jmp     finish
