; RDMSR and WRMSR: the four bitmaps, and the lists of MSRs that entries and exits load and store.

%include "vmx.inc"

READ_LOW        equ MSR_MAP
READ_HIGH       equ MSR_MAP + 400h
WRITE_LOW       equ MSR_MAP + 800h
WRITE_HIGH      equ MSR_MAP + 0C00h
STORE           equ MSR_LISTS
EXIT_LOAD       equ MSR_LISTS + 400h
ENTRY_LOAD      equ MSR_LISTS + 800h
SYSENTER_CS     equ 174h
SYSENTER_ESP    equ 175h
SYSENTER_EIP    equ 176h
EFER            equ 0C0000080h

%macro BITMAP_TEST 3                    ; name, guest, MSR
        TEST    %1, %2
        SET_BITS CPU_CONTROLS, CPU_MSR_BITMAPS
        mov     dword [guest_ecx], %3
        mov     dword [guest_eax], 0
        mov     dword [guest_edx], 0
%endmacro
%macro FORBID 2                         ; map, MSR
        or      byte [%1 + ((%2) & 1FFFh) / 8], 1 << ((%2) & 7)
%endmacro
%macro ENTRY 4                          ; list, index, MSR, value
        mov     dword [%1 + 16 * %2], %3
        mov     dword [%1 + 16 * %2 + 8], %4
%endmacro

