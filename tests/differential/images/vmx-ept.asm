; EPT: violations of every kind, misconfigurations, pages of 2 MiB, what INVEPT and VPIDs keep apart.

%include "vmx.inc"

EPT_ROOT        equ VMX_FREE
EPT_3           equ VMX_FREE + 1000h
EPT_2           equ VMX_FREE + 2000h
EPT_1           equ VMX_FREE + 3000h    ; 0 to 2 MiB
EPT_1_FREE      equ VMX_FREE + 4000h    ; 2 to 4 MiB
WB              equ 6 << 3
RWX             equ 7
ALL             equ RWX | WB
PAGE            equ FREE + 5000h        ; the page under test, linear WINDOW + 5000h
PAGE_ENTRY      equ EPT_1_FREE + 5 * 8
LINEAR          equ WINDOW + 5000h

; EPT_TEST name, guest, entry of the page under test
%macro EPT_TEST 3
        TEST    {%1}, %2
        call    with_ept
        mov     dword [PAGE_ENTRY], %3
        call    enter
%endmacro
; The three accesses to a page with these rights
%macro ACCESSES 2                       ; name, entry
        EPT_TEST {%1, ": read"}, read, %2
        EPT_TEST {%1, ": write"}, write, %2
        EPT_TEST {%1, ": read and write"}, modify, %2
        EPT_TEST {%1, ": fetch"}, fetch, %2
%endmacro

