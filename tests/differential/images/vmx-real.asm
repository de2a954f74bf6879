; Unrestricted guests: real mode, unpaged protected mode and the ways between; virtual-8086 mode beside them.

%include "vmx.inc"

EPT_ROOT        equ VMX_FREE
EPT_3           equ VMX_FREE + 1000h
EPT_2           equ VMX_FREE + 2000h
RWX             equ 7
LARGE           equ 80h | 6 << 3 | RWX

tests:  TEST    "real mode: CPUID", real_cpuid
        call    real_guest
        call    enter
        TEST    "real mode: MOV from CR0", real_cr0
        call    real_guest
        call    enter
        TEST    "real mode: INT 51h", real_int
        call    real_guest
        call    enter
        TEST    "real mode: #UD", real_undefined
        call    real_guest
        call    enter
        TEST    "real mode: #UD exits", real_undefined
        call    real_guest
        VMWRITE EXCEPTION_BITMAP, -1
        call    enter
        TEST    "real mode: #GP beyond a segment, no error code", real_beyond
        call    real_guest
        VMWRITE EXCEPTION_BITMAP, -1
        call    enter
        TEST    "real mode: #GP beyond the vectors", real_int
        call    real_guest
        VMWRITE GUEST_IDTR_LIMIT, 51h * 4 + 2
        VMWRITE EXCEPTION_BITMAP, -1
        call    enter
        TEST    "real mode: triple fault", real_int
        call    real_guest
        VMWRITE GUEST_IDTR_LIMIT, 0
        call    enter
        TEST    "real mode: #SS on the stack of an INT", real_int
        call    real_guest
        VMWRITE GUEST_ESP, 1
        VMWRITE EXCEPTION_BITMAP, -1
        call    enter
        TEST    "real mode: IN", real_in
        call    real_guest
        SET_BITS CPU_CONTROLS, CPU_IO
        call    enter
        TEST    "real mode: OUTSB", real_outsb
        call    real_guest
        SET_BITS CPU_CONTROLS, CPU_IO
        mov     dword [guest_esi], 12340010h
        call    enter
        TEST    "real mode: SLDT", real_sldt
        call    real_guest
        VMWRITE EXCEPTION_BITMAP, -1
        call    enter
        TEST    "real mode: SGDT exits", real_sgdt
        call    real_guest
        SET_BITS CPU_CONTROLS_2, CPU_TABLES
        call    enter
        TEST    "real mode: VMREAD", real_vmread
        call    real_guest
        VMWRITE EXCEPTION_BITMAP, -1
        call    enter
        TEST    "real mode: HLT", real_hlt
        call    real_guest
        SET_BITS CPU_CONTROLS, CPU_HLT
        call    enter
        TEST    "real mode: an interrupt injected", real_cpuid
        call    real_guest
        VMWRITE GUEST_EFLAGS, 202h
        VMWRITE ENTRY_EVENT, EVENT_INTERRUPT | 20h
        call    enter
        TEST    "real mode: #GP injected with an error code", real_cpuid
        call    real_guest
        VMWRITE ENTRY_EVENT, EVENT_EXCEPTION | EVENT_ERROR | 13
        call    enter
        TEST    "real mode: #GP injected without", real_cpuid
        call    real_guest
        VMWRITE ENTRY_EVENT, EVENT_EXCEPTION | 13
        call    enter
        TEST    "real mode: INT 51h injected", real_cpuid
        call    real_guest
        VMWRITE ENTRY_LENGTH, 2
        VMWRITE ENTRY_EVENT, EVENT_INT | 51h
        call    enter
        TEST    "real mode: a window", real_sti
        call    real_guest
        SET_BITS CPU_CONTROLS, CPU_INTERRUPT_WINDOW
        call    enter
        TEST    "real mode: EPT violation", real_write
        call    real_guest
        SEGMENT 3, 0, 0, -1, 0C093h
        mov     dword [EPT_2+8], 0
        call    invept_all
        call    enter
        TEST    "into protected mode", real_to_protected
        call    real_guest
        call    enter
        TEST    "into protected mode, mask of PE", real_to_protected
        call    real_guest
        VMWRITE CR0_MASK, 1
        call    enter
        TEST    "into protected mode by LMSW, mask of PE", real_lmsw
        call    real_guest
        VMWRITE CR0_MASK, 1
        call    enter
        TEST    "real mode: CR0.NE cleared", real_ne
        call    real_guest
        VMWRITE EXCEPTION_BITMAP, -1
        call    enter
        TEST    "real mode: CR0.PG set without PE", real_pg
        call    real_guest
        VMWRITE EXCEPTION_BITMAP, -1
        call    enter

        TEST    "unpaged: read and write", unpaged
        call    unpaged_guest
        call    enter
        TEST    "unpaged: EPT violation", unpaged
        call    unpaged_guest
        mov     dword [EPT_2+8], 0
        call    invept_all
        call    enter
        TEST    "unpaged: paging switched on", paging_on
        call    unpaged_guest
        call    enter
        TEST    "unpaged: paging switched on and off", paging_on_off
        call    unpaged_guest
        call    enter
        TEST    "unpaged: PAE switched on, PDPTEs from memory", pae_on
        call    unpaged_guest
        mov     dword [DATA], GUEST_PAGES | 1
        call    enter
        call    print_pdpte
        TEST    "unpaged: PAE switched on, a reserved bit in a PDPTE", pae_on
        call    unpaged_guest
        VMWRITE EXCEPTION_BITMAP, -1
        mov     dword [DATA], GUEST_PAGES | 3
        call    enter
        TEST    "paged: paging switched off", paging_off
        call    with_ept
        call    enter
        TEST    "protected mode switched off", protected_off
        call    unpaged_guest
        call    enter
        TEST    "entry: PE=0 with PG=1", unpaged
        call    unpaged_guest
        VMWRITE GUEST_CR0, 80000030h
        call    enter
        TEST    "entry: real mode, CS limit of 4 GiB", real_cpuid
        call    real_guest
        VMWRITE GUEST_CS_LIMIT, -1
        VMWRITE GUEST_CS_RIGHTS, 0C09Bh
        call    enter
        TEST    "entry: real mode, CS as data", real_cpuid
        call    real_guest
        VMWRITE GUEST_CS_RIGHTS, 93h
        call    enter
        TEST    "entry: real mode, SS with DPL 3", real_cpuid
        call    real_guest
        VMWRITE GUEST_SS_RIGHTS, 0F3h
        call    enter
        TEST    "entry: real mode, EFLAGS.VM", real_cpuid
        call    real_guest
        VMWRITE GUEST_EFLAGS, 20002h
        call    enter

