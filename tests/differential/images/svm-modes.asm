; Real mode, virtual-8086 mode and unpaged protected mode as guests.

%include "svm.inc"

%macro REAL_TEST 4                      ; name, guest, field, intercepts
        TEST    {"real mode: ", %1}, %2
        call    real_guest
        INTERCEPT %3, %4
        call    enter
%endmacro
%macro VM86_TEST 5                      ; name, guest, IOPL, field, intercepts
        TEST    {"virtual-8086: ", %1}, %2
        mov     eax, %3
        call    vm86_guest
        INTERCEPT %4, %5
        call    enter
%endmacro

tests:  REAL_TEST "CPUID", eight_cpuid, INTERCEPT_3, INTERCEPT_CPUID
        REAL_TEST "MOV from CR0", eight_cr0, INTERCEPT_3, 0
        REAL_TEST "MOV from CR0 exits", eight_cr0, INTERCEPT_CR_READ, 1
        REAL_TEST "INT 51h", eight_int, INTERCEPT_3, 0
        REAL_TEST "INT 51h exits", eight_int, INTERCEPT_3, INTERCEPT_INTN
        REAL_TEST "#UD", eight_undefined, INTERCEPT_3, 0
        REAL_TEST "#UD exits", eight_undefined, INTERCEPT_EXCEPTIONS, -1
        REAL_TEST "#GP beyond a segment", eight_beyond, INTERCEPT_EXCEPTIONS, -1
        REAL_TEST "SLDT", eight_sldt, INTERCEPT_EXCEPTIONS, -1
        REAL_TEST "SGDT exits", eight_sgdt, INTERCEPT_3, INTERCEPT_GDTR_READ
        REAL_TEST "VMRUN", eight_vmrun, INTERCEPT_EXCEPTIONS, -1
        REAL_TEST "HLT", eight_hlt, INTERCEPT_3, INTERCEPT_HLT
        REAL_TEST "PUSHF", eight_pushf, INTERCEPT_3, INTERCEPT_PUSHF
        REAL_TEST "IRET", eight_iret, INTERCEPT_3, INTERCEPT_IRET
        REAL_TEST "STI", eight_sti, INTERCEPT_3, 0
        REAL_TEST "into protected mode", to_protected, INTERCEPT_3, 0
        REAL_TEST "into protected mode, intercepted", to_protected, INTERCEPT_CR_WRITE, 1
        TEST    "unpaged: read and write", unpaged
        PUT     GUEST_CR0, 31h
        call    enter
        TEST    "unpaged: paging switched on", paging_on
        PUT     GUEST_CR0, 31h
        call    enter
        TEST    "unpaged: PAE switched on, a reserved bit in a PDPTE", pae_on
        PUT     GUEST_CR0, 31h
        INTERCEPT INTERCEPT_EXCEPTIONS, -1
        mov     dword [DATA], GUEST_PAGES | 7
        call    enter
        TEST    "protected mode switched off", protected_off
        PUT     GUEST_CR0, 31h
        call    enter

        VM86_TEST "CPUID", eight_cpuid, 0, INTERCEPT_3, INTERCEPT_CPUID
        VM86_TEST "INT 51h, IOPL 3", eight_int, 3000h, INTERCEPT_3, 0
        VM86_TEST "INT 51h, IOPL 0", eight_int, 0, INTERCEPT_3, 0
        VM86_TEST "INT 51h, IOPL 3, intercepted", eight_int, 3000h, INTERCEPT_3, INTERCEPT_INTN
        VM86_TEST "#UD", eight_undefined, 0, INTERCEPT_3, 0
        VM86_TEST "SLDT", eight_sldt, 0, INTERCEPT_3, INTERCEPT_LDTR_READ
        VM86_TEST "MOV from CR0", eight_cr0, 0, INTERCEPT_CR_READ, 1
        VM86_TEST "HLT", eight_hlt, 0, INTERCEPT_3, INTERCEPT_HLT
        VM86_TEST "STI, IOPL 0", eight_sti, 0, INTERCEPT_3, 0
        VM86_TEST "STI, IOPL 3", eight_sti, 3000h, INTERCEPT_3, 0
        VM86_TEST "VMRUN", eight_vmrun, 0, INTERCEPT_3, 0
        VM86_TEST "PUSHF, IOPL 0", eight_pushf, 0, INTERCEPT_3, 0
        VM86_TEST "PUSHF, IOPL 3, intercepted", eight_pushf, 3000h, INTERCEPT_3, INTERCEPT_PUSHF
        VM86_TEST "IRET, IOPL 0", eight_iret, 0, INTERCEPT_3, 0
        jmp     finish

        GUEST16 eight_cpuid
        cpuid
        vmmcall
        GUEST16 eight_cr0
        mov     eax, cr0
        vmmcall
        GUEST16 eight_int
        int     51h
        vmmcall
        GUEST16 eight_undefined
        ud2
        vmmcall
        GUEST16 eight_beyond
        mov     ax, [0FFFFh]
        vmmcall
        GUEST16 eight_sldt
        sldt    ax
        vmmcall
        GUEST16 eight_sgdt
        sgdt    [10h]
        vmmcall
        GUEST16 eight_vmrun
        vmrun
        vmmcall
        GUEST16 eight_hlt
        hlt
        vmmcall
        GUEST16 eight_pushf
        pushf
        pop     ax
        vmmcall
        GUEST16 eight_iret
        iret
        GUEST16 eight_sti
        sti
        nop
        vmmcall
        GUEST16 to_protected
        mov     eax, 31h
        mov     cr0, eax
        mov     ax, DATA0
        mov     ss, ax
        vmmcall
        GUEST   unpaged
        mov     dword [FREE+10h], 13579BDFh
        mov     eax, [FREE+10h]
        vmmcall
        GUEST   paging_on
        mov     eax, 80000031h
        mov     cr0, eax
        mov     dword [FREE+1014h], 2468ACE0h
        mov     eax, [WINDOW+1014h]
        vmmcall
        GUEST   pae_on
        mov     eax, DATA
        mov     cr3, eax
        mov     eax, 30h
        mov     cr4, eax
        mov     eax, 80000031h
        mov     cr0, eax
        vmmcall
        GUEST   protected_off
        mov     eax, 30h
        mov     cr0, eax
        vmmcall
        HOST