tests:  ACCESSES "page not present", 0
        ACCESSES "page read-only", PAGE | 1 | WB
        ACCESSES "page read-write", PAGE | 3 | WB
        ACCESSES "page read-execute", PAGE | 5 | WB
        ACCESSES "page execute-only", PAGE | 4 | WB
        ACCESSES "page with all rights", PAGE | ALL
        ACCESSES "misconfigured: write-only", PAGE | 2 | WB
        ACCESSES "misconfigured: write-execute", PAGE | 6 | WB
        ACCESSES "misconfigured: memory type 2", PAGE | RWX | 2 << 3
        ACCESSES "misconfigured: memory type 7", PAGE | RWX | 7 << 3
        EPT_TEST "memory type UC", read, PAGE | RWX
        EPT_TEST "ignored bits", read, PAGE | ALL | 0F00h
        TEST    "misconfigured: address too wide", read
        call    with_ept
        mov     dword [PAGE_ENTRY+4], 80000h
        call    enter

        TEST    "directory entry not present", read
        call    with_ept
        mov     dword [EPT_2+8], 0
        call    enter
        TEST    "directory entry read-only: write", write
        call    with_ept
        mov     dword [EPT_2+8], EPT_1_FREE | 1
        call    enter
        TEST    "directory entry execute-only: read", read
        call    with_ept
        mov     dword [EPT_2+8], EPT_1_FREE | 4
        call    enter
        TEST    "directory entry without fetches, page with: fetch", fetch
        call    with_ept
        mov     dword [EPT_2+8], EPT_1_FREE | 3
        call    enter
        TEST    "misconfigured: directory entry, bits 6:3", read
        call    with_ept
        mov     dword [EPT_2+8], EPT_1_FREE | RWX | WB
        call    enter
        TEST    "misconfigured: 1 GiB page", read
        call    with_ept
        mov     dword [EPT_3], 80h | ALL
        call    enter
        TEST    "misconfigured: root entry, bit 7", read
        call    with_ept
        mov     dword [EPT_ROOT], EPT_3 | RWX | 80h
        call    enter
        TEST    "root entry not present", read
        call    with_ept
        mov     dword [EPT_ROOT], 0
        call    enter
        TEST    "page of 2 MiB", read
        call    with_ept
        mov     dword [EPT_2+8], FREE | ALL | 80h
        mov     dword [PAGE], 12345678h
        call    enter
        TEST    "page of 2 MiB, read-only: write", write
        call    with_ept
        mov     dword [EPT_2+8], FREE | 1 | WB | 80h
        call    enter
        TEST    "misconfigured: page of 2 MiB, bit 13", read
        call    with_ept
        mov     dword [EPT_2+8], FREE + 2000h | ALL | 80h
        call    enter
        TEST    "misconfigured: page of 2 MiB, bit 12", read
        call    with_ept
        mov     dword [EPT_2+8], FREE + 1000h | ALL | 80h
        call    enter
        TEST    "misconfigured: page of 2 MiB, memory type 3", read
        call    with_ept
        mov     dword [EPT_2+8], FREE | RWX | 3 << 3 | 80h
        call    enter

        TEST    "guest's page directory not present", read
        call    with_ept
        mov     dword [EPT_1+(GUEST_PAGES>>12)*8], 0
        call    enter
        TEST    "guest's page directory execute-only", read
        call    with_ept
        mov     dword [EPT_1+(GUEST_PAGES>>12)*8], GUEST_PAGES | 4 | WB
        call    enter
        TEST    "guest's page table not present: read", read
        call    with_ept
        mov     dword [EPT_1+(WINDOW_TABLE>>12)*8], 0
        call    enter
        TEST    "guest's page table not present: write", write
        call    with_ept
        mov     dword [EPT_1+(WINDOW_TABLE>>12)*8], 0
        call    enter
        TEST    "guest's page table not present: fetch", fetch
        call    with_ept
        mov     dword [EPT_1+(WINDOW_TABLE>>12)*8], 0
        call    enter
        TEST    "guest's page table read-only, accessed flag to set", read
        call    with_ept
        mov     dword [EPT_1+(WINDOW_TABLE>>12)*8], WINDOW_TABLE | 1 | WB
        call    enter
        TEST    "guest's page table read-only, accessed flag set", read
        call    with_ept
        or      dword [GUEST_PAGES+4], 20h
        or      dword [WINDOW_TABLE+5*4], 20h
        mov     dword [EPT_1+(WINDOW_TABLE>>12)*8], WINDOW_TABLE | 1 | WB
        call    enter
        TEST    "guest's page table read-only, dirty flag to set", write
        call    with_ept
        or      dword [GUEST_PAGES+4], 20h
        or      dword [WINDOW_TABLE+5*4], 20h
        mov     dword [EPT_1+(WINDOW_TABLE>>12)*8], WINDOW_TABLE | 1 | WB
        call    enter
        TEST    "misconfigured: guest's page table", read
        call    with_ept
        mov     dword [EPT_1+(WINDOW_TABLE>>12)*8], WINDOW_TABLE | 2 | WB
        call    enter
        TEST    "guest's own fault comes first", read
        call    with_ept
        mov     dword [PAGE_ENTRY], 0
        mov     dword [WINDOW_TABLE+5*4], PAGE
        VMWRITE EXCEPTION_BITMAP, 1 << 14
        call    enter
        TEST    "guest's own fault comes first: write to a read-only page", write
        call    with_ept
        mov     dword [PAGE_ENTRY], 0
        mov     dword [WINDOW_TABLE+5*4], PAGE | 5
        VMWRITE GUEST_CR0, 80010031h
        VMWRITE EXCEPTION_BITMAP, 1 << 14
        call    enter
        TEST    "at CPL 3, EPT has no levels of privilege", read
        call    with_ept
        call    user_guest
        call    enter
        TEST    "across two pages, the second missing: read", read_across
        call    with_ept
        mov     dword [PAGE_ENTRY+8], 0
        call    enter
        TEST    "across two pages, the second read-only: write", write_across
        call    with_ept
        mov     dword [PAGE_ENTRY+8], PAGE + 1000h | 1 | WB
        call    enter
        TEST    "beyond what the tables map", read_high
        call    with_ept
        mov     dword [GUEST_PAGES+8], 400083h
        call    enter
        TEST    "an address the tables map elsewhere", read
        call    with_ept
        mov     dword [PAGE_ENTRY], PAGE + 2000h | ALL
        mov     dword [PAGE+2000h], 87654321h
        call    enter

        TEST    "while an interrupt is delivered: stack", nops
        call    with_ept
        VMWRITE GUEST_EFLAGS, 202h
        VMWRITE GUEST_ESP, LINEAR + 10h
        mov     dword [PAGE_ENTRY], 0
        VMWRITE ENTRY_EVENT, EVENT_INTERRUPT | 20h
        call    enter
        TEST    "while INT n is delivered: stack", int_51
        call    with_ept
        VMWRITE GUEST_ESP, LINEAR + 10h
        mov     dword [PAGE_ENTRY], PAGE | 1 | WB
        call    enter
        TEST    "while INT n is delivered: IDT", int_51
        call    with_ept
        mov     dword [EPT_1+(GUEST_IDT>>12)*8], 0
        call    enter
        TEST    "while #UD is delivered: IDT", undefined
        call    with_ept
        mov     dword [EPT_1+(GUEST_IDT>>12)*8], 0
        call    enter
        TEST    "while #PF is delivered: TSS", read_hole
        call    with_ept
        call    user_guest
        mov     dword [EPT_1+(GUEST_TSS>>12)*8], 0
        call    enter
        TEST    "misconfigured, while an NMI is delivered", nops
        call    with_ept
        mov     dword [EPT_1+(GUEST_IDT>>12)*8], GUEST_IDT | 6
        SET_BITS PIN_CONTROLS, PIN_NMI | PIN_VIRTUAL_NMIS
        VMWRITE ENTRY_EVENT, EVENT_NMI
        call    enter
        TEST    "IRET with virtual NMIs blocked: stack", return
        call    with_ept
        SET_BITS PIN_CONTROLS, PIN_NMI | PIN_VIRTUAL_NMIS
        VMWRITE GUEST_INTERRUPTIBILITY, BLOCKING_NMI
        VMWRITE GUEST_ESP, LINEAR - 8           ; EFLAGS alone lie in the page
        mov     dword [PAGE_ENTRY], 0
        call    enter
        TEST    "loading a segment: the GDT", load_segment
        call    with_ept
        VMWRITE GUEST_GDTR_BASE, LINEAR
        mov     dword [PAGE_ENTRY], 0
        call    enter
        TEST    "loading a segment: accessed flag in a read-only GDT", load_segment
        call    with_ept
        VMWRITE GUEST_GDTR_BASE, LINEAR
        mov     dword [PAGE+DATA0], 0000FFFFh
        mov     dword [PAGE+DATA0+4], 00CF9200h
        mov     dword [PAGE_ENTRY], PAGE | 1 | WB
        call    enter
        TEST    "REP MOVSB into a read-only page, two bytes on", move
        call    with_ept
        mov     dword [PAGE_ENTRY], PAGE | 1 | WB
        call    enter
        call    print_name
        PRINT   "ecx "
        mov     eax, [guest_ecx]
        call    print_hex
        call    print_line
        TEST    "MOV to CR3: the table itself is not read", load_cr3
        call    with_ept
        mov     dword [EPT_1+(GUEST_PAGES>>12)*8], 0
        mov     dword [guest_eax], GUEST_PAGES
        call    enter

        ; PAE: the four PDPTEs are in the VMCS
        TEST    "PAE: PDPTEs of the VMCS", nops
        call    with_ept
        call    with_pae
        call    enter
        TEST    "PAE: PDPTE 0 not present", nops
        call    with_ept
        call    with_pae
        VMWRITE GUEST_PDPTE0, 0
        call    enter
        TEST    "PAE: a reserved bit in a PDPTE of the VMCS", nops
        call    with_ept
        call    with_pae
        VMWRITE GUEST_PDPTE0 + 6, 3
        call    enter
        TEST    "PAE: MOV to CR3 reads a table that is not there", load_cr3
        call    with_ept
        call    with_pae
        mov     dword [guest_eax], PAGE
        mov     dword [PAGE_ENTRY], 0
        call    enter
        TEST    "PAE: MOV to CR3 reads a reserved bit", load_cr3
        call    with_ept
        call    with_pae
        mov     dword [guest_eax], PAGE
        mov     dword [PAGE], 3
        VMWRITE EXCEPTION_BITMAP, 1 << 13
        call    enter

        ; Controls
        TEST    "pointer of memory type 1", nops
        call    with_ept
        VMWRITE EPT_POINTER, EPT_ROOT | 3 << 3 | 1
        call    enter
        TEST    "pointer of a walk of three", nops
        call    with_ept
        VMWRITE EPT_POINTER, EPT_ROOT | 2 << 3 | 6
        call    enter
        TEST    "pointer, reserved bit 7", nops
        call    with_ept
        VMWRITE EPT_POINTER, EPT_ROOT | 80h | 3 << 3 | 6
        call    enter
        TEST    "pointer of memory type UC", nops
        call    with_ept
        VMWRITE EPT_POINTER, EPT_ROOT | 3 << 3
        call    enter
        TEST    "VPID 0", nops
        SECONDARY CPU_VPID
        call    enter
        TEST    "unrestricted without EPT", nops
        SECONDARY CPU_UNRESTRICTED
        call    enter

        ; INVEPT and INVVPID
        TEST    "INVEPT, single context", nops
        mov     ecx, 1
        call    do_invept
        TEST    "INVEPT, all contexts", nops
        mov     ecx, 2
        call    do_invept
        TEST    "INVEPT, type 0", nops
        mov     ecx, 0
        call    do_invept
        TEST    "INVEPT, type 3", nops
        mov     ecx, 3
        call    do_invept
        TEST    "INVEPT, reserved bits of the pointer", nops
        mov     ecx, 1
        mov     dword [descriptor], EPT_ROOT | 80h | 3 << 3 | 6
        call    do_invept
        mov     dword [descriptor], EPT_ROOT | 3 << 3 | 6
        TEST    "INVEPT, reserved bits of the descriptor", nops
        mov     ecx, 1
        mov     dword [descriptor+8], 1
        call    do_invept
        mov     dword [descriptor+8], 0
