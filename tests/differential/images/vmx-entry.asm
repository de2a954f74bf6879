; VMX instructions that fail, entries that fail: the error numbers, exit reasons 33 and 34 and their qualifications.

%define BEFORE_VMXON
%include "vmx.inc"

OTHER_REGION    equ VMX_FREE

; ATTEMPT name, instruction: what it says of itself
%macro ATTEMPT 2+
        section .names
%%name: db      %1, 0
        section .text
        mov     dword [test_name], %%name
        FAULT_TO %%after
        %2
        call    print_result
%%after:
        mov     dword [fault_to], 0
%endmacro
%macro LAUNCH 1
        TEST    %1, plain
        mov     byte [launched], 0
%endmacro
; One field that must not be so
%macro BAD 3
        TEST    %1, plain
        VMWRITE %2, %3
        call    enter
%endmacro
; A control field with bits of its own, whatever may be 1
%macro BAD_BITS 3
        TEST    %1, plain
        SET_BITS %2, %3
        call    enter
%endmacro
%macro BAD_SEGMENT 6
        TEST    %1, plain
        SEGMENT %2, %3, %4, %5, %6
        call    enter
%endmacro

tests:  ATTEMPT "VMREAD before VMXON", vmread edx, ecx
        ATTEMPT "VMPTRLD before VMXON", vmptrld [vmcs_pointer]
        ATTEMPT "VMLAUNCH before VMXON", vmlaunch
        ATTEMPT "VMXON of an address unaligned", vmxon [unaligned]
        ATTEMPT "VMXON of an address too wide", vmxon [too_wide]
        mov     dword [VMXON_REGION], 12345678h
        ATTEMPT "VMXON of a region of another revision", vmxon [vmxon_pointer]
        mov     eax, [revision]
        mov     [VMXON_REGION], eax
        mov     eax, 10h
        mov     cr4, eax
        ATTEMPT "VMXON without CR4.VMXE", vmxon [vmxon_pointer]
        mov     eax, 2010h
        mov     cr4, eax
        ATTEMPT "VMXON", vmxon [vmxon_pointer]
        ATTEMPT "MOV to CR4 clearing VMXE", call clear_vmxe
        ATTEMPT "MOV to CR0 clearing PG", call clear_paging
        mov     ecx, EXIT_REASON
        ATTEMPT "VMREAD without a current VMCS", vmread edx, ecx
        ATTEMPT "VMWRITE without a current VMCS", vmwrite ecx, edx
        ATTEMPT "VMLAUNCH without a current VMCS", vmlaunch
        ATTEMPT "VMRESUME without a current VMCS", vmresume
        ATTEMPT "VMCLEAR of the VMXON region, no current VMCS", vmclear [vmxon_pointer]
        ATTEMPT "VMPTRST without a current VMCS", vmptrst [stored]
        mov     dword [test_name], stored_name
        call    print_stored
        ATTEMPT "VMCLEAR", vmclear [vmcs_pointer]
        ATTEMPT "VMPTRLD", vmptrld [vmcs_pointer]
        ATTEMPT "VMPTRST", vmptrst [stored]
        mov     dword [test_name], stored_name
        call    print_stored
        ATTEMPT "VMXON in root operation", vmxon [vmxon_pointer]
        ATTEMPT "VMCLEAR of an address unaligned", vmclear [unaligned]
        ATTEMPT "VMCLEAR of an address too wide", vmclear [too_wide]
        ATTEMPT "VMCLEAR of the VMXON region", vmclear [vmxon_pointer]
        ATTEMPT "VMPTRLD of an address unaligned", vmptrld [unaligned]
        ATTEMPT "VMPTRLD of an address too wide", vmptrld [too_wide]
        ATTEMPT "VMPTRLD of the VMXON region", vmptrld [vmxon_pointer]
        mov     dword [OTHER_REGION], 12345678h
        ATTEMPT "VMPTRLD of another revision", vmptrld [other_pointer]
        mov     eax, [revision]
        mov     [OTHER_REGION], eax
        mov     ecx, 5555h
        ATTEMPT "VMREAD of no field", vmread edx, ecx
        ATTEMPT "VMWRITE of no field", vmwrite ecx, edx
        mov     ecx, 4402h
        ATTEMPT "VMWRITE of the exit reason", vmwrite ecx, edx
        mov     ecx, 6801h
        ATTEMPT "VMREAD of the upper half of a field without one", vmread edx, ecx
        ATTEMPT "VMREAD after all that: the current VMCS is the same", vmptrst [stored]
        call    print_stored
        ATTEMPT "VMRESUME of a clear VMCS", vmresume
        mov     ecx, HOST_EIP
        ATTEMPT "VMLAUNCH of an empty VMCS", vmlaunch

        LAUNCH  "entry with MOV SS blocking"
        mov     eax, ss
        FAULT_TO after_mov_ss
        mov     ss, eax
        vmlaunch
        call    print_result
