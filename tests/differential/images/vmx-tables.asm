; The later controls that are of instructions: descriptor tables, WBINVD, and the APIC page with its TPR shadow.

%include "vmx.inc"

APIC_PAGE       equ FREE + 5000h        ; guest-physical; linear too, as the guest's pages go
TPR             equ 80h

%macro TABLE_TEST 2
        TEST    %1, %2
        SECONDARY CPU_TABLES
        call    enter
%endmacro
%macro APIC_TEST 2
        TEST    %1, %2
        call    with_apic
        call    enter
%endmacro

tests:  TABLE_TEST "SGDT", store_gdt
        TABLE_TEST "SIDT, base and index", store_idt
        TABLE_TEST "LGDT", load_gdt
        TABLE_TEST "LIDT, 16-bit address", load_idt
        TABLE_TEST "SLDT to a register", store_ldt
        TABLE_TEST "SLDT to memory", store_ldt_memory
        TABLE_TEST "STR to a register", store_tr
        TABLE_TEST "LLDT from a register", load_ldt
        TABLE_TEST "LTR from memory", load_tr
        TEST    "SGDT at CPL 3", store_gdt
        SECONDARY CPU_TABLES
        call    user_guest
        call    enter
        TEST    "LGDT at CPL 3", load_gdt
        SECONDARY CPU_TABLES
        call    user_guest
        VMWRITE EXCEPTION_BITMAP, 1 << 13
        call    enter
        TEST    "STR at CPL 3", store_tr
        SECONDARY CPU_TABLES
        call    user_guest
        call    enter
        TEST    "SLDT in virtual-8086 mode", store_ldt_16
        SECONDARY CPU_TABLES
        mov     eax, 0
        call    vm86_guest
        VMWRITE EXCEPTION_BITMAP, 1 << 6
        call    enter
        TEST    "SGDT to a page that is not there", store_gdt_hole
        SECONDARY CPU_TABLES
        VMWRITE EXCEPTION_BITMAP, 1 << 14
        call    enter
        TEST    "WBINVD", write_back
        SECONDARY CPU_WBINVD
        call    enter
        TEST    "WBINVD at CPL 3", write_back
        SECONDARY CPU_WBINVD
        call    user_guest
        VMWRITE EXCEPTION_BITMAP, 1 << 13
        call    enter

        TEST    "APIC page, no TPR shadow: read of the TPR", read_tpr
        SECONDARY CPU_APIC_ACCESSES
        VMWRITE APIC_ACCESS_ADDRESS, APIC_PAGE
        call    enter
        APIC_TEST "read of the TPR", read_tpr
        APIC_TEST "write of the TPR", write_tpr
        call    print_tpr
        APIC_TEST "write of the TPR, read back", write_read_tpr
        APIC_TEST "read of the ID", read_id
        APIC_TEST "write of the EOI", write_eoi
        APIC_TEST "read-modify-write of the ICR", modify_icr
        APIC_TEST "read of TPR by a word across its bounds", read_across
        TEST    "TPR below the threshold", lower_tpr
        call    with_apic
        mov     byte [VIRTUAL_APIC+TPR], 80h
        VMWRITE TPR_THRESHOLD, 5
        call    enter
        call    print_tpr
        TEST    "TPR not below the threshold", lower_tpr
        call    with_apic
        mov     byte [VIRTUAL_APIC+TPR], 80h
        VMWRITE TPR_THRESHOLD, 3
        call    enter
        TEST    "TPR below the threshold at the entry", nop_only
        call    with_apic
        VMWRITE TPR_THRESHOLD, 5
        call    enter
        TEST    "the APIC page as the stack of an interrupt", nop_only
        call    with_apic
        VMWRITE GUEST_EFLAGS, 202h
        VMWRITE GUEST_ESP, APIC_PAGE + 110h
        VMWRITE ENTRY_EVENT, EVENT_INTERRUPT | 20h
        call    enter
        TEST    "the APIC page as the stack of INT n", int_51
        call    with_apic
        VMWRITE GUEST_ESP, APIC_PAGE + 110h
        call    enter
        TEST    "the APIC page at CPL 3", read_id
        call    with_apic
        call    user_guest
        call    enter
        TEST    "the guest's own fault comes first", read_id_window
        call    with_apic
        call    user_guest
        mov     dword [WINDOW_TABLE+5*4], APIC_PAGE | 3
        VMWRITE EXCEPTION_BITMAP, 1 << 14
        call    enter
        TEST    "APIC page unaligned", nop_only
        SECONDARY CPU_APIC_ACCESSES
        VMWRITE APIC_ACCESS_ADDRESS, APIC_PAGE + 8
        call    enter
        APIC_TEST "fetch from the APIC page", fetch_apic
        jmp     finish

with_apic:
        SET_BITS CPU_CONTROLS, CPU_TPR_SHADOW
        SECONDARY CPU_APIC_ACCESSES
        VMWRITE APIC_ACCESS_ADDRESS, APIC_PAGE
        mov     byte [VIRTUAL_APIC+TPR], 0
        ret

print_tpr:
        call    print_name
        PRINT   "tpr "
        mov     al, [VIRTUAL_APIC+TPR]
        call    print_hex2
        jmp     print_line

        GUEST   store_gdt
        sgdt    [DATA+10h]
        vmcall
        GUEST   store_gdt_hole
        sgdt    [0C00000h]
        vmcall
        GUEST   store_idt
        sidt    [fs:edi+ecx*4+DATA]
        vmcall
        GUEST   load_gdt
        lgdt    [ebp+DATA]
        vmcall
        GUEST   load_idt
        a16 lidt [bx+si+12h]
        vmcall
        GUEST   store_ldt
        sldt    edx
        vmcall
        GUEST   store_ldt_memory
        sldt    [esi+DATA]
        vmcall
        GUEST   store_tr
        str     bx
        vmcall
        GUEST   load_ldt
        lldt    cx
        vmcall
        GUEST   load_tr
        ltr     [DATA+20h]
        vmcall
        GUEST16 store_ldt_16
        sldt    ax
        vmcall
        GUEST   write_back
        wbinvd
        vmcall
        GUEST   read_tpr
        mov     eax, [APIC_PAGE+TPR]
        vmcall
        GUEST   write_tpr
        mov     dword [APIC_PAGE+TPR], 0AAAAAA55h
        vmcall
        GUEST   write_read_tpr
        mov     dword [APIC_PAGE+TPR], 70h
        mov     eax, [APIC_PAGE+TPR]
        vmcall
        GUEST   read_id
        mov     eax, [APIC_PAGE+20h]
        vmcall
        GUEST   read_id_window
        mov     eax, [WINDOW+5020h]
        vmcall
        GUEST   write_eoi
        mov     dword [APIC_PAGE+0B0h], 0
        vmcall
        GUEST   modify_icr
        and     dword [APIC_PAGE+300h], 0
        vmcall
        GUEST   fetch_apic
        mov     eax, APIC_PAGE + 400h
        jmp     eax
        GUEST   read_across
        mov     eax, [APIC_PAGE+7Eh]
        vmcall
        GUEST   lower_tpr
        mov     dword [APIC_PAGE+TPR], 40h
        nop
        vmcall
        GUEST   nop_only
        nop
        vmcall
        GUEST   int_51
        int     51h
        vmcall
        HOST