%assign type 0
%rep 5
        TEST    {"INVVPID, type ", '0' + type}, nops
        mov     ecx, type
        mov     dword [vpid_descriptor], 1
        call    do_invvpid
%assign type type + 1
%endrep
        TEST    "INVVPID, VPID 0", nops
        mov     ecx, 1
        mov     dword [vpid_descriptor], 0
        call    do_invvpid
        TEST    "INVVPID, all, VPID 0", nops
        mov     ecx, 2
        call    do_invvpid
        TEST    "INVVPID, reserved bits", nops
        mov     ecx, 1
        mov     dword [vpid_descriptor], 10001h
        call    do_invvpid

        ; What is remembered
        TEST    "a right withdrawn, INVEPT", read_twice
        call    with_ept
        SECONDARY CPU_VPID
        VMWRITE VPID, 1
        call    enter
        call    skip
        mov     dword [PAGE_ENTRY], 0
        call    invept_all
        call    enter
        TEST    "a right granted needs no INVEPT", read_twice
        call    with_ept
        SECONDARY CPU_VPID
        VMWRITE VPID, 1
        mov     dword [PAGE_ENTRY], 0
        call    enter
        mov     dword [PAGE_ENTRY], PAGE | ALL
        call    enter
        TEST    "without VPID an entry forgets", read_twice
        call    enter
        call    skip
        mov     dword [WINDOW_TABLE+5*4], PAGE + 2000h | 7
        mov     dword [PAGE+2000h], 22222222h
        call    enter
        TEST    "another VPID knows nothing of the first", read_twice
        SECONDARY CPU_VPID
        VMWRITE VPID, 7
        call    enter
        VMWRITE VPID, 8
        VMWRITE GUEST_EIP, read_twice
        mov     dword [WINDOW_TABLE+5*4], PAGE + 2000h | 7
        mov     dword [PAGE+2000h], 33333333h
        call    enter
        jmp     finish

