; Intercepts of instructions: control and debug registers, descriptor tables, MSRs, what else has a bit of its own.

%include "svm.inc"

SYSENTER_CS     equ 174h

%macro CR_TEST 4                        ; name, guest, field, bits
        TEST    %1, %2
        INTERCEPT %3, %4
        mov     dword [guest_eax], 80000031h
        call    enter
%endmacro
; The instruction at CPL 0 and, with its intercept, at CPL 3
%macro INSTRUCTION 4
        TEST    {%1, ", not intercepted"}, %2
        INTERCEPT INTERCEPT_EXCEPTIONS, 1 << 13 | 1 << 6
        call    enter
        TEST    {%1}, %2
        INTERCEPT %3, %4
        call    enter
        TEST    {%1, " at CPL 3"}, %2
        call    user_guest
        INTERCEPT INTERCEPT_EXCEPTIONS, 1 << 13 | 1 << 6
        INTERCEPT %3, %4
        call    enter
%endmacro
%macro SELECTIVE 3                      ; name, guest, EAX
        TEST    %1, %2
        INTERCEPT INTERCEPT_3, INTERCEPT_CR0_SELECTIVE
        mov     dword [guest_eax], %3
        call    enter
%endmacro
%macro MSR_TEST 3                       ; name, guest, MSR
        TEST    %1, %2
        INTERCEPT INTERCEPT_3, INTERCEPT_MSR
        mov     dword [guest_ecx], %3
        mov     dword [guest_eax], 0
%endmacro
; Bit 2n: reads, 2n+1: writes
%macro FORBID_MSR 2                     ; map of the range, number of the bit
        or      byte [MSR_MAP + %1 + (%2) / 8], 1 << ((%2) & 7)
%endmacro