after_mov_ss:
        mov     dword [fault_to], 0

        ; Controls: error 7
        BAD_BITS "pin control 1 << 31", PIN_CONTROLS, 1 << 31
        TEST    "pin controls 0", plain
        VMWRITE PIN_CONTROLS, 0
        call    enter
        TEST    "processor controls 0", plain
        VMWRITE CPU_CONTROLS, 0
        call    enter
        BAD_BITS "processor control 0", CPU_CONTROLS, 1
        BAD_BITS "exit control 0", EXIT_CONTROLS, 1
        TEST    "exit controls 0", plain
        VMWRITE EXIT_CONTROLS, 0
        call    enter
        BAD_BITS "entry control 0", ENTRY_CONTROLS, 1
        TEST    "I/O map A unaligned", plain
        SET_BITS CPU_CONTROLS, CPU_IO_BITMAPS
        VMWRITE IO_BITMAP_A, IO_MAP_A + 800h
        call    enter
        TEST    "I/O map B unaligned", plain
        SET_BITS CPU_CONTROLS, CPU_IO_BITMAPS
        VMWRITE IO_BITMAP_B, IO_MAP_B + 1
        call    enter
        TEST    "MSR map unaligned", plain
        SET_BITS CPU_CONTROLS, CPU_MSR_BITMAPS
        VMWRITE MSR_BITMAP, MSR_MAP + 10h
        call    enter
        TEST    "TPR threshold above 15", plain
        SET_BITS CPU_CONTROLS, CPU_TPR_SHADOW
        VMWRITE TPR_THRESHOLD, 10h
        call    enter
        TEST    "TPR threshold above the virtual TPR", plain
        SET_BITS CPU_CONTROLS, CPU_TPR_SHADOW
        VMWRITE TPR_THRESHOLD, 1
        call    enter
        TEST    "virtual-APIC page unaligned", plain
        SET_BITS CPU_CONTROLS, CPU_TPR_SHADOW
        VMWRITE VIRTUAL_APIC_ADDRESS, VIRTUAL_APIC + 8
        call    enter
        BAD     "CR3 targets 5", CR3_TARGET_COUNT, 5
        TEST    "exit store list unaligned", plain
        VMWRITE EXIT_MSR_STORE, MSR_LISTS + 8
        VMWRITE EXIT_MSR_STORE_COUNT, 1
        call    enter
        BAD     "injected: INT of length 0", ENTRY_EVENT, EVENT_INT | 51h
        TEST    "NMI window without virtual NMIs", plain
        SET_BITS CPU_CONTROLS, CPU_NMI_WINDOW
        call    enter
        TEST    "virtual NMIs without NMI exiting", plain
        SET_BITS PIN_CONTROLS, PIN_VIRTUAL_NMIS
        call    enter
        TEST    "save timer without timer", plain
        SET_BITS EXIT_CONTROLS, EXIT_SAVE_TIMER
        call    enter
        ; Host state: error 8
        BAD     "host CR0 without PE", HOST_CR0, 80000030h
        BAD     "host CR0 without NE", HOST_CR0, 80000011h
        BAD     "host CR4 without VMXE", HOST_CR4, 10h
        BAD     "host CR4, bit 31", HOST_CR4, 80002010h
        BAD     "host CS null", HOST_CS, 0
        BAD     "host CS, RPL 3", HOST_CS, 0Bh
        BAD     "host SS null", HOST_SS, 0
        BAD     "host FS null", HOST_FS, 0
        BAD     "host FS, TI", HOST_FS, 14h
        BAD     "host TR null", HOST_TR, 0
        BAD     "host SYSENTER_CS is of no matter", HOST_SYSENTER_CS, 1234h
        TEST    "host PAT of type 2", plain
        SET_BITS EXIT_CONTROLS, EXIT_LOAD_PAT
        VMWRITE HOST_PAT, 2
        call    enter
        TEST    "host EFER, reserved bit", plain
        SET_BITS EXIT_CONTROLS, EXIT_LOAD_EFER
        VMWRITE HOST_EFER, 2
        call    enter
        ; Guest state: reason 33
        BAD     "CR0 without PE", GUEST_CR0, 80000030h
        BAD     "CR0 without PE and PG", GUEST_CR0, 30h
        BAD     "CR0 without PG", GUEST_CR0, 31h
        BAD     "CR0 without NE", GUEST_CR0, 80000011h
        BAD     "CR0 with CD and NW", GUEST_CR0, 0E0000031h
        BAD     "CR0 with NW", GUEST_CR0, 0A0000031h
        BAD     "CR4 without VMXE", GUEST_CR4, 10h
        BAD     "CR4, bit 31", GUEST_CR4, 80002010h
        TEST    "DEBUGCTL, reserved bits, not loaded", plain
        CLEAR_BITS ENTRY_CONTROLS, ENTRY_LOAD_DEBUG
        VMWRITE GUEST_DEBUGCTL, 10000h
        call    enter
        TEST    "PAT of type 2", plain
        SET_BITS ENTRY_CONTROLS, ENTRY_LOAD_PAT
        VMWRITE GUEST_PAT, 2
        call    enter
        TEST    "EFER, reserved bit", plain
        SET_BITS ENTRY_CONTROLS, ENTRY_LOAD_EFER
        VMWRITE GUEST_EFER, 2
        call    enter
        TEST    "EFER.LMA without the control", plain
        SET_BITS ENTRY_CONTROLS, ENTRY_LOAD_EFER
        VMWRITE GUEST_EFER, 400h
        call    enter
        BAD     "EFLAGS without bit 1", GUEST_EFLAGS, 0
        BAD     "EFLAGS, bit 3", GUEST_EFLAGS, 0Ah
        BAD     "EFLAGS, bit 22", GUEST_EFLAGS, 400002h
        BAD     "EFLAGS.VM, flat segments", GUEST_EFLAGS, 20002h
        BAD     "CS.RPL 3 with SS.RPL 0", GUEST_CS, 0Bh
        BAD     "CS rights: data", GUEST_CS_RIGHTS, 0C093h
        BAD     "CS rights: code not accessed", GUEST_CS_RIGHTS, 0C09Ah
        BAD     "CS rights: not present", GUEST_CS_RIGHTS, 0C01Bh
        BAD     "CS rights: system", GUEST_CS_RIGHTS, 0C08Bh
        BAD     "CS rights: reserved bit 8", GUEST_CS_RIGHTS, 0C19Bh
        BAD     "CS rights: reserved bit 17", GUEST_CS_RIGHTS, 2C09Bh
        BAD     "CS rights: DPL 3", GUEST_CS_RIGHTS, 0C0FBh
        BAD     "CS rights: conforming, DPL 0", GUEST_CS_RIGHTS, 0C09Fh
        BAD     "CS rights: conforming, DPL 3", GUEST_CS_RIGHTS, 0C0FFh
        BAD     "CS rights: unusable", GUEST_CS_RIGHTS, 1C09Bh
        BAD     "CS limit, G=0", GUEST_CS_RIGHTS, 409Bh
        BAD     "CS limit, G=1 and low bits 0", GUEST_CS_LIMIT, 0FFFFF000h
        BAD     "SS rights: code", GUEST_SS_RIGHTS, 0C09Bh
        BAD     "SS rights: read-only", GUEST_SS_RIGHTS, 0C091h
        BAD     "SS rights: expand-down", GUEST_SS_RIGHTS, 0C097h
        BAD     "SS rights: DPL 3", GUEST_SS_RIGHTS, 0C0F3h
        BAD     "SS rights: unusable", GUEST_SS_RIGHTS, 10000h
        BAD     "SS RPL 3", GUEST_SS, 13h
        BAD     "DS rights: execute-only code", GUEST_DS_RIGHTS, 0C099h
        BAD     "DS rights: readable code", GUEST_DS_RIGHTS, 0C09Bh
        BAD     "DS rights: not accessed", GUEST_DS_RIGHTS, 0C092h
        BAD     "DS rights: DPL 0, RPL 3", GUEST_DS, 13h
        BAD     "DS rights: unusable, and wrong", GUEST_DS_RIGHTS, 1C19Ah
        BAD     "DS rights: bit 11", GUEST_DS_RIGHTS, 0C893h
        BAD     "TR: unusable", GUEST_TR_RIGHTS, 1008Bh
        BAD     "TR: available", GUEST_TR_RIGHTS, 89h
        BAD     "TR: 16-bit, busy", GUEST_TR_RIGHTS, 83h
        BAD     "TR: LDT", GUEST_TR_RIGHTS, 82h
        BAD     "TR: TI", GUEST_TR, 2Ch
        BAD     "TR: not present", GUEST_TR_RIGHTS, 0Bh
        BAD     "TR: limit", GUEST_TR_LIMIT, 1FFFFFh
        BAD     "LDTR: usable, type 2", GUEST_LDTR_RIGHTS, 82h
        BAD     "LDTR: usable, a TSS", GUEST_LDTR_RIGHTS, 8Bh
        BAD     "LDTR: usable, not present", GUEST_LDTR_RIGHTS, 2
        TEST    "LDTR: usable, TI", plain
        VMWRITE GUEST_LDTR_RIGHTS, 82h
        VMWRITE GUEST_LDTR, 4
        call    enter
        BAD     "GDTR limit above 16 bits", GUEST_GDTR_LIMIT, 10000h
        BAD     "IDTR limit above 16 bits", GUEST_IDTR_LIMIT, 10000h
        BAD     "activity 4", GUEST_ACTIVITY, 4
        TEST    "activity HLT at CPL 3", plain
        call    user_guest
        VMWRITE GUEST_ACTIVITY, ACTIVITY_HLT
        call    enter
        TEST    "activity HLT, STI blocks", plain
        VMWRITE GUEST_EFLAGS, 202h
        VMWRITE GUEST_ACTIVITY, ACTIVITY_HLT
        VMWRITE GUEST_INTERRUPTIBILITY, BLOCKING_STI
        call    enter
        TEST    "activity HLT, #UD injected", plain
        VMWRITE GUEST_ACTIVITY, ACTIVITY_HLT
        VMWRITE ENTRY_EVENT, EVENT_EXCEPTION | 6
        call    enter
        TEST    "activity HLT, #DB injected", plain
        VMWRITE GUEST_ACTIVITY, ACTIVITY_HLT
        VMWRITE ENTRY_EVENT, EVENT_EXCEPTION | 1
        call    enter
        TEST    "activity shutdown, #MC injected", plain
        VMWRITE GUEST_ACTIVITY, ACTIVITY_SHUTDOWN
        VMWRITE ENTRY_EVENT, EVENT_EXCEPTION | 18
        call    enter
        TEST    "wait-for-SIPI, interrupt injected", plain
        VMWRITE GUEST_EFLAGS, 202h
        VMWRITE GUEST_ACTIVITY, 3
        VMWRITE ENTRY_EVENT, EVENT_INTERRUPT | 20h
        call    enter
        BAD     "interruptibility, bit 5", GUEST_INTERRUPTIBILITY, 20h
        BAD     "STI blocks, IF=0", GUEST_INTERRUPTIBILITY, BLOCKING_STI
        TEST    "STI and MOV SS block", plain
        VMWRITE GUEST_EFLAGS, 202h
        VMWRITE GUEST_INTERRUPTIBILITY, BLOCKING_STI | BLOCKING_MOV_SS
        call    enter
        TEST    "STI blocks, interrupt injected", plain
        VMWRITE GUEST_EFLAGS, 202h
        VMWRITE GUEST_INTERRUPTIBILITY, BLOCKING_STI
        VMWRITE ENTRY_EVENT, EVENT_INTERRUPT | 20h
        call    enter
        TEST    "MOV SS blocks, interrupt injected", plain
        VMWRITE GUEST_EFLAGS, 202h
        VMWRITE GUEST_INTERRUPTIBILITY, BLOCKING_MOV_SS
        VMWRITE ENTRY_EVENT, EVENT_INTERRUPT | 20h
        call    enter
        TEST    "MOV SS blocks, NMI injected", plain
        VMWRITE GUEST_INTERRUPTIBILITY, BLOCKING_MOV_SS
        VMWRITE ENTRY_EVENT, EVENT_NMI
        call    enter
        BAD     "blocked by SMI", GUEST_INTERRUPTIBILITY, 4
        BAD     "pending debug, bit 4", GUEST_PENDING_DEBUG, 10h
        BAD     "pending debug, bit 13", GUEST_PENDING_DEBUG, 2000h
        TEST    "pending debug: no BS, TF, MOV SS blocks", plain
        VMWRITE GUEST_EFLAGS, 102h
        VMWRITE GUEST_INTERRUPTIBILITY, BLOCKING_MOV_SS
        call    enter
        ; Should the entry succeed, the timer ends the HLT.
        TEST    "pending debug: BS, no TF, HLT", plain
        SET_BITS PIN_CONTROLS, PIN_TIMER
        VMWRITE TIMER, 1000
        VMWRITE GUEST_PENDING_DEBUG, 1 << 14
        VMWRITE GUEST_ACTIVITY, ACTIVITY_HLT
        call    enter
        TEST    "link pointer unaligned", plain
        VMWRITE VMCS_LINK, VMCS + 1
        VMWRITE VMCS_LINK_HIGH, 0
        call    enter
        TEST    "link pointer to a region of another revision", plain
        VMWRITE VMCS_LINK, DATA
        VMWRITE VMCS_LINK_HIGH, 0
        call    enter
        TEST    "PAE, a reserved bit in a PDPTE", plain
        VMWRITE GUEST_CR4, 2030h
        VMWRITE GUEST_CR3, DATA
        mov     dword [DATA], 7
        call    enter
        TEST    "two rules at once: controls and host", plain
        VMWRITE CR3_TARGET_COUNT, 5
        VMWRITE HOST_TR, 0
        call    enter
        TEST    "two rules at once: link pointer and RFLAGS", plain
        VMWRITE VMCS_LINK, VMCS + 1
        VMWRITE VMCS_LINK_HIGH, 0
        VMWRITE GUEST_EFLAGS, 0
        call    enter
        BAD_SEGMENT "virtual-8086: limits", 3, 0, 0, -1, 0F3h
        TEST    "VMLAUNCH of a launched VMCS", plain
        mov     byte [launched], 0
        call    enter
        mov     byte [launched], 1
        ATTEMPT "VMCLEAR of the current VMCS", vmclear [vmcs_pointer]
        ATTEMPT "VMRESUME without one", vmresume
        ATTEMPT "VMXOFF", vmxoff
        ATTEMPT "VMXOFF again", vmxoff
        jmp     finish

clear_vmxe:
        mov     eax, 10h
        mov     cr4, eax
        ret
clear_paging:
        mov     eax, 31h
        mov     cr0, eax
        ret

print_result:
        pushfd
        call    print_name
        popfd
        call    print_status
        jmp     print_line

print_stored:
        call    print_name
        PRINT   "stored "
        mov     eax, [stored+4]
        call    print_hex
        mov     eax, [stored]
        call    print_hex
        jmp     print_line

        section .names
stored_name:
        db      "current VMCS", 0
        section .text
        align   8
unaligned:
        dq      VMCS + 8
too_wide:
        dq      1 << 52
other_pointer:
        dq      OTHER_REGION
stored: dq      0

        GUEST   plain
        nop
        vmcall
        HOST