%macro VM86_TEST 3
        TEST    %1, %2
        mov     eax, %3
        call    vm86_guest
        call    enter
%endmacro
        VM86_TEST "virtual-8086: CPUID", real_cpuid, 0
        VM86_TEST "virtual-8086: INT 51h, IOPL 3", real_int, 3000h
        VM86_TEST "virtual-8086: INT 51h, IOPL 0", real_int, 0
        VM86_TEST "virtual-8086: #UD", real_undefined, 0
        VM86_TEST "virtual-8086: SLDT", real_sldt, 0
        VM86_TEST "virtual-8086: MOV from CR0", real_cr0, 0
        VM86_TEST "virtual-8086: HLT", real_hlt, 0
        VM86_TEST "virtual-8086: STI, IOPL 0", real_sti, 0
        VM86_TEST "virtual-8086: STI, IOPL 3", real_sti, 3000h
        VM86_TEST "virtual-8086: VMREAD", real_vmread, 0
        VM86_TEST "virtual-8086: beyond a segment", real_beyond, 0
        VM86_TEST "virtual-8086: PUSHF, IOPL 0", real_pushf, 0
        VM86_TEST "virtual-8086: PUSHF, IOPL 3", real_pushf, 3000h
        VM86_TEST "virtual-8086: IRET, IOPL 0", real_iret, 0
        jmp     finish