tests:  CR_TEST "read of CR0", from_cr0, INTERCEPT_CR_READ, 1 << 0
        CR_TEST "read of CR0, not of CR3", from_cr0, INTERCEPT_CR_READ, 1 << 3
        CR_TEST "read of CR2", from_cr2, INTERCEPT_CR_READ, 1 << 2
        CR_TEST "read of CR3", from_cr3, INTERCEPT_CR_READ, 1 << 3
        CR_TEST "read of CR4", from_cr4, INTERCEPT_CR_READ, 1 << 4
        CR_TEST "write of CR0", to_cr0, INTERCEPT_CR_WRITE, 1 << 0
        CR_TEST "write of CR0, not intercepted", to_cr0, INTERCEPT_CR_WRITE, 1 << 3
        CR_TEST "write of CR2", to_cr2, INTERCEPT_CR_WRITE, 1 << 2
        CR_TEST "write of CR3", to_cr3, INTERCEPT_CR_WRITE, 1 << 3
        TEST    "write of CR4", to_cr4
        INTERCEPT INTERCEPT_CR_WRITE, 1 << 4
        call    enter
        CR_TEST "SMSW is a read of CR0", smsw_ax, INTERCEPT_CR_READ, 1 << 0
        CR_TEST "CLTS is a write of CR0", clear_ts, INTERCEPT_CR_WRITE, 1 << 0
        CR_TEST "LMSW is a write of CR0", lmsw_ax, INTERCEPT_CR_WRITE, 1 << 0
        SELECTIVE "selective: the same", to_cr0, 80000031h
        SELECTIVE "selective: TS", to_cr0, 80000039h
        SELECTIVE "selective: MP", to_cr0, 80000033h
        SELECTIVE "selective: WP", to_cr0, 80010031h
        SELECTIVE "selective: EM", to_cr0, 80000035h
        SELECTIVE "selective: CLTS", clear_ts, 0
        SELECTIVE "selective: LMSW, TS", lmsw_ax, 9
        SELECTIVE "selective: LMSW, EM", lmsw_ax, 5
        TEST    "selective and all: WP", to_cr0
        INTERCEPT INTERCEPT_3, INTERCEPT_CR0_SELECTIVE
        INTERCEPT INTERCEPT_CR_WRITE, 1
        mov     dword [guest_eax], 80010031h
        call    enter
        TEST    "write of CR0 at CPL 3", to_cr0
        call    user_guest
        INTERCEPT INTERCEPT_CR_WRITE, 1
        INTERCEPT INTERCEPT_EXCEPTIONS, 1 << 13
        call    enter
        TEST    "write of CR0, NW without CD", to_cr0
        INTERCEPT INTERCEPT_EXCEPTIONS, 1 << 13
        mov     dword [guest_eax], 0A0000031h
        call    enter
        TEST    "write of CR4, reserved bit", to_cr4
        INTERCEPT INTERCEPT_EXCEPTIONS, 1 << 13
        mov     dword [guest_eax], 80000010h
        call    enter
        TEST    "write of CR4, reserved bit, intercepted", to_cr4
        INTERCEPT INTERCEPT_CR_WRITE, 1 << 4
        INTERCEPT INTERCEPT_EXCEPTIONS, 1 << 13
        mov     dword [guest_eax], 80000010h
        call    enter

        CR_TEST "read of DR0", from_dr0, INTERCEPT_DR_READ, 1 << 0
        CR_TEST "read of DR6", from_dr6, INTERCEPT_DR_READ, 1 << 6
        CR_TEST "read of DR4, by the bit of DR4", from_dr4, INTERCEPT_DR_READ, 1 << 4
        CR_TEST "write of DR7", to_dr7, INTERCEPT_DR_WRITE, 1 << 7
        CR_TEST "write of DR3", to_dr3, INTERCEPT_DR_WRITE, 1 << 3
        TEST    "write of DR7 at CPL 3", to_dr7
        call    user_guest
        INTERCEPT INTERCEPT_DR_WRITE, 1 << 7
        INTERCEPT INTERCEPT_EXCEPTIONS, 1 << 13
        call    enter

        TEST    "write of DR7, GD", to_dr7
        PUT     GUEST_DR7, 2400h
        INTERCEPT INTERCEPT_DR_WRITE, 1 << 7
        INTERCEPT INTERCEPT_EXCEPTIONS, 1 << 1
        call    enter
        TEST    "read of DR4 with CR4.DE", from_dr4
        PUT     GUEST_CR4, 18h
        INTERCEPT INTERCEPT_DR_READ, 1 << 4
        INTERCEPT INTERCEPT_EXCEPTIONS, 1 << 6
        call    enter
        INSTRUCTION "SGDT", store_gdt, INTERCEPT_3, INTERCEPT_GDTR_READ
        INSTRUCTION "SIDT", store_idt, INTERCEPT_3, INTERCEPT_IDTR_READ
        INSTRUCTION "SLDT", store_ldt, INTERCEPT_3, INTERCEPT_LDTR_READ
        INSTRUCTION "STR", store_tr, INTERCEPT_3, INTERCEPT_TR_READ
        TEST    "LGDT", load_gdt
        INTERCEPT INTERCEPT_3, INTERCEPT_GDTR_WRITE
        call    enter
        TEST    "LIDT", load_idt
        INTERCEPT INTERCEPT_3, INTERCEPT_IDTR_WRITE
        call    enter
        TEST    "LLDT", load_ldt
        INTERCEPT INTERCEPT_3, INTERCEPT_LDTR_WRITE
        call    enter
        TEST    "LTR", load_tr
        INTERCEPT INTERCEPT_3, INTERCEPT_TR_WRITE
        call    enter
        TEST    "LGDT at CPL 3", load_gdt
        call    user_guest
        INTERCEPT INTERCEPT_3, INTERCEPT_GDTR_WRITE
        INTERCEPT INTERCEPT_EXCEPTIONS, 1 << 13
        call    enter
        INSTRUCTION "RDPMC", counter, INTERCEPT_3, INTERCEPT_RDPMC
        INSTRUCTION "PUSHF", push_flags, INTERCEPT_3, INTERCEPT_PUSHF
        INSTRUCTION "POPF", pop_flags, INTERCEPT_3, INTERCEPT_POPF
        INSTRUCTION "IRET", return, INTERCEPT_3, INTERCEPT_IRET
        INSTRUCTION "INT 51h", int_51, INTERCEPT_3, INTERCEPT_INTN
        INSTRUCTION "PAUSE", spin_hint, INTERCEPT_3, INTERCEPT_PAUSE
        INSTRUCTION "INVLPG", page_invlpg, INTERCEPT_3, INTERCEPT_INVLPG
        INSTRUCTION "INVLPGA", page_invlpga, INTERCEPT_3, INTERCEPT_INVLPGA
        INSTRUCTION "INVD", invalidate, INTERCEPT_3, INTERCEPT_INVD
        INSTRUCTION "WBINVD", write_back, INTERCEPT_4, INTERCEPT_WBINVD
        TEST    "RDTSC", time_stamp
        INTERCEPT INTERCEPT_3, INTERCEPT_RDTSC
        call    enter
        TEST    "RDTSC at CPL 3, TSD", time_stamp
        call    user_guest
        PUT     GUEST_CR4, 14h
        INTERCEPT INTERCEPT_3, INTERCEPT_RDTSC
        INTERCEPT INTERCEPT_EXCEPTIONS, 1 << 13
        call    enter
        TEST    "CPUID", identify
        INTERCEPT INTERCEPT_3, INTERCEPT_CPUID
        call    enter
        TEST    "CPUID at CPL 3", identify
        call    user_guest
        INTERCEPT INTERCEPT_3, INTERCEPT_CPUID
        call    enter
        TEST    "HLT", halt
        INTERCEPT INTERCEPT_3, INTERCEPT_HLT
        call    enter
        TEST    "HLT at CPL 3", halt
        call    user_guest
        INTERCEPT INTERCEPT_3, INTERCEPT_HLT
        INTERCEPT INTERCEPT_EXCEPTIONS, 1 << 13
        call    enter
        TEST    "VMRUN", run
        call    enter
        TEST    "VMRUN at CPL 3", run
        call    user_guest
        INTERCEPT INTERCEPT_EXCEPTIONS, 1 << 13
        call    enter
        TEST    "VMLOAD", load_rest
        INTERCEPT INTERCEPT_4, INTERCEPT_VMLOAD
        call    enter
        TEST    "VMSAVE", save_rest
        INTERCEPT INTERCEPT_4, INTERCEPT_VMSAVE
        call    enter
        TEST    "VMMCALL at CPL 3", call_host
        call    user_guest
        call    enter
        TEST    "VMMCALL, not intercepted", call_host
        mov     dword [VMCB+INTERCEPT_4], INTERCEPT_VMRUN
        INTERCEPT INTERCEPT_EXCEPTIONS, 1 << 6
        call    enter

        MSR_TEST "MSR: no bit", read_msr, SYSENTER_CS
        call    enter
        MSR_TEST "MSR: read bit, RDMSR", read_msr, SYSENTER_CS
        FORBID_MSR 0, 2 * SYSENTER_CS
        call    enter
        MSR_TEST "MSR: read bit, WRMSR", write_msr, SYSENTER_CS
        FORBID_MSR 0, 2 * SYSENTER_CS
        call    enter
        MSR_TEST "MSR: write bit, WRMSR", write_msr, SYSENTER_CS
        FORBID_MSR 0, 2 * SYSENTER_CS + 1
        call    enter
        MSR_TEST "MSR: write bit, RDMSR", read_msr, SYSENTER_CS
        FORBID_MSR 0, 2 * SYSENTER_CS + 1
        call    enter
        MSR_TEST "MSR: EFER, read bit", read_msr, EFER
        FORBID_MSR 800h, 2 * 80h
        call    enter
        MSR_TEST "MSR: VM_HSAVE_PA, write bit", write_msr, VM_HSAVE_PA
        FORBID_MSR 1000h, 2 * 117h + 1
        call    enter
        MSR_TEST "MSR: 2000h, in no range", read_msr, 2000h
        call    enter
        MSR_TEST "MSR: C0012000h, in no range", write_msr, 0C0012000h
        call    enter
        TEST    "MSR: bits without the intercept", read_msr
        mov     dword [guest_ecx], SYSENTER_CS
        FORBID_MSR 0, 2 * SYSENTER_CS
        call    enter
        MSR_TEST "MSR: at CPL 3", read_msr, SYSENTER_CS
        call    user_guest
        INTERCEPT INTERCEPT_EXCEPTIONS, 1 << 13
        FORBID_MSR 0, 2 * SYSENTER_CS
        call    enter
        jmp     finish

        GUEST   from_cr0
        mov     eax, cr0
        vmmcall
        GUEST   from_cr2
        mov     eax, cr2
        vmmcall
        GUEST   from_cr3
        mov     eax, cr3
        vmmcall
        GUEST   from_cr4
        mov     eax, cr4
        vmmcall
        GUEST   to_cr0
        mov     cr0, eax
        vmmcall
        GUEST   to_cr2
        mov     cr2, eax
        vmmcall
        GUEST   to_cr3
        mov     cr3, eax
        vmmcall
        GUEST   to_cr4
        mov     cr4, eax
        vmmcall
        GUEST   smsw_ax
        smsw    ax
        vmmcall
        GUEST   clear_ts
        clts
        vmmcall
        GUEST   lmsw_ax
        lmsw    ax
        vmmcall
        GUEST   from_dr0
        mov     eax, dr0
        vmmcall
        GUEST   from_dr4
        mov     eax, dr4
        vmmcall
        GUEST   from_dr6
        mov     eax, dr6
        vmmcall
        GUEST   to_dr3
        mov     dr3, eax
        vmmcall
        GUEST   to_dr7
        mov     dr7, eax
        vmmcall
        GUEST   store_gdt
        sgdt    [DATA]
        vmmcall
        GUEST   store_idt
        sidt    [DATA]
        vmmcall
        GUEST   store_ldt
        sldt    ax
        vmmcall
        GUEST   store_tr
        str     ax
        vmmcall
        GUEST   load_gdt
        lgdt    [DATA]
        vmmcall
        GUEST   load_idt
        lidt    [DATA]
        vmmcall
        GUEST   load_ldt
        lldt    ax
        vmmcall
        GUEST   load_tr
        ltr     ax
        vmmcall
        GUEST   counter
        mov     ecx, 0FFFFFFh
        rdpmc
        vmmcall
        GUEST   push_flags
        pushfd
        pop     eax
        vmmcall
        GUEST   pop_flags
        push    dword 2
        popfd
        vmmcall
        GUEST   return
        pushfd
        push    cs
        push    dword .there
        iretd
.there: vmmcall
        GUEST   int_51
        int     51h
        vmmcall
        GUEST   spin_hint
        pause
        vmmcall
        GUEST   page_invlpg
        invlpg  [WINDOW+123h]
        vmmcall
        GUEST   page_invlpga
        mov     ecx, 1
        invlpga
        vmmcall
        GUEST   invalidate
        invd
        vmmcall
        GUEST   write_back
        wbinvd
        vmmcall
        GUEST   time_stamp
        rdtsc
        vmmcall
        GUEST   identify
        cpuid
        vmmcall
        GUEST   halt
        hlt
        vmmcall
        GUEST   run
        vmrun
        vmmcall
        GUEST   load_rest
        vmload
        vmmcall
        GUEST   save_rest
        vmsave
        vmmcall
        GUEST   call_host
        vmmcall
        GUEST   read_msr
        rdmsr
        vmmcall
        GUEST   write_msr
        wrmsr
        vmmcall
        HOST
