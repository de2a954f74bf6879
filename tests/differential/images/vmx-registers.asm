; Control registers with masks and shadows, CR3 targets, debug registers, and the other instructions that may exit.

%include "vmx.inc"

%macro CR0_TEST 5                       ; name, guest, EAX, mask, shadow
        TEST    %1, %2
        VMWRITE CR0_MASK, %4
        VMWRITE CR0_SHADOW, %5
        mov     dword [guest_eax], %3
        call    enter
        call    print_cr0
%endmacro
%macro CR4_TEST 5
        TEST    %1, %2
        VMWRITE CR4_MASK, %4
        VMWRITE CR4_SHADOW, %5
        mov     dword [guest_eax], %3
        call    enter
%endmacro

tests:  CR0_TEST "CR0: no mask, TS set", to_cr0, 80000039h, 0, 0
        CR0_TEST "CR0: no mask, WP set", to_cr0, 80010031h, 0, 0
        CR0_TEST "CR0: PG cleared", to_cr0_fault, 31h, 0, 0
        CR0_TEST "CR0: NE cleared", to_cr0_fault, 80000011h, 0, 0
        CR0_TEST "CR0: ET cleared", to_cr0, 80000021h, 0, 0
        CR0_TEST "CR0: mask TS, as in the shadow", to_cr0, 80000031h, 8, 0
        CR0_TEST "CR0: mask TS, not as in the shadow", to_cr0, 80000039h, 8, 0
        CR0_TEST "CR0: mask TS, shadow 1, written 1", to_cr0, 80000039h, 8, 8
        CR0_TEST "CR0: mask TS, shadow 1, written 0", to_cr0, 80000031h, 8, 8
        CR0_TEST "CR0: mask all, WP", to_cr0, 80010031h, -1, 80000031h
        CR0_TEST "CR0: mask all, as the shadow", to_cr0, 80000031h, -1, 80000031h
        CR0_TEST "CR0: read, no mask", from_cr0, 0, 0, 0
        CR0_TEST "CR0: read, mask of the upper half", from_cr0, 0, 0FFFF0000h, 12345678h
        CR0_TEST "CR0: SMSW, mask", smsw_eax, 0, 0FFFFh, 12345678h
        CR0_TEST "CLTS, no mask", clear_ts, 0, 0, 8
        CR0_TEST "CLTS, mask, shadow 0", clear_ts, 0, 8, 0
        CR0_TEST "CLTS, mask, shadow 1", clear_ts, 0, 8, 8
        CR0_TEST "LMSW, no mask, TS", lmsw_ax, 9, 0, 0
        CR0_TEST "LMSW, no mask, PE cleared", lmsw_ax, 0, 0, 0
        CR0_TEST "LMSW, mask TS, differs", lmsw_ax, 9, 8, 0
        CR0_TEST "LMSW, mask TS, same", lmsw_ax, 9, 8, 8
        CR0_TEST "LMSW, mask PE, set where the shadow is 0", lmsw_ax, 1, 1, 0
        CR0_TEST "LMSW, mask PE, cleared where the shadow is 1", lmsw_ax, 0, 1, 1
        CR0_TEST "LMSW, mask MP EM, upper bits differ", lmsw_ax, 0FFF1h, 6, 0
        CR0_TEST "LMSW from memory", lmsw_memory, 0, 8, 0
        CR0_TEST "MOV to CR0 from ESI", to_cr0_esi, 0, -1, 0
        CR4_TEST "CR4: no mask, TSD", to_cr4, 2014h, 0, 0
        CR4_TEST "CR4: no mask, VMXE cleared", to_cr4_fault, 10h, 0, 0
        CR4_TEST "CR4: mask VMXE, shadow 0, written 0", to_cr4, 10h, 2000h, 0
        CR4_TEST "CR4: mask VMXE, shadow 0, written 1", to_cr4, 2010h, 2000h, 0
        CR4_TEST "CR4: read, mask", from_cr4, 0, 2000h, 0
        CR4_TEST "CR4: reserved bit", to_cr4_fault, 80002010h, 0, 0
        CR4_TEST "CR4: mask PSE, from EBP", to_cr4_ebp, 0, 10h, 10h

        TEST    "CR3: load exits", to_cr3
        SET_BITS CPU_CONTROLS, CPU_CR3_LOAD
        mov     dword [guest_eax], GUEST_PAGES
        call    enter
        TEST    "CR3: load exits, a target", to_cr3
        SET_BITS CPU_CONTROLS, CPU_CR3_LOAD
        VMWRITE CR3_TARGET, 0
        VMWRITE CR3_TARGET + 2, GUEST_PAGES
        VMWRITE CR3_TARGET_COUNT, 2
        mov     dword [guest_eax], GUEST_PAGES
        call    enter
        TEST    "CR3: load exits, a target beyond the count", to_cr3
        SET_BITS CPU_CONTROLS, CPU_CR3_LOAD
        VMWRITE CR3_TARGET_COUNT, 1
        mov     dword [guest_eax], GUEST_PAGES
        call    enter
        TEST    "CR3: four targets", to_cr3
        SET_BITS CPU_CONTROLS, CPU_CR3_LOAD
        VMWRITE CR3_TARGET + 4, 1
        VMWRITE CR3_TARGET + 6, GUEST_PAGES | 8
        VMWRITE CR3_TARGET_COUNT, 4
        mov     dword [guest_eax], GUEST_PAGES | 8
        call    enter
        TEST    "CR3: five targets", to_cr3
        VMWRITE CR3_TARGET_COUNT, 5
        call    enter
        TEST    "CR3: store exits", from_cr3
        SET_BITS CPU_CONTROLS, CPU_CR3_STORE
        call    enter
        TEST    "CR3: store exits at CPL 3", from_cr3
        SET_BITS CPU_CONTROLS, CPU_CR3_STORE
        call    user_guest
        VMWRITE EXCEPTION_BITMAP, 1 << 13
        call    enter

        TEST    "DR: no exit", to_dr7
        mov     dword [guest_eax], 400h
        call    enter
        TEST    "DR: MOV to DR7", to_dr7
        SET_BITS CPU_CONTROLS, CPU_MOV_DR
        call    enter
        TEST    "DR: MOV from DR6", from_dr6
        SET_BITS CPU_CONTROLS, CPU_MOV_DR
        call    enter
        TEST    "DR: MOV to DR3 from EDI", to_dr3
        SET_BITS CPU_CONTROLS, CPU_MOV_DR
        call    enter
        TEST    "DR: MOV from DR4", from_dr4
        SET_BITS CPU_CONTROLS, CPU_MOV_DR
        call    enter
        TEST    "DR: at CPL 3", to_dr7
        SET_BITS CPU_CONTROLS, CPU_MOV_DR
        call    user_guest
        VMWRITE EXCEPTION_BITMAP, 1 << 13
        call    enter
        TEST    "DR: GD, and the exit", to_dr7
        SET_BITS CPU_CONTROLS, CPU_MOV_DR
        VMWRITE GUEST_DR7, 2400h
        SET_BITS ENTRY_CONTROLS, ENTRY_LOAD_DEBUG
        VMWRITE EXCEPTION_BITMAP, 2
        call    enter
        TEST    "DR: saved DR7", to_dr7
        SET_BITS EXIT_CONTROLS, EXIT_SAVE_DEBUG
        SET_BITS ENTRY_CONTROLS, ENTRY_LOAD_DEBUG
        mov     dword [guest_eax], 400h | 1 << 16
        call    enter
        call    print_name
        PRINT   "dr7 "
        VMREAD  GUEST_DR7
        call    print_hex
        call    print_line

        TEST    "INVLPG", page_invlpg
        SET_BITS CPU_CONTROLS, CPU_INVLPG
        call    enter
        TEST    "INVLPG, FS with a base", page_invlpg_fs
        SEGMENT 4, DATA0, 1000h, -1, 0C093h
        SET_BITS CPU_CONTROLS, CPU_INVLPG
        call    enter
        TEST    "INVLPG, beyond the segment", page_invlpg_fs
        SEGMENT 4, DATA0, 1000h, 0FFh, 4093h
        SET_BITS CPU_CONTROLS, CPU_INVLPG
        call    enter
        TEST    "RDTSC", time_stamp
        SET_BITS CPU_CONTROLS, CPU_RDTSC
        call    enter
        TEST    "RDTSC at CPL 3, TSD", time_stamp
        SET_BITS CPU_CONTROLS, CPU_RDTSC
        call    user_guest
        VMWRITE GUEST_CR4, 2014h
        VMWRITE EXCEPTION_BITMAP, 1 << 13
        call    enter
        TEST    "RDTSC at CPL 3", time_stamp
        SET_BITS CPU_CONTROLS, CPU_RDTSC
        call    user_guest
        call    enter
        TEST    "RDPMC", counter
        SET_BITS CPU_CONTROLS, CPU_RDPMC
        call    enter
        TEST    "RDPMC at CPL 3, no PCE", counter
        SET_BITS CPU_CONTROLS, CPU_RDPMC
        call    user_guest
        VMWRITE EXCEPTION_BITMAP, 1 << 13
        call    enter
        TEST    "PAUSE", spin_hint
        SET_BITS CPU_CONTROLS, CPU_PAUSE
        call    enter
        TEST    "PAUSE, no exit", spin_hint
        call    enter
        TEST    "PAUSE at CPL 3", spin_hint
        SET_BITS CPU_CONTROLS, CPU_PAUSE
        call    user_guest
        call    enter
        TEST    "HLT", halt
        SET_BITS CPU_CONTROLS, CPU_HLT
        call    enter
        TEST    "HLT at CPL 3", halt
        SET_BITS CPU_CONTROLS, CPU_HLT
        call    user_guest
        VMWRITE EXCEPTION_BITMAP, 1 << 13
        call    enter
        TEST    "CPUID with prefixes", prefixed_cpuid
        call    enter
        TEST    "INVD", invalidate
        call    enter
        TEST    "INVD at CPL 3", invalidate
        call    user_guest
        VMWRITE EXCEPTION_BITMAP, 1 << 13
        call    enter
        TEST    "WBINVD, no exit", write_back
        call    enter
        TEST    "an instruction that straddles a page", WINDOW + 0FFFh
        mov     word [FREE+0FFFh], 0A20Fh       ; CPUID
        call    enter
        TEST    "an instruction that runs into no page", WINDOW + 0FFFh
        mov     byte [FREE+0FFFh], 0Fh
        mov     dword [WINDOW_TABLE+4], 0
        VMWRITE EXCEPTION_BITMAP, 1 << 14
        call    enter
        TEST    "an instruction of 16 bytes", sixteen
        VMWRITE EXCEPTION_BITMAP, 1 << 13
        call    enter
        TEST    "an instruction of 15 bytes", fifteen
        call    enter
        jmp     finish

