; Task switches: intercepted with their information, and carried out in the guest when they are not.

%include "svm.inc"

%macro TASK_TEST 2
        TEST    %1, %2
        INTERCEPT INTERCEPT_3, INTERCEPT_TASK
%endmacro

tests:  TASK_TEST "CALL to a TSS", call_tss
        call    enter
        TASK_TEST "JMP to a TSS", jmp_tss
        call    enter
        TASK_TEST "CALL through a task gate", call_gate
        call    enter
        TASK_TEST "IRET with NT", iret_nt
        mov     dword [GUEST_TSS], OTHER_SELECTOR
        mov     byte [gdt.other+5], 8Bh
        PUT     GUEST_EFLAGS, 4002h
        call    enter
        TASK_TEST "INT n through a task gate", int_52
        call    enter
        TASK_TEST "#UD through a task gate", undefined
        mov     dword [GUEST_IDT+6*8], OTHER_SELECTOR << 16
        mov     word [GUEST_IDT+6*8+4], 8500h
        call    enter
        TASK_TEST "#GP through a task gate", bad_selector
        mov     dword [GUEST_IDT+13*8], OTHER_SELECTOR << 16
        mov     word [GUEST_IDT+13*8+4], 8500h
        call    enter
        TASK_TEST "CALL to a busy TSS", call_tss
        mov     byte [gdt.other+5], 8Bh
        INTERCEPT INTERCEPT_EXCEPTIONS, -1
        call    enter
        TASK_TEST "CALL to a TSS that is not present", call_absent
        INTERCEPT INTERCEPT_EXCEPTIONS, -1
        call    enter
        TASK_TEST "CALL to a TSS at CPL 3", call_tss
        call    user_guest
        INTERCEPT INTERCEPT_EXCEPTIONS, -1
        call    enter
        TASK_TEST "INT n at CPL 3 through a task gate", int_52
        call    user_guest
        INTERCEPT INTERCEPT_EXCEPTIONS, -1
        call    enter

        TEST    "carried out: CALL", call_tss
        call    enter
        call    print_tasks
        TEST    "carried out: JMP", jmp_tss
        call    enter
        call    print_tasks
        TEST    "carried out: CALL, and IRET back", call_tss
        mov     dword [OTHER_TSS+20h], iret_nt
        call    enter
        call    print_tasks
        TEST    "carried out: INT n", int_52
        call    enter
        call    print_tasks
        TEST    "carried out: #GP, with its error code", bad_selector
        mov     dword [GUEST_IDT+13*8], OTHER_SELECTOR << 16
        mov     word [GUEST_IDT+13*8+4], 8500h
        call    enter
        TEST    "carried out: to CPL 3", call_tss
        mov     byte [OTHER_TSS+4Ch], CODE3
        mov     dword [OTHER_TSS+48h], DATA3
        mov     dword [OTHER_TSS+50h], DATA3
        mov     dword [OTHER_TSS+54h], DATA3
        mov     dword [OTHER_TSS+58h], DATA3
        mov     dword [OTHER_TSS+5Ch], DATA3
        call    enter
        TEST    "carried out: a null SS in the new TSS", call_tss
        mov     dword [OTHER_TSS+50h], 0
        INTERCEPT INTERCEPT_EXCEPTIONS, -1
        call    enter
        TEST    "carried out: CR3 of the new TSS, intercepted", call_tss
        INTERCEPT INTERCEPT_CR_WRITE, 1 << 3
        call    enter
        jmp     finish

print_tasks:
        call    print_name
        PRINT   "tr "
        mov     ax, [VMCB+GUEST_TR]
        call    print_hex4
        PRINT   " busy "
        mov     al, [gdt.tss+5]
        call    print_hex2
        PRINT   " "
        mov     al, [gdt.other+5]
        call    print_hex2
        PRINT   " link "
        mov     ax, [OTHER_TSS]
        call    print_hex4
        PRINT   " saved "
        mov     eax, [GUEST_TSS+20h]
        call    print_place
        jmp     print_line

        GUEST   call_tss
        call    OTHER_SELECTOR:0
        vmmcall
        GUEST   jmp_tss
        jmp     OTHER_SELECTOR:0
        GUEST   call_gate
        call    TASK_GATE:0
        vmmcall
        GUEST   call_absent
        call    ABSENT_TSS:0
        vmmcall
        GUEST   iret_nt
        iretd
        vmmcall
        GUEST   int_52
        int     52h
        vmmcall
        GUEST   undefined
        ud2
        vmmcall
        GUEST   bad_selector
        mov     eax, 1234h
        mov     ds, eax
        vmmcall
        HOST