with_ept:
        pushad
        mov     dword [EPT_ROOT], EPT_3 | RWX
        mov     dword [EPT_3], EPT_2 | RWX
        mov     dword [EPT_2], LARGE
        mov     dword [EPT_2+8], FREE | LARGE
        VMWRITE EPT_POINTER, EPT_ROOT | 3 << 3 | 6
        SECONDARY CPU_EPT | CPU_UNRESTRICTED
        call    invept_all
        popad
        ret

invept_all:
        push    ecx
        mov     ecx, 2
        invept  ecx, [.descriptor]
        pop     ecx
        ret
        align   8
.descriptor:
        dq      0, 0

real_guest:
        call    with_ept
        mov     ecx, 93h
        call    segments_of_8086
        VMWRITE GUEST_CS_RIGHTS, 9Bh
        VMWRITE GUEST_CR0, 30h
        VMWRITE GUEST_CR4, 2000h
        VMWRITE GUEST_IDTR_BASE, REAL_IDT
        VMWRITE GUEST_IDTR_LIMIT, 3FFh
        ret

unpaged_guest:
        call    with_ept
        VMWRITE GUEST_CR0, 31h
        ret

print_pdpte:
        call    print_name
        PRINT   "pdpte "
        VMREAD  GUEST_PDPTE0
        call    print_hex
        jmp     print_line

        GUEST16 real_cpuid
        cpuid
        vmcall
        GUEST16 real_cr0
        mov     eax, cr0
        vmcall
        GUEST16 real_int
        int     51h
        vmcall
        GUEST16 real_undefined
        ud2
        vmcall
        GUEST16 real_beyond
        mov     ax, [0FFFFh]
        vmcall
        GUEST16 real_in
        in      ax, 61h
        vmcall
        GUEST16 real_outsb
        outsb
        vmcall
        GUEST16 real_sldt
        sldt    ax
        vmcall
        GUEST16 real_sgdt
        sgdt    [10h]
        vmcall
        GUEST16 real_vmread
        vmread  ecx, edx
        vmcall
        GUEST16 real_hlt
        hlt
        vmcall
        GUEST16 real_sti
        sti
        nop
        nop
        vmcall
        GUEST16 real_write
        a32 mov [FREE+10h], al
        vmcall
        GUEST16 real_pushf
        pushf
        pop     eax
        vmcall
        GUEST16 real_iret
        iret
        GUEST16 real_to_protected
        mov     eax, 31h
        mov     cr0, eax
        mov     ax, DATA0
        mov     ss, ax
        vmcall
        GUEST16 real_lmsw
        mov     ax, 1
        lmsw    ax
        vmcall
        GUEST16 real_ne
        mov     eax, 10h
        mov     cr0, eax
        vmcall
        GUEST16 real_pg
        mov     eax, 80000030h
        mov     cr0, eax
        vmcall
        GUEST   unpaged
        mov     dword [FREE+10h], 13579BDFh
        mov     eax, [FREE+10h]
        vmcall
        GUEST   paging_on
        mov     eax, 80000031h
        mov     cr0, eax
        mov     dword [FREE+1014h], 2468ACE0h
        mov     eax, [WINDOW+1014h]
        vmcall
        GUEST   paging_on_off
        mov     eax, 80000031h
        mov     cr0, eax
        mov     ebx, [WINDOW]
        mov     eax, 31h
        mov     cr0, eax
        mov     eax, [FREE+14h]
        vmcall
        GUEST   pae_on
        mov     eax, DATA
        mov     cr3, eax
        mov     eax, 2030h
        mov     cr4, eax
        mov     eax, 80000031h
        mov     cr0, eax
        vmcall
        GUEST   paging_off
        mov     eax, 31h
        mov     cr0, eax
        mov     eax, cr0
        vmcall
        GUEST   protected_off
        mov     eax, 30h
        mov     cr0, eax
        vmcall
        HOST
