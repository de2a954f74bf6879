; Exceptions of the guest: the exception bitmap, the error-code mask and match of #PF, faults while an event is delivered.

%include "vmx.inc"

%macro EXCEPTION 3                      ; name, guest, EFLAGS
        TEST    %1, %2
        VMWRITE GUEST_EFLAGS, %3
        call    both_ways
%endmacro
%macro PAGE_FAULTS 3                    ; bit 14 of the bitmap, mask, match
        VMWRITE EXCEPTION_BITMAP, %1 << 14
        VMWRITE PF_ERROR_MASK, %2
        VMWRITE PF_ERROR_MATCH, %3
        call    enter
        VMWRITE GUEST_EIP, [guest_start]
        VMWRITE GUEST_ESP, STACK
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
        EXCEPTION "#PF, write", write_hole, 2
        EXCEPTION "#PF, fetch", fetch_hole, 2

        TEST    "#SS", stack_limit
        SEGMENT 2, DATA0, 0, 10FFFFh, 0C093h
        call    both_ways
        TEST    "#NM, FNOP with TS", device
        VMWRITE GUEST_CR0, 80000039h
        call    both_ways
        TEST    "#NM, FNOP with EM", device
        VMWRITE GUEST_CR0, 80000035h
        call    both_ways
        TEST    "WAIT with TS and not MP", wait_only
        VMWRITE GUEST_CR0, 80000039h
        call    both_ways
        TEST    "#NM, WAIT with TS and MP", wait_only
        VMWRITE GUEST_CR0, 8000003Bh
        call    both_ways
        TEST    "#AC", misaligned
        VMWRITE GUEST_CR0, 80040031h
        VMWRITE GUEST_EFLAGS, 40002h
        call    user_guest
        call    both_ways
        TEST    "#DB, MOV SS holds a single step back", mov_ss
        VMWRITE GUEST_EFLAGS, 102h
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
        TEST    "#PF, reserved bit", read_window
        mov     dword [GUEST_PAGES+4], 600083h  ; bit 21 of a 4 MiB page
        call    both_ways

        TEST    "mask and match: read", read_hole
        PAGE_FAULTS 1, 0, 0
        PAGE_FAULTS 1, 2, 2
        PAGE_FAULTS 1, 2, 0
        PAGE_FAULTS 1, 0, 1
        PAGE_FAULTS 0, 0, 0
        PAGE_FAULTS 0, 2, 2
        PAGE_FAULTS 0, 0, -1
        PAGE_FAULTS 1, 0, -1
        TEST    "mask and match: write", write_hole
        PAGE_FAULTS 1, 2, 2
        PAGE_FAULTS 1, 2, 0
        PAGE_FAULTS 0, 2, 0
        PAGE_FAULTS 0, 7, 2
        PAGE_FAULTS 1, 7, 2
        TEST    "mask and match: user", read_hole
        call    user_guest
        PAGE_FAULTS 1, 4, 4
        VMWRITE GUEST_ESP, STACK3
        TEST    "mask and match: user again", read_hole
        call    user_guest
        PAGE_FAULTS 0, 4, 4

        TEST    "#DF instead of #GP in #UD", undefined
        VMWRITE GUEST_IDTR_LIMIT, 0
        VMWRITE EXCEPTION_BITMAP, 1 << 8
        call    enter
        TEST    "#GP while #UD is delivered", undefined
        VMWRITE GUEST_IDTR_LIMIT, 0
        VMWRITE EXCEPTION_BITMAP, 1 << 13
        call    enter
        TEST    "#GP while #DF is delivered", undefined
        VMWRITE GUEST_IDTR_LIMIT, 6 * 8 + 7
        mov     byte [GUEST_IDT+6*8+5], 0Eh
        VMWRITE EXCEPTION_BITMAP, 1 << 13
        call    enter
        TEST    "triple fault", undefined
        VMWRITE GUEST_IDTR_LIMIT, 0
        call    enter
        TEST    "#NP while INT n is delivered", int_absent
        VMWRITE EXCEPTION_BITMAP, 1 << 11
        call    enter
        TEST    "#GP while INT3 is delivered", int3
        VMWRITE GUEST_IDTR_LIMIT, 7
        VMWRITE EXCEPTION_BITMAP, 1 << 13
        call    enter
        TEST    "#GP while INTO is delivered", overflow
        VMWRITE GUEST_EFLAGS, 802h
        VMWRITE GUEST_IDTR_LIMIT, 7
        VMWRITE EXCEPTION_BITMAP, 1 << 13
        call    enter
        TEST    "#GP while INT1 is delivered", int1
        VMWRITE GUEST_IDTR_LIMIT, 7
        VMWRITE EXCEPTION_BITMAP, 1 << 13
        call    enter
        TEST    "#PF while #GP is delivered", null_segment
        VMWRITE GUEST_ESP, 0C00000h
        VMWRITE EXCEPTION_BITMAP, 1 << 14
        call    enter
        TEST    "#PF while #PF is delivered", read_hole
        VMWRITE GUEST_ESP, 0C00000h
        VMWRITE EXCEPTION_BITMAP, 1 << 8
        call    enter
        TEST    "#TS while INT n is delivered to CPL 0", int_51
        mov     dword [GUEST_TSS+8], 0
        call    user_guest
        VMWRITE EXCEPTION_BITMAP, 1 << 10
        call    enter
        jmp     finish

; First the exception exits, then it goes to the guest's handler.
both_ways:
        VMWRITE EXCEPTION_BITMAP, -1
        call    enter
        VMWRITE EXCEPTION_BITMAP, 0
        call    enter
        ret

        GUEST   divide
        nop
        div     byte [DATA]
        vmcall
        GUEST   two_nops
        nop
        nop
        vmcall
        GUEST   int1
        nop
        db      0F1h
        vmcall
        GUEST   int3
        nop
        int3
        vmcall
        GUEST   overflow
        into
        vmcall
        GUEST   bounds
        mov     eax, 9
        bound   eax, [DATA]
        vmcall
        GUEST   undefined
        nop
        ud2
        vmcall
        GUEST   absent
        mov     eax, ABSENT_DATA
        mov     ds, eax
        vmcall
        GUEST   int_absent
        int     50h
        vmcall
        GUEST   int_20
        int     20h
        vmcall
        GUEST   int_51
        int     51h
        vmcall
        GUEST   stack_limit
        mov     ebp, 110000h
        mov     eax, [ebp]
        vmcall
        GUEST   null_segment
        mov     eax, 0
        mov     ds, eax
        mov     eax, [DATA]
        vmcall
        GUEST   bad_selector
        mov     eax, 1234h
        mov     ds, eax
        vmcall
        GUEST   int_beyond
        lidt    [.short]
        int     50h
        vmcall
.short: dw      27Fh
        dd      GUEST_IDT
        GUEST   read_hole
        mov     eax, [0C00123h]
        vmcall
        GUEST   write_hole
        mov     [0C00124h], eax
        vmcall
        GUEST   fetch_hole
        mov     eax, 0C00125h
        jmp     eax
        GUEST   read_window
        mov     eax, [WINDOW+8]
        vmcall
        GUEST   device
        db      0D9h, 0D0h              ; FNOP
        vmcall
        GUEST   wait_only
        wait
        vmcall
        GUEST   misaligned
        mov     eax, [DATA+1]
        vmcall
        GUEST   mov_ss
        mov     eax, ss
        mov     ss, eax
        nop
        nop
        vmcall
        HOST