print_cr0:
        call    print_name
        PRINT   "cr0 "
        VMREAD  GUEST_CR0
        call    print_hex
        jmp     print_line

        GUEST   to_cr0
        mov     cr0, eax
        vmcall
        GUEST   to_cr0_fault
        mov     cr0, eax
        vmcall
        GUEST   to_cr0_esi
        mov     cr0, esi
        vmcall
        GUEST   from_cr0
        mov     eax, cr0
        vmcall
        GUEST   smsw_eax
        smsw    ax
        vmcall
        GUEST   clear_ts
        clts
        vmcall
        GUEST   lmsw_ax
        lmsw    ax
        vmcall
        GUEST   lmsw_memory
        mov     word [DATA+2], 9
        lmsw    [DATA+2]
        vmcall
        GUEST   to_cr4
        mov     cr4, eax
        vmcall
        GUEST   to_cr4_fault
        mov     cr4, eax
        vmcall
        GUEST   to_cr4_ebp
        mov     cr4, ebp
        vmcall
        GUEST   from_cr4
        mov     eax, cr4
        vmcall
        GUEST   to_cr3
        mov     cr3, eax
        vmcall
        GUEST   from_cr3
        mov     edx, cr3
        vmcall
        GUEST   to_dr7
        mov     dr7, eax
        vmcall
        GUEST   to_dr3
        mov     dr3, edi
        vmcall
        GUEST   from_dr6
        mov     ecx, dr6
        vmcall
        GUEST   from_dr4
        mov     ebx, dr4
        vmcall
        GUEST   page_invlpg
        invlpg  [ebp+WINDOW+123h]
        vmcall
        GUEST   page_invlpg_fs
        invlpg  [fs:WINDOW]
        vmcall
        GUEST   time_stamp
        rdtsc
        vmcall
        GUEST   counter
        rdpmc
        vmcall
        GUEST   spin_hint
        pause
        vmcall
        GUEST   halt
        hlt
        vmcall
        GUEST   prefixed_cpuid
        db      2Eh, 66h, 67h
        cpuid
        vmcall
        GUEST   invalidate
        invd
        vmcall
        GUEST   write_back
        wbinvd
        vmcall
        GUEST   sixteen
        times   14 db 2Eh
        cpuid
        vmcall
        GUEST   fifteen
        times   13 db 2Eh
        cpuid
        vmcall
        HOST
