; Nested paging: faults of the final address and of the guest's tables, and what ASIDs and TLB_CONTROL keep apart.

%include "svm.inc"

NESTED          equ SVM_FREE            ; page directory: 32-bit, as the host's
NESTED_LOW      equ SVM_FREE + 1000h    ; page table, 0 to 4 MiB
PAGE            equ FREE + 5000h        ; the page under test, linear WINDOW + 5000h
PAGE_ENTRY      equ NESTED_LOW + (PAGE >> 12) * 4
LINEAR          equ WINDOW + 5000h
ALL             equ 7                   ; present, writable, user

%macro NESTED_TEST 3
        TEST    {%1}, %2
        call    with_npt
        mov     dword [PAGE_ENTRY], %3
        call    enter
%endmacro
%macro ACCESSES 2
        NESTED_TEST {%1, ": read"}, read, %2
        NESTED_TEST {%1, ": write"}, write, %2
        NESTED_TEST {%1, ": fetch"}, fetch, %2
%endmacro
; The nested entry of one page
%macro NESTED_ENTRY 2
        mov     dword [NESTED_LOW + ((%1) >> 12) * 4], %2
%endmacro

tests:  ACCESSES "page not present", 0
        ACCESSES "page read-only", PAGE | 5
        ACCESSES "page of the system", PAGE | 3
        ACCESSES "page with all rights", PAGE | ALL
        NESTED_TEST "an address mapped elsewhere", read, PAGE + 2000h | ALL
        TEST    "directory entry not present", read_high
        call    with_npt
        mov     dword [GUEST_PAGES+8], 400083h
        call    enter
        TEST    "page of 4 MiB", read_high
        call    with_npt
        mov     dword [GUEST_PAGES+8], 400083h
        mov     dword [NESTED+4], 87h
        call    enter
        TEST    "page of 4 MiB, reserved bit", read_high
        call    with_npt
        mov     dword [GUEST_PAGES+8], 400083h
        mov     dword [NESTED+4], 600087h
        call    enter

        TEST    "guest's page directory not present", read
        call    with_npt
        NESTED_ENTRY GUEST_PAGES, 0
        call    enter
        TEST    "guest's page table not present: read", read
        call    with_npt
        NESTED_ENTRY WINDOW_TABLE, 0
        call    enter
        TEST    "guest's page table not present: write", write
        call    with_npt
        NESTED_ENTRY WINDOW_TABLE, 0
        call    enter
        TEST    "guest's page table not present: fetch", fetch
        call    with_npt
        NESTED_ENTRY WINDOW_TABLE, 0
        call    enter
        TEST    "guest's page table read-only, accessed flag to set", read
        call    with_npt
        NESTED_ENTRY WINDOW_TABLE, WINDOW_TABLE | 5
        call    enter
        TEST    "guest's page table read-only, accessed flag set", read
        call    with_npt
        or      dword [GUEST_PAGES+4], 20h
        or      dword [WINDOW_TABLE+5*4], 20h
        NESTED_ENTRY WINDOW_TABLE, WINDOW_TABLE | 5
        call    enter
        TEST    "guest's page table of the system", read
        call    with_npt
        NESTED_ENTRY WINDOW_TABLE, WINDOW_TABLE | 3
        call    enter
        TEST    "guest's own fault comes first", read
        call    with_npt
        mov     dword [PAGE_ENTRY], 0
        mov     dword [WINDOW_TABLE+5*4], PAGE
        INTERCEPT INTERCEPT_EXCEPTIONS, 1 << 14
        call    enter
        TEST    "guest's own fault comes first: write to a read-only page", write
        call    with_npt
        mov     dword [PAGE_ENTRY], 0
        mov     dword [WINDOW_TABLE+5*4], PAGE | 5
        PUT     GUEST_CR0, 80010031h
        INTERCEPT INTERCEPT_EXCEPTIONS, 1 << 14
        call    enter
        TEST    "at CPL 3", read
        call    with_npt
        call    user_guest
        mov     dword [PAGE_ENTRY], 0
        call    enter
        TEST    "across two pages, the second missing: read", read_across
        call    with_npt
        mov     dword [PAGE_ENTRY+4], 0
        call    enter
        TEST    "while an interrupt is delivered: stack", nops
        call    with_npt
        PUT     GUEST_ESP, LINEAR + 10h
        mov     dword [PAGE_ENTRY], 0
        PUT     EVENT_INJECTION, EVENT_INTERRUPT | 20h
        call    enter
        TEST    "while INT n is delivered: stack", int_51
        call    with_npt
        PUT     GUEST_ESP, LINEAR + 10h
        mov     dword [PAGE_ENTRY], PAGE | 5
        call    enter
        TEST    "while #UD is delivered: IDT", undefined
        call    with_npt
        NESTED_ENTRY GUEST_IDT, 0
        call    enter
        TEST    "MOV to CR3: the table itself is not read", load_cr3
        call    with_npt
        NESTED_ENTRY GUEST_PAGES, 0
        mov     dword [guest_eax], GUEST_PAGES
        call    enter
        TEST    "unpaged guest", unpaged
        call    with_npt
        PUT     GUEST_CR0, 31h
        call    enter
        TEST    "unpaged guest, page not present", unpaged
        call    with_npt
        PUT     GUEST_CR0, 31h
        mov     dword [PAGE_ENTRY], 0
        call    enter
        TEST    "real mode, page not present", real_read
        call    with_npt
        call    real_guest
        NESTED_ENTRY DATA, 0
        call    enter
        TEST    "guest CR3 of its own", read
        call    with_npt
        mov     dword [DATA], 87h
        mov     dword [DATA+4], WINDOW_TABLE | 7
        PUT     GUEST_CR3, DATA
        call    enter
        TEST    "accessed and dirty flags", write
        call    with_npt
        call    enter
        call    print_flags
        TEST    "accessed flag alone", read
        call    with_npt
        call    enter
        call    print_flags
        TEST    "PAE: PDPTEs are read as the walk needs them", nops
        call    with_npt
        mov     dword [DATA], GUEST_PAGES | 1
        mov     dword [GUEST_PAGES], 87h
        mov     dword [GUEST_PAGES+4], 0
        PUT     GUEST_CR3, DATA
        PUT     GUEST_CR4, 30h
        call    enter
        TEST    "PAE: PDPTE not present", nops
        call    with_npt
        INTERCEPT INTERCEPT_EXCEPTIONS, 1 << 14
        PUT     GUEST_CR3, DATA
        PUT     GUEST_CR4, 30h
        call    enter
        TEST    "PAE: the table of PDPTEs is not there", nops
        call    with_npt
        mov     dword [DATA], GUEST_PAGES | 1
        PUT     GUEST_CR3, DATA
        PUT     GUEST_CR4, 30h
        NESTED_ENTRY DATA, 0
        call    enter
        TEST    "G_PAT of a bad type", nops
        call    with_npt
        PUT     GUEST_PAT, 2
        call    enter
        TEST    "N_CR3, upper half", nops
        call    with_npt
        PUT     NESTED_CR3 + 4, 100000h
        call    enter

        ; What is remembered
        TEST    "a right withdrawn, everything flushed", read_twice
        call    with_npt
        call    enter
        SKIP    3
        mov     dword [PAGE_ENTRY], 0
        call    enter
        TEST    "a right granted needs no flush", read_twice
        call    with_npt
        mov     dword [PAGE_ENTRY], 0
        call    enter
        mov     dword [PAGE_ENTRY], PAGE | ALL
        PUT     TLB_CONTROL, 0
        call    enter
        TEST    "another ASID knows nothing of the first", read_twice
        call    with_npt
        call    enter
        PUT     TLB_CONTROL, 0
        PUT     ASID, 2
        mov     dword [PAGE_ENTRY], 0
        PUT     GUEST_EIP, read_twice
        call    enter
        TEST    "without nested paging: another ASID", read_twice
        mov     dword [PAGE], 11111111h
        call    enter
        PUT     TLB_CONTROL, 0
        PUT     ASID, 3
        mov     dword [WINDOW_TABLE+5*4], PAGE + 2000h | 7
        mov     dword [PAGE+2000h], 22222222h
        PUT     GUEST_EIP, read_twice
        call    enter
        jmp     finish