tests:  TEST    "no bitmaps: RDMSR", read
        mov     dword [guest_ecx], SYSENTER_CS
        call    enter
        TEST    "no bitmaps: WRMSR", write
        mov     dword [guest_ecx], SYSENTER_CS
        call    enter
        TEST    "no bitmaps: an MSR that is not there", read
        mov     dword [guest_ecx], 12345678h
        call    enter
        BITMAP_TEST "bitmaps, clear: RDMSR", read, SYSENTER_CS
        call    enter
        BITMAP_TEST "bitmaps, clear: WRMSR", write, SYSENTER_CS
        call    enter
        BITMAP_TEST "bitmaps: read bit, RDMSR", read, SYSENTER_CS
        FORBID  READ_LOW, SYSENTER_CS
        call    enter
        BITMAP_TEST "bitmaps: read bit, WRMSR", write, SYSENTER_CS
        FORBID  READ_LOW, SYSENTER_CS
        call    enter
        BITMAP_TEST "bitmaps: write bit, WRMSR", write, SYSENTER_CS
        FORBID  WRITE_LOW, SYSENTER_CS
        call    enter
        BITMAP_TEST "bitmaps: write bit, RDMSR", read, SYSENTER_CS
        FORBID  WRITE_LOW, SYSENTER_CS
        call    enter
        BITMAP_TEST "bitmaps: high range, read bit", read, EFER
        FORBID  READ_HIGH, EFER
        call    enter
        BITMAP_TEST "bitmaps: high range, bit of the low one", read, EFER
        FORBID  READ_LOW, EFER
        call    enter
        BITMAP_TEST "bitmaps: high range, write bit", write, EFER
        FORBID  WRITE_HIGH, EFER
        call    enter
        BITMAP_TEST "bitmaps: 1FFFh, no bit", read, 1FFFh
        VMWRITE EXCEPTION_BITMAP, 1 << 13
        call    enter
        BITMAP_TEST "bitmaps: 1FFFh, its bit", read, 1FFFh
        FORBID  READ_LOW, 1FFFh
        call    enter
        BITMAP_TEST "bitmaps: 2000h", read, 2000h
        call    enter
        BITMAP_TEST "bitmaps: BFFFFFFFh", write, 0BFFFFFFFh
        call    enter
        BITMAP_TEST "bitmaps: C0001FFFh, no bit", read, 0C0001FFFh
        VMWRITE EXCEPTION_BITMAP, 1 << 13
        call    enter
        BITMAP_TEST "bitmaps: C0002000h", read, 0C0002000h
        call    enter
        BITMAP_TEST "CPL 3", read, SYSENTER_CS
        call    user_guest
        FORBID  READ_LOW, SYSENTER_CS
        VMWRITE EXCEPTION_BITMAP, 1 << 13
        call    enter

        TEST    "entry list: three MSRs", read
        SET_BITS CPU_CONTROLS, CPU_MSR_BITMAPS
        ENTRY   ENTRY_LOAD, 0, SYSENTER_CS, 8
        ENTRY   ENTRY_LOAD, 1, SYSENTER_ESP, 1111h
        ENTRY   ENTRY_LOAD, 2, SYSENTER_EIP, 2222h
        VMWRITE ENTRY_MSR_LOAD_COUNT, 3
        mov     dword [guest_ecx], SYSENTER_EIP
        call    enter
        TEST    "entry list: the last wins", read
        SET_BITS CPU_CONTROLS, CPU_MSR_BITMAPS
        ENTRY   ENTRY_LOAD, 0, SYSENTER_CS, 8
        ENTRY   ENTRY_LOAD, 1, SYSENTER_CS, 3333h
        VMWRITE ENTRY_MSR_LOAD_COUNT, 2
        mov     dword [guest_ecx], SYSENTER_CS
        call    enter
        TEST    "entry list: an MSR that is not there", read
        ENTRY   ENTRY_LOAD, 0, SYSENTER_CS, 8
        ENTRY   ENTRY_LOAD, 1, 12345678h, 0
        VMWRITE ENTRY_MSR_LOAD_COUNT, 2
        call    enter
        TEST    "entry list: FS base", read
        ENTRY   ENTRY_LOAD, 0, 0C0000100h, 0
        VMWRITE ENTRY_MSR_LOAD_COUNT, 1
        call    enter
        TEST    "entry list: an MSR of the x2APIC", read
        ENTRY   ENTRY_LOAD, 0, 808h, 0
        VMWRITE ENTRY_MSR_LOAD_COUNT, 1
        call    enter
        TEST    "entry list: reserved bits of an entry", read
        ENTRY   ENTRY_LOAD, 0, SYSENTER_CS, 8
        mov     dword [ENTRY_LOAD+4], 1
        VMWRITE ENTRY_MSR_LOAD_COUNT, 1
        call    enter
        TEST    "entry list: unaligned", read
        VMWRITE ENTRY_MSR_LOAD, ENTRY_LOAD + 8
        VMWRITE ENTRY_MSR_LOAD_COUNT, 1
        call    enter
        TEST    "entry list: unaligned, but empty", read
        VMWRITE ENTRY_MSR_LOAD, ENTRY_LOAD + 8
        call    enter
        TEST    "exit lists", write
        SET_BITS CPU_CONTROLS, CPU_MSR_BITMAPS
        mov     dword [guest_ecx], SYSENTER_ESP
        mov     dword [guest_eax], 4444h
        ENTRY   STORE, 0, SYSENTER_ESP, 0
        ENTRY   STORE, 1, SYSENTER_CS, -1
        ENTRY   EXIT_LOAD, 0, SYSENTER_ESP, 5555h
        VMWRITE EXIT_MSR_STORE_COUNT, 2
        VMWRITE EXIT_MSR_LOAD_COUNT, 1
        call    enter
        call    print_name
        PRINT   "stored "
        mov     eax, [STORE+8]
        call    print_hex
        PRINT   " "
        mov     eax, [STORE+24]
        call    print_hex
        PRINT   " host "
        mov     ecx, SYSENTER_ESP
        rdmsr
        call    print_hex
        call    print_line
        TEST    "MSRs as the guest has left them", write
        SET_BITS CPU_CONTROLS, CPU_MSR_BITMAPS
        mov     dword [guest_ecx], SYSENTER_EIP
        mov     dword [guest_eax], 6666h
        call    enter
        call    print_name
        PRINT   "guest "
        VMREAD  GUEST_SYSENTER_EIP
        call    print_hex
        PRINT   " host "
        mov     ecx, SYSENTER_EIP
        rdmsr
        call    print_hex
        call    print_line
        jmp     finish

        GUEST   read
        rdmsr
        vmcall
        GUEST   write
        wrmsr
        vmcall
        HOST
