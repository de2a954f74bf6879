; Events that the monitor injects at an entry: every type, what is pushed, and what their own delivery may run into.

%include "vmx.inc"

%macro INJECT 3                         ; event, error code, instruction length
        VMWRITE ENTRY_EVENT, %1
        VMWRITE ENTRY_ERROR_CODE, %2
        VMWRITE ENTRY_LENGTH, %3
        call    enter
%endmacro

tests:  TEST    "interrupt 20h", two_nops
        VMWRITE GUEST_EFLAGS, 202h
        INJECT  EVENT_INTERRUPT | 20h, 0, 0
        call    clear_event
        TEST    "interrupt FFh", two_nops
        VMWRITE GUEST_EFLAGS, 202h
        INJECT  EVENT_INTERRUPT | 0FFh, 0, 0
        TEST    "interrupt with IF=0", two_nops
        INJECT  EVENT_INTERRUPT | 20h, 0, 0
        TEST    "interrupt to CPL 3", two_nops
        call    user_guest
        VMWRITE GUEST_EFLAGS, 202h
        INJECT  EVENT_INTERRUPT | 20h, 0, 0
        TEST    "interrupt in HLT", two_nops
        VMWRITE GUEST_EFLAGS, 202h
        VMWRITE GUEST_ACTIVITY, ACTIVITY_HLT
        INJECT  EVENT_INTERRUPT | 20h, 0, 0
        TEST    "interrupt in shutdown", two_nops
        VMWRITE GUEST_EFLAGS, 202h
        VMWRITE GUEST_ACTIVITY, ACTIVITY_SHUTDOWN
        INJECT  EVENT_INTERRUPT | 20h, 0, 0
        TEST    "NMI in shutdown", two_nops
        VMWRITE GUEST_ACTIVITY, ACTIVITY_SHUTDOWN
        INJECT  EVENT_NMI, 0, 0
        TEST    "interrupt while STI blocks", two_nops
        VMWRITE GUEST_EFLAGS, 202h
        VMWRITE GUEST_INTERRUPTIBILITY, BLOCKING_STI
        INJECT  EVENT_INTERRUPT | 20h, 0, 0
        TEST    "interrupt while MOV SS blocks", two_nops
        VMWRITE GUEST_EFLAGS, 202h
        VMWRITE GUEST_INTERRUPTIBILITY, BLOCKING_MOV_SS
        INJECT  EVENT_INTERRUPT | 20h, 0, 0
        TEST    "#GP while MOV SS blocks", two_nops
        VMWRITE GUEST_INTERRUPTIBILITY, BLOCKING_MOV_SS
        INJECT  EVENT_EXCEPTION | EVENT_ERROR | 13, 1234h, 0
        TEST    "NMI", two_nops
        INJECT  EVENT_NMI, 0, 0
        TEST    "NMI of another vector", two_nops
        INJECT  EVENT_INTERRUPT | 2 << 8 | 3, 0, 0
        TEST    "NMI with an error code", two_nops
        INJECT  EVENT_NMI | EVENT_ERROR, 0, 0
        TEST    "#DE", two_nops
        INJECT  EVENT_EXCEPTION | 0, 0, 0
        TEST    "#DB", two_nops
        INJECT  EVENT_EXCEPTION | 1, 0, 0
        TEST    "#DB with TF", two_nops
        VMWRITE GUEST_EFLAGS, 102h
        INJECT  EVENT_EXCEPTION | 1, 0, 0
        TEST    "#UD", two_nops
        INJECT  EVENT_EXCEPTION | 6, 0, 0
        TEST    "#UD, RF set", two_nops
        VMWRITE GUEST_EFLAGS, 10002h
        INJECT  EVENT_EXCEPTION | 6, 0, 0
        TEST    "#GP with an error code", two_nops
        INJECT  EVENT_EXCEPTION | EVENT_ERROR | 13, 7FF8h, 0
        TEST    "#PF with an error code", two_nops
        INJECT  EVENT_EXCEPTION | EVENT_ERROR | 14, 7, 0
        TEST    "#DF with an error code", two_nops
        INJECT  EVENT_EXCEPTION | EVENT_ERROR | 8, 0, 0
        TEST    "#AC with an error code", two_nops
        INJECT  EVENT_EXCEPTION | EVENT_ERROR | 17, 0, 0
        TEST    "#GP without an error code", two_nops
        INJECT  EVENT_EXCEPTION | 13, 0, 0
        TEST    "#UD with an error code", two_nops
        INJECT  EVENT_EXCEPTION | EVENT_ERROR | 6, 0, 0
        TEST    "error code above 15 bits", two_nops
        INJECT  EVENT_EXCEPTION | EVENT_ERROR | 13, 18000h, 0
        TEST    "exception 32", two_nops
        INJECT  EVENT_EXCEPTION | 32, 0, 0
        TEST    "reserved bit of the event", two_nops
        INJECT  EVENT_EXCEPTION | 6 | 1 << 12, 0, 0
        TEST    "type 1", two_nops
        INJECT  EVENT_INTERRUPT | 1 << 8 | 20h, 0, 0
        TEST    "INT 51h", two_nops
        INJECT  EVENT_INT | 51h, 0, 2
        TEST    "INT 51h from CPL 3", two_nops
        call    user_guest
        INJECT  EVENT_INT | 51h, 0, 2
        TEST    "INT 20h from CPL 3, gate of CPL 0", two_nops
        call    user_guest
        VMWRITE EXCEPTION_BITMAP, 1 << 13
        INJECT  EVENT_INT | 20h, 0, 2
        TEST    "interrupt 20h from CPL 3, gate of CPL 0", two_nops
        call    user_guest
        VMWRITE GUEST_EFLAGS, 202h
        INJECT  EVENT_INTERRUPT | 20h, 0, 2
        TEST    "INT of length 16", two_nops
        INJECT  EVENT_INT | 51h, 0, 16
        TEST    "INT1, length 1", two_nops
        INJECT  EVENT_INT1 | 1, 0, 1
        TEST    "INT3, length 1", two_nops
        INJECT  EVENT_INT3 | 3, 0, 1
        TEST    "INTO, length 1", two_nops
        INJECT  EVENT_INT3 | 4, 0, 1
        TEST    "INT3 from CPL 3", two_nops
        call    user_guest
        INJECT  EVENT_INT3 | 3, 0, 1
        TEST    "a task gate", two_nops
        VMWRITE GUEST_EFLAGS, 202h
        INJECT  EVENT_INTERRUPT | 52h, 0, 0
        TEST    "INT n, a task gate", two_nops
        mov     byte [GUEST_IDT+52h*8+5], 0E5h
        INJECT  EVENT_INT | 52h, 0, 2
        TEST    "#NP of the gate", two_nops
        VMWRITE GUEST_EFLAGS, 202h
        VMWRITE EXCEPTION_BITMAP, 1 << 11
        INJECT  EVENT_INTERRUPT | 50h, 0, 0
        TEST    "#NP of the gate, to the guest", two_nops
        VMWRITE GUEST_EFLAGS, 202h
        INJECT  EVENT_INTERRUPT | 50h, 0, 0
        TEST    "#GP beyond the IDT, of an NMI", two_nops
        VMWRITE GUEST_IDTR_LIMIT, 0
        VMWRITE EXCEPTION_BITMAP, 1 << 13
        INJECT  EVENT_NMI, 0, 0
        TEST    "#GP beyond the IDT, of #PF", two_nops
        VMWRITE GUEST_IDTR_LIMIT, 0
        VMWRITE EXCEPTION_BITMAP, 1 << 13 | 1 << 8
        INJECT  EVENT_EXCEPTION | EVENT_ERROR | 14, 2, 0
        TEST    "#GP beyond the IDT, of #BP, length 1", two_nops
        VMWRITE GUEST_IDTR_LIMIT, 0
        VMWRITE EXCEPTION_BITMAP, 1 << 13
        INJECT  EVENT_INT3 | 3, 0, 1
        TEST    "#PF on the stack, of an interrupt", two_nops
        VMWRITE GUEST_EFLAGS, 202h
        VMWRITE GUEST_ESP, 0C00010h
        VMWRITE EXCEPTION_BITMAP, 1 << 14
        mov     dword [GUEST_TSS+4], 0C00000h
        INJECT  EVENT_INTERRUPT | 20h, 0, 0
        TEST    "#DF injected, beyond the IDT", two_nops
        VMWRITE GUEST_IDTR_LIMIT, 0
        INJECT  EVENT_EXCEPTION | EVENT_ERROR | 8, 0, 0
        TEST    "an exception that the bitmap intercepts is delivered", two_nops
        VMWRITE EXCEPTION_BITMAP, -1
        INJECT  EVENT_EXCEPTION | 6, 0, 0
        TEST    "to virtual-8086 mode, interrupt", two_nops_16
        mov     eax, 200h
        call    vm86_guest
        INJECT  EVENT_INTERRUPT | 20h, 0, 0
        TEST    "to virtual-8086 mode, INT 20h with IOPL 0", two_nops_16
        mov     eax, 0
        call    vm86_guest
        INJECT  EVENT_INT | 20h, 0, 2
        TEST    "to virtual-8086 mode, INT 51h with IOPL 3", two_nops_16
        mov     eax, 3000h
        call    vm86_guest
        INJECT  EVENT_INT | 51h, 0, 2
        jmp     finish

; Does the processor clear the valid bit of what it injected?
clear_event:
        call    print_name
        PRINT   "entry event "
        VMREAD  ENTRY_EVENT
        call    print_hex
        jmp     print_line

        GUEST   two_nops
        nop
        nop
        vmcall
        GUEST16 two_nops_16
        nop
        nop
        vmcall
        HOST
