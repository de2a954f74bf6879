; Events that the monitor injects: every type, what is pushed, and what their own delivery may run into.

%include "svm.inc"

%macro INJECT 2                         ; event, error code
        PUT     EVENT_INJECTION, %1
        PUT     EVENT_INJECTION + 4, %2
        call    enter
%endmacro

tests:  TEST    "interrupt 20h", two_nops
        PUT     GUEST_EFLAGS, 202h
        INJECT  EVENT_INTERRUPT | 20h, 0
        TEST    "interrupt with IF=0", two_nops
        INJECT  EVENT_INTERRUPT | 20h, 0
        TEST    "interrupt to CPL 3", two_nops
        call    user_guest
        PUT     GUEST_EFLAGS, 202h
        INJECT  EVENT_INTERRUPT | 20h, 0
        TEST    "interrupt in a shadow", two_nops
        PUT     GUEST_EFLAGS, 202h
        PUT     INTERRUPT_SHADOW, 1
        INJECT  EVENT_INTERRUPT | 20h, 0
        TEST    "NMI", two_nops
        INJECT  EVENT_NMI, 0
        TEST    "NMI, whose vector is of no matter", two_nops
        INJECT  1 << 31 | 2 << 8 | 20h, 0
        TEST    "#DE", two_nops
        INJECT  EVENT_EXCEPTION | 0, 0
        TEST    "#DB", two_nops
        INJECT  EVENT_EXCEPTION | 1, 0
        TEST    "#BP", two_nops
        INJECT  EVENT_EXCEPTION | 3, 0
        TEST    "#OF", two_nops
        INJECT  EVENT_EXCEPTION | 4, 0
        TEST    "#UD", two_nops
        INJECT  EVENT_EXCEPTION | 6, 0
        TEST    "#UD, RF set", two_nops
        PUT     GUEST_EFLAGS, 10002h
        INJECT  EVENT_EXCEPTION | 6, 0
        TEST    "#GP with an error code", two_nops
        INJECT  EVENT_EXCEPTION | EVENT_ERROR | 13, 7FF8h
        TEST    "#PF with an error code", two_nops
        INJECT  EVENT_EXCEPTION | EVENT_ERROR | 14, 7
        TEST    "#GP without an error code", two_nops
        INJECT  EVENT_EXCEPTION | 13, 0
        TEST    "INT 51h", two_nops
        INJECT  EVENT_INT | 51h, 0
        TEST    "INT 51h from CPL 3", two_nops
        call    user_guest
        INJECT  EVENT_INT | 51h, 0
        TEST    "INT 20h from CPL 3, gate of CPL 0", two_nops
        call    user_guest
        INTERCEPT INTERCEPT_EXCEPTIONS, 1 << 13
        INJECT  EVENT_INT | 20h, 0
        TEST    "interrupt 20h from CPL 3, gate of CPL 0", two_nops
        call    user_guest
        INJECT  EVENT_INTERRUPT | 20h, 0
        TEST    "type 1", two_nops
        INJECT  1 << 31 | 1 << 8 | 20h, 0
        TEST    "type 5", two_nops
        INJECT  1 << 31 | 5 << 8 | 20h, 0
        TEST    "exception 2", two_nops
        INJECT  EVENT_EXCEPTION | 2, 0
        TEST    "exception 32", two_nops
        INJECT  EVENT_EXCEPTION | 32, 0
        TEST    "#NP of the gate", two_nops
        INTERCEPT INTERCEPT_EXCEPTIONS, 1 << 11
        INJECT  EVENT_INTERRUPT | 50h, 0
        TEST    "#NP of the gate, to the guest", two_nops
        INJECT  EVENT_INTERRUPT | 50h, 0
        TEST    "#GP beyond the IDT, of an NMI", two_nops
        PUT     GUEST_IDTR + 4, 0
        INTERCEPT INTERCEPT_EXCEPTIONS, 1 << 13
        INJECT  EVENT_NMI, 0
        TEST    "#GP beyond the IDT, of #PF", two_nops
        PUT     GUEST_IDTR + 4, 0
        INTERCEPT INTERCEPT_EXCEPTIONS, 1 << 13 | 1 << 8
        INJECT  EVENT_EXCEPTION | EVENT_ERROR | 14, 2
        TEST    "#PF on the stack, of an interrupt", two_nops
        PUT     GUEST_ESP, 0C00010h
        INTERCEPT INTERCEPT_EXCEPTIONS, 1 << 14
        INJECT  EVENT_INTERRUPT | 20h, 0
        TEST    "an exception that is intercepted is delivered", two_nops
        INTERCEPT INTERCEPT_EXCEPTIONS, -1
        INJECT  EVENT_EXCEPTION | 6, 0
        TEST    "INT n that is intercepted is delivered", two_nops
        INTERCEPT INTERCEPT_3, INTERCEPT_INTN
        INJECT  EVENT_INT | 51h, 0
        TEST    "a task gate", two_nops
        INTERCEPT INTERCEPT_3, INTERCEPT_TASK
        INJECT  EVENT_INTERRUPT | 52h, 0
        TEST    "to virtual-8086 mode, interrupt", two_nops_16
        mov     eax, 200h
        call    vm86_guest
        INJECT  EVENT_INTERRUPT | 20h, 0
        TEST    "to virtual-8086 mode, INT 51h with IOPL 3", two_nops_16
        mov     eax, 3000h
        call    vm86_guest
        INJECT  EVENT_INT | 51h, 0
        TEST    "to real mode, interrupt", two_nops_16
        call    real_guest
        INJECT  EVENT_INTERRUPT | 20h, 0
        jmp     finish

        GUEST   two_nops
        nop
        nop
        vmmcall
        GUEST16 two_nops_16
        nop
        nop
        vmmcall
        HOST
