; Exceptions of the guest: each intercepted, then to the guest; faults while an event is delivered; shutdown.

%include "svm.inc"

%macro EXCEPTION 3                      ; name, guest, EFLAGS
        TEST    %1, %2
        PUT     GUEST_EFLAGS, %3
        call    both_ways
%endmacro

tests:  EXCEPTION "#DE", divide, 2
        EXCEPTION "#DB, single step", two_nops, 102h
        EXCEPTION "#DB, INT1", int1, 2
        EXCEPTION "#BP", int3, 2
        EXCEPTION "#OF", overflow, 802h
        EXCEPTION "#BR", bounds, 2
        EXCEPTION "#UD", undefined, 2
        EXCEPTION "#NP, of a segment", absent, 2
        EXCEPTION "#NP, of a gate", int_absent, 2
        EXCEPTION "#GP, null selector", null_segment, 2
        EXCEPTION "#GP, selector beyond the table", bad_selector, 2
        EXCEPTION "#GP, beyond the IDT", int_beyond, 2
        EXCEPTION "#PF, read", read_hole, 2
        call    print_cr2
        EXCEPTION "#PF, write", write_hole, 2
        EXCEPTION "#PF, fetch", fetch_hole, 2
        TEST    "#PF that exits leaves CR2", read_hole
        PUT     GUEST_CR2, 12345678h
        INTERCEPT INTERCEPT_EXCEPTIONS, 1 << 14
        call    enter
        call    print_cr2
        TEST    "#SS", stack_limit
        SEGMENT GUEST_SS, DATA0, 0, 10FFFFh, 0C93h
        call    both_ways
        TEST    "#NM, FNOP with TS", device
        PUT     GUEST_CR0, 80000039h
        call    both_ways
        TEST    "#NM, FNOP with EM", device
        PUT     GUEST_CR0, 80000035h
        call    both_ways
        TEST    "WAIT with TS and not MP", wait_only
        PUT     GUEST_CR0, 80000039h
        call    both_ways
        TEST    "#NM, WAIT with TS and MP", wait_only
        PUT     GUEST_CR0, 8000003Bh
        call    both_ways
        TEST    "#AC", misaligned
        PUT     GUEST_CR0, 80040031h
        PUT     GUEST_EFLAGS, 40002h
        call    user_guest
        call    both_ways
        TEST    "#DB, MOV SS holds a single step back", mov_ss
        PUT     GUEST_EFLAGS, 102h
        call    both_ways
        TEST    "#UD at CPL 3", undefined
        call    user_guest
        call    both_ways
        TEST    "#GP of INT n at CPL 3", int_20
        call    user_guest
        call    both_ways
        TEST    "#PF at CPL 3", read_hole
        call    user_guest
        call    both_ways
        TEST    "#PF at CPL 3, page of the system", read_window
        mov     dword [WINDOW_TABLE], FREE | 3
        call    user_guest
        call    both_ways
        TEST    "INT1, its own intercept", int1
        INTERCEPT INTERCEPT_4, INTERCEPT_ICEBP
        INTERCEPT INTERCEPT_EXCEPTIONS, -1
        call    enter

        TEST    "#DF instead of #GP in #UD", undefined
        PUT     GUEST_IDTR + 4, 0
        INTERCEPT INTERCEPT_EXCEPTIONS, 1 << 8
        call    enter
        TEST    "#GP while #UD is delivered", undefined
        PUT     GUEST_IDTR + 4, 0
        INTERCEPT INTERCEPT_EXCEPTIONS, 1 << 13
        call    enter
        TEST    "#NP while INT n is delivered", int_absent
        INTERCEPT INTERCEPT_EXCEPTIONS, 1 << 11
        call    enter
        TEST    "#GP while INT3 is delivered", int3
        PUT     GUEST_IDTR + 4, 7
        INTERCEPT INTERCEPT_EXCEPTIONS, 1 << 13
        call    enter
        TEST    "#GP while INTO is delivered", overflow
        PUT     GUEST_EFLAGS, 802h
        PUT     GUEST_IDTR + 4, 7
        INTERCEPT INTERCEPT_EXCEPTIONS, 1 << 13
        call    enter
        TEST    "#PF while #GP is delivered", bad_selector
        PUT     GUEST_ESP, 0C00000h
        INTERCEPT INTERCEPT_EXCEPTIONS, 1 << 14
        call    enter
        TEST    "#PF while #PF is delivered", read_hole
        PUT     GUEST_ESP, 0C00000h
        INTERCEPT INTERCEPT_EXCEPTIONS, 1 << 8
        call    enter
        TEST    "#TS while INT n is delivered to CPL 0", int_51
        mov     dword [GUEST_TSS+8], 0
        call    user_guest
        INTERCEPT INTERCEPT_EXCEPTIONS, 1 << 10
        call    enter
        TEST    "shutdown", undefined
        PUT     GUEST_IDTR + 4, 0
        call    enter
        jmp     finish

; First the exception exits, then it goes to the guest's handler.
both_ways:
        mov     dword [VMCB+INTERCEPT_EXCEPTIONS], -1
        call    enter
        mov     dword [VMCB+INTERCEPT_EXCEPTIONS], 0
        jmp     enter


print_cr2:
        call    print_name
        PRINT   "cr2 "
        mov     eax, [VMCB+GUEST_CR2]
        call    print_hex
        jmp     print_line

        GUEST   divide
        nop
        div     byte [DATA]
        vmmcall
        GUEST   two_nops
        nop
        nop
        vmmcall
        GUEST   int1
        nop
        db      0F1h
        vmmcall
        GUEST   int3
        nop
        int3
        vmmcall
        GUEST   overflow
        into
        vmmcall
        GUEST   bounds
        mov     eax, 9
        bound   eax, [DATA]
        vmmcall
        GUEST   undefined
        nop
        ud2
        vmmcall
        GUEST   absent
        mov     eax, ABSENT_DATA
        mov     ds, eax
        vmmcall
        GUEST   int_absent
        int     50h
        vmmcall
        GUEST   int_20
        int     20h
        vmmcall
        GUEST   int_51
        int     51h
        vmmcall
        GUEST   stack_limit
        mov     ebp, 110000h
        mov     eax, [ebp]
        vmmcall
        GUEST   null_segment
        mov     eax, 0
        mov     ds, eax
        mov     eax, [DATA]
        vmmcall
        GUEST   bad_selector
        mov     eax, 1234h
        mov     ds, eax
        vmmcall
        GUEST   int_beyond
        lidt    [.short]
        int     50h
        vmmcall
.short: dw      27Fh
        dd      GUEST_IDT
        GUEST   read_hole
        mov     eax, [0C00123h]
        vmmcall
        GUEST   write_hole
        mov     [0C00124h], eax
        vmmcall
        GUEST   fetch_hole
        mov     eax, 0C00125h
        jmp     eax
        GUEST   read_window
        mov     eax, [WINDOW+8]
        vmmcall
        GUEST   device
        db      0D9h, 0D0h              ; FNOP
        vmmcall
        GUEST   wait_only
        wait
        vmmcall
        GUEST   misaligned
        mov     eax, [DATA+1]
        vmmcall
        GUEST   mov_ss
        mov     eax, ss
        mov     ss, eax
        nop
        nop
        vmmcall
        HOST
