; MONITOR and MWAIT, RDTSCP, the TPR by MSR, and the virtual interrupt flags of VME and PVI.

%include "vmx.inc"

LINE            equ DATA + 100h
VIF_AND_VIP     equ 1 << 19 | 1 << 20
CR4_VME         equ 1 << 0
CR4_PVI         equ 1 << 1

%macro MWAIT_TEST 2                     ; name, guest
        TEST    %1, %2
        SET_BITS CPU_CONTROLS, CPU_MWAIT
        call    enter
%endmacro
%macro FAULT_TEST 2                     ; name, guest
        TEST    %1, %2
        VMWRITE EXCEPTION_BITMAP, 1 << 6 | 1 << 13
        call    enter
%endmacro

tests:  TEST    "MONITOR exits", monitor_only
        SET_BITS CPU_CONTROLS, CPU_MONITOR
        call    enter
        TEST    "MONITOR exits, an extension asked for", monitor_extension
        SET_BITS CPU_CONTROLS, CPU_MONITOR
        call    enter
        MWAIT_TEST "MWAIT exits, nothing watched", mwait_only
        MWAIT_TEST "MWAIT exits, armed", monitor_mwait
        MWAIT_TEST "MWAIT exits, a store to the line", monitor_store_mwait
        MWAIT_TEST "MWAIT exits, a store behind the line", monitor_other_mwait
        MWAIT_TEST "MWAIT exits, armed before another exit", monitor_cpuid
        call    skip
        call    enter
        TEST    "MWAIT, nothing watched", mwait_only
        call    enter
        TEST    "MWAIT, a store to the line", monitor_store_mwait
        call    enter
        TEST    "MWAIT, masked interrupts end it, window", monitor_mwait_masked
        SET_BITS CPU_CONTROLS, CPU_INTERRUPT_WINDOW
        call    enter
        FAULT_TEST "MONITOR, an extension asked for", monitor_extension
        FAULT_TEST "MWAIT, a reserved extension", mwait_reserved
        FAULT_TEST "RDTSCP without its control", rdtscp_only
        TEST    "MONITOR, CPL 3", monitor_only
        SET_BITS CPU_CONTROLS, CPU_MONITOR
        VMWRITE EXCEPTION_BITMAP, 1 << 6
        call    user_guest
        call    enter
        TEST    "MWAIT, CPL 3", mwait_only
        SET_BITS CPU_CONTROLS, CPU_MWAIT
        VMWRITE EXCEPTION_BITMAP, 1 << 6
        call    user_guest
        call    enter

        TEST    "RDTSCP exits", rdtscp_only
        SECONDARY 1 << 3
        SET_BITS CPU_CONTROLS, CPU_RDTSC
        call    enter
        TEST    "RDTSCP", rdtscp_only
        SECONDARY 1 << 3
        call    enter

        TEST    "VIF and VIP, virtual-8086 mode", nops16
        SET_BITS GUEST_CR4, CR4_VME
        VMWRITE EXCEPTION_BITMAP, 1 << 13
        xor     eax, eax
        call    vm86_guest
        SET_BITS GUEST_EFLAGS, VIF_AND_VIP
        call    enter
        TEST    "VIF and VIP, no VME", nops16
        VMWRITE EXCEPTION_BITMAP, 1 << 13
        xor     eax, eax
        call    vm86_guest
        SET_BITS GUEST_EFLAGS, VIF_AND_VIP
        call    enter
        TEST    "VIF and VIP, IOPL 3", nops16
        SET_BITS GUEST_CR4, CR4_VME
        VMWRITE EXCEPTION_BITMAP, 1 << 13
        mov     eax, 3 << 12
        call    vm86_guest
        SET_BITS GUEST_EFLAGS, VIF_AND_VIP
        call    enter
        TEST    "VIF and VIP, PVI, CPL 3", nops
        SET_BITS GUEST_CR4, CR4_PVI
        VMWRITE EXCEPTION_BITMAP, 1 << 13
        call    user_guest
        SET_BITS GUEST_EFLAGS, VIF_AND_VIP
        call    enter
        TEST    "VIF and VIP, PVI, CPL 0", nops
        SET_BITS GUEST_CR4, CR4_PVI
        VMWRITE EXCEPTION_BITMAP, 1 << 13
        SET_BITS GUEST_EFLAGS, VIF_AND_VIP
        call    enter
        jmp     finish

        GUEST   nops
        nop
        vmcall
        GUEST16 nops16
        nop
        vmcall
        GUEST   monitor_only
        mov     eax, LINE
        xor     ecx, ecx
        xor     edx, edx
        monitor
        vmcall
        GUEST   monitor_extension
        mov     eax, LINE
        mov     ecx, 1
        monitor
        vmcall
        GUEST   mwait_only
        xor     eax, eax
        xor     ecx, ecx
        mwait
        vmcall
        GUEST   mwait_reserved
        mov     ecx, 2
        mwait
        vmcall
        GUEST   monitor_mwait
        mov     eax, LINE
        xor     ecx, ecx
        xor     edx, edx
        monitor
        mwait
        vmcall
        GUEST   monitor_mwait_masked
        mov     eax, LINE
        xor     ecx, ecx
        xor     edx, edx
        monitor
        mov     ecx, 1
        mwait
        vmcall
        GUEST   monitor_store_mwait
        mov     eax, LINE
        xor     ecx, ecx
        xor     edx, edx
        monitor
        mov     byte [LINE + 10h], 1
        mwait
        vmcall
        GUEST   monitor_other_mwait
        mov     byte [LINE + 80h], 1
        mov     eax, LINE
        xor     ecx, ecx
        xor     edx, edx
        monitor
        mov     byte [LINE + 80h], 2
        mwait
        vmcall
        GUEST   monitor_cpuid
        mov     eax, LINE
        xor     ecx, ecx
        xor     edx, edx
        monitor
        cpuid
        xor     ecx, ecx
        mwait
        vmcall
        GUEST   rdtscp_only
        rdtscp
        xor     eax, eax                ; the time differs
        vmcall
        HOST
