; Task switches: every way to ask for one leaves the guest, what is wrong with the TSS before that does not.

%include "vmx.inc"

tests:  TEST    "CALL to a TSS", call_tss
        call    enter
        TEST    "JMP to a TSS", jmp_tss
        call    enter
        TEST    "CALL through a task gate", call_gate
        call    enter
        TEST    "JMP through a task gate", jmp_gate
        call    enter
        TEST    "CALL through a pointer in memory", call_memory
        call    enter
        TEST    "IRET with NT", iret_nt
        mov     dword [GUEST_TSS], OTHER_SELECTOR
        mov     byte [gdt.other+5], 8Bh
        VMWRITE GUEST_EFLAGS, 4002h
        call    enter
        TEST    "IRET with NT, TSS not busy", iret_nt
        mov     dword [GUEST_TSS], OTHER_SELECTOR
        VMWRITE GUEST_EFLAGS, 4002h
        VMWRITE EXCEPTION_BITMAP, -1
        call    enter
        TEST    "IRET with NT, null link", iret_nt
        VMWRITE GUEST_EFLAGS, 4002h
        VMWRITE EXCEPTION_BITMAP, -1
        call    enter
        TEST    "INT n through a task gate", int_52
        call    enter
        TEST    "#UD through a task gate", undefined
        mov     dword [GUEST_IDT+6*8], OTHER_SELECTOR << 16
        mov     word [GUEST_IDT+6*8+4], 8500h
        call    enter
        TEST    "#GP through a task gate", bad_selector
        mov     dword [GUEST_IDT+13*8], OTHER_SELECTOR << 16
        mov     word [GUEST_IDT+13*8+4], 8500h
        call    enter
        TEST    "INT3 through a task gate", int3
        mov     dword [GUEST_IDT+3*8], OTHER_SELECTOR << 16
        mov     word [GUEST_IDT+3*8+4], 0E500h
        call    enter
        TEST    "#DF through a task gate", undefined
        mov     byte [GUEST_IDT+6*8+5], 0Eh
        mov     byte [GUEST_IDT+11*8+5], 0Eh
        mov     dword [GUEST_IDT+8*8], OTHER_SELECTOR << 16
        mov     word [GUEST_IDT+8*8+4], 8500h
        call    enter
        TEST    "CALL to a busy TSS", call_tss
        mov     byte [gdt.other+5], 8Bh
        VMWRITE EXCEPTION_BITMAP, -1
        call    enter
        TEST    "JMP to the task itself", jmp_self
        VMWRITE EXCEPTION_BITMAP, -1
        call    enter
        TEST    "CALL to a TSS that is not present", call_absent
        VMWRITE EXCEPTION_BITMAP, -1
        call    enter
        TEST    "CALL to a TSS too short", call_tss
        mov     word [gdt.other], 66h
        VMWRITE EXCEPTION_BITMAP, -1
        call    enter
        mov     word [gdt.other], 87h
        TEST    "CALL to a TSS at CPL 3", call_tss
        call    user_guest
        VMWRITE EXCEPTION_BITMAP, -1
        call    enter
        TEST    "CALL to a TSS of DPL 3 at CPL 3", call_tss
        mov     byte [gdt.other+5], 0E9h
        call    user_guest
        VMWRITE EXCEPTION_BITMAP, -1
        call    enter
        TEST    "INT n at CPL 3 through a task gate", int_52
        call    user_guest
        VMWRITE EXCEPTION_BITMAP, -1
        call    enter
        TEST    "INT n at CPL 3 through a task gate of DPL 0", int_52
        mov     byte [GUEST_IDT+52h*8+5], 85h
        call    user_guest
        VMWRITE EXCEPTION_BITMAP, -1
        call    enter
        TEST    "task gate to a data segment", int_52
        mov     word [GUEST_IDT+52h*8+2], DATA0
        VMWRITE EXCEPTION_BITMAP, -1
        call    enter
        TEST    "the TSS after all this", call_tss
        call    enter
        call    print_name
        PRINT   "busy "
        mov     al, [gdt.other+5]
        call    print_hex2
        PRINT   " saved eip "
        mov     eax, [GUEST_TSS+20h]
        call    print_hex
        call    print_line
        TEST    "virtual-8086: INT n through a task gate, IOPL 3", int_52_16
        mov     eax, 3000h
        call    vm86_guest
        VMWRITE EXCEPTION_BITMAP, -1
        call    enter
        TEST    "virtual-8086: INT n, IOPL 0", int_52_16
        mov     eax, 0
        call    vm86_guest
        VMWRITE EXCEPTION_BITMAP, -1
        call    enter
        jmp     finish

        GUEST   call_tss
        call    OTHER_SELECTOR:0
        vmcall
        GUEST   jmp_tss
        jmp     OTHER_SELECTOR:0
        GUEST   call_gate
        call    TASK_GATE:0
        vmcall
        GUEST   jmp_gate
        jmp     TASK_GATE:0
        GUEST   call_memory
        mov     word [DATA+4], OTHER_SELECTOR
        call    far [DATA]
        vmcall
        GUEST   call_absent
        call    ABSENT_TSS:0
        vmcall
        GUEST   jmp_self
        jmp     TSS_SELECTOR:0
        GUEST   iret_nt
        iretd
        vmcall
        GUEST   int_52
        int     52h
        vmcall
        GUEST   int3
        int3
        vmcall
        GUEST   undefined
        ud2
        vmcall
        GUEST   bad_selector
        mov     eax, 1234h
        mov     ds, eax
        vmcall
        GUEST16 int_52_16
        int     52h
        vmcall
        HOST