; Tables one to one, with all rights, for all 4 MiB; nothing is remembered.
with_ept:
        pushad
        mov     dword [EPT_ROOT], EPT_3 | RWX
        mov     dword [EPT_3], EPT_2 | RWX
        mov     dword [EPT_3+4], 0
        mov     dword [EPT_2], EPT_1 | RWX
        mov     dword [EPT_2+8], EPT_1_FREE | RWX
        mov     edi, EPT_1
        mov     eax, ALL
.next:  stosd
        mov     dword [edi], 0
        add     edi, 4
        add     eax, 1000h
        cmp     edi, EPT_1 + 2000h
        jb      .next
        mov     dword [PAGE], 0F4C1010Fh        ; for fetches: VMCALL, HLT
        mov     dword [PAGE+2000h], 0
        VMWRITE EPT_POINTER, EPT_ROOT | 3 << 3 | 6
        SECONDARY CPU_EPT
        call    invept_all
        popad
        ret

invept_all:
        push    ecx
        mov     ecx, 2
        invept  ecx, [descriptor]
        pop     ecx
        ret

; The guest pages with PAE: one directory, a page of 2 MiB below and the window's pages at 2 MiB one to one.
with_pae:
        mov     dword [DATA], DATA + 100h | 1
        mov     dword [DATA+800h], 87h
        mov     dword [DATA+808h], FREE | 87h
        VMWRITE GUEST_PDPTE0, DATA + 1
        mov     dword [GUEST_PAGES], 87h
        mov     dword [GUEST_PAGES+4], 0
        mov     dword [GUEST_PAGES+8], FREE | 87h
        mov     dword [GUEST_PAGES+12], 0
        VMWRITE GUEST_PDPTE0, GUEST_PAGES | 1
        VMWRITE GUEST_CR3, DATA
        VMWRITE GUEST_CR4, 2030h
        ret