; Tables one to one, with all rights, for 4 MiB
with_npt:
        pushad
        mov     dword [NESTED], NESTED_LOW | ALL
        mov     dword [NESTED+4], 0
        mov     edi, NESTED_LOW
        mov     eax, ALL
.next:  stosd
        add     eax, 1000h
        cmp     edi, NESTED_LOW + 1000h
        jb      .next
        mov     dword [PAGE], 0F4D9010Fh        ; for fetches: VMMCALL, HLT
        mov     dword [PAGE+2000h], 13579BDFh
        PUT     NESTED_CONTROL, 1
        PUT     NESTED_CR3, NESTED
        popad
        ret

print_flags:
        call    print_name
        PRINT   "nested "
        mov     eax, [PAGE_ENTRY]
        call    print_hex
        PRINT   " guest "
        mov     eax, [WINDOW_TABLE+5*4]
        call    print_hex
        jmp     print_line

        GUEST   read
        mov     eax, [LINEAR+8]
        mov     eax, [LINEAR]
        vmmcall
        GUEST   write
        mov     [LINEAR+4], eax
        vmmcall
        GUEST   fetch
        mov     eax, LINEAR
        jmp     eax
        GUEST   read_across
        mov     eax, [LINEAR+0FFEh]
        vmmcall
        GUEST   read_high
        mov     eax, [800123h]
        mov     eax, 0
        vmmcall
        GUEST   unpaged
        mov     eax, [PAGE]
        vmmcall
        GUEST   nops
        nop
        nop
        vmmcall
        GUEST   int_51
        int     51h
        vmmcall
        GUEST   undefined
        ud2
        GUEST   load_cr3
        mov     cr3, eax
        vmmcall
        GUEST16 real_read
        mov     ax, [10h]
        vmmcall
        GUEST   read_twice
        mov     eax, [LINEAR]
        vmmcall
        mov     eax, [LINEAR]
        vmmcall
        HOST