do_invept:
        FAULT_TO .done
        invept  ecx, [descriptor]
        call    print_result
.done:  mov     dword [fault_to], 0
        ret
do_invvpid:
        invvpid ecx, [vpid_descriptor]
print_result:
        pushfd
        call    print_name
        popfd
        call    print_status
        jmp     print_line

        align   8
descriptor:
        dq      EPT_ROOT | 3 << 3 | 6, 0
vpid_descriptor:
        dq      0, 0

        GUEST   read
        mov     eax, [LINEAR+8]
        mov     eax, [LINEAR]
        vmcall
        GUEST   write
        mov     [LINEAR+4], eax
        vmcall
        GUEST   modify
        inc     dword [LINEAR+4]
        mov     eax, [LINEAR+4]
        vmcall
        GUEST   fetch
        mov     eax, LINEAR
        jmp     eax
        GUEST   read_across
        mov     eax, [LINEAR+0FFEh]
        vmcall
        GUEST   write_across
        mov     [LINEAR+0FFEh], eax
        vmcall
        GUEST   read_high
        mov     eax, [800123h]
        vmcall
        GUEST   read_hole
        mov     eax, [0C00123h]
        vmcall
        GUEST   nops
        nop
        nop
        vmcall
        GUEST   int_51
        int     51h
        vmcall
        GUEST   undefined
        ud2
        GUEST   return
        nop
        iretd
        GUEST   load_segment
        mov     eax, DATA0
        mov     gs, eax
        vmcall
        GUEST   move
        mov     esi, DATA
        mov     edi, LINEAR - 2
        mov     ecx, 4
        rep movsb
        vmcall
        GUEST   load_cr3
        mov     cr3, eax
        vmcall
        GUEST   read_twice
        mov     eax, [LINEAR]
        vmcall
        mov     eax, [LINEAR]
        vmcall
        HOST
