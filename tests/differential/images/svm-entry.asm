; VMRUN: what it refuses, what it takes; the instructions of SVM where they fault.

%include "svm.inc"

%macro BAD 3
        TEST    %1, plain
        PUT     %2, %3
        call    enter
%endmacro
%macro ATTEMPT 2+
        TEST    %1, plain
        FAULT_TO %%after
        %2
        call    print_ok
%%after:
        mov     dword [fault_to], 0
%endmacro

tests:  BAD     "EFER without SVME", GUEST_EFER, 0
        BAD     "EFER.NXE", GUEST_EFER, EFER_SVME | 1 << 11
        BAD     "EFER, bit 1", GUEST_EFER, EFER_SVME | 2
        BAD     "EFER, upper half", GUEST_EFER + 4, 1
        BAD     "CR0, NW without CD", GUEST_CR0, 0A0000031h
        BAD     "CR0, CD", GUEST_CR0, 0C0000031h
        BAD     "CR0, CD and NW", GUEST_CR0, 0E0000031h
        BAD     "CR0, upper half", GUEST_CR0 + 4, 1
        BAD     "CR0 without NE", GUEST_CR0, 80000011h
        BAD     "CR3, upper half", GUEST_CR3 + 4, 100000h
        BAD     "CR4, bit 31", GUEST_CR4, 80000010h
        BAD     "CR4, upper half", GUEST_CR4 + 4, 1
        BAD     "DR6, upper half", GUEST_DR6 + 4, 1
        BAD     "DR7, upper half", GUEST_DR7 + 4, 1
        BAD     "DR7, bit 10 clear", GUEST_DR7, 0
        BAD     "VMRUN not intercepted", INTERCEPT_4, INTERCEPT_VMMCALL
        BAD     "ASID 0", ASID, 0
        BAD     "EFLAGS without bit 1", GUEST_EFLAGS, 0
        BAD     "EFLAGS, reserved bits", GUEST_EFLAGS, 0FFC0802Ah
        BAD     "GDTR limit above 16 bits", GUEST_GDTR + 4, 12345h
        BAD     "CPL 0 with SS.DPL 3", GUEST_SS, DATA3 | 0CF3h << 16
        BAD     "CPL 1 with SS.DPL 0", GUEST_CPL - 3, 1 << 24
        BAD     "CS: not present", GUEST_CS, CODE0 | 0C1Bh << 16
        BAD     "CS: read-only data", GUEST_CS, CODE0 | 0C91h << 16
        BAD     "DS: not present", GUEST_DS, 0
        BAD     "SS: not present", GUEST_SS, 0
        BAD     "PG without PE", GUEST_CR0, 80000030h
        BAD     "TR: null", GUEST_TR, 0
        TEST    "PAE, a reserved bit in a PDPTE", plain
        PUT     GUEST_CR4, 30h
        PUT     GUEST_CR3, DATA
        mov     dword [DATA], 7
        call    enter
        TEST    "I/O map beyond memory", plain
        PUT     IO_MAP_ADDRESS + 4, 100000h
        call    enter
        TEST    "I/O map unaligned: the low bits are of no matter", read_port
        PUT     IO_MAP_ADDRESS, IO_MAP + 123h
        INTERCEPT INTERCEPT_3, INTERCEPT_IOIO
        call    enter
        TEST    "two rules at once", plain
        PUT     ASID, 0
        PUT     GUEST_EFER, 0
        call    enter
        TEST    "after a refusal the state is as it was", plain
        PUT     ASID, 0
        call    enter
        PUT     ASID, 1
        call    enter

        mov     eax, VMCB + 8
        ATTEMPT "VMRUN of an address unaligned", call run_at
        ATTEMPT "VMLOAD of an address unaligned", call load_at
        ATTEMPT "VMSAVE of an address unaligned", call save_at
        ATTEMPT "INVLPGA", call invalidate_at
        mov     ecx, EFER
        xor     eax, eax
        xor     edx, edx
        wrmsr
        ATTEMPT "VMRUN without EFER.SVME", call run_at
        ATTEMPT "STGI without EFER.SVME", call set_gif
        ATTEMPT "CLGI without EFER.SVME", call clear_gif
        ATTEMPT "VMMCALL in the host", call host_call
        jmp     finish

run_at: mov     eax, VMCB + 8
        vmrun
        ret
load_at:
        mov     eax, VMCB + 8
        vmload
        ret
save_at:
        mov     eax, VMCB + 8
        vmsave
        ret
invalidate_at:
        mov     eax, WINDOW
        mov     ecx, 1
        invlpga
        ret
set_gif:
        stgi
        ret
clear_gif:
        clgi
        ret
host_call:
        vmmcall
        ret

print_ok:
        call    print_name
        PRINT   "done"
        jmp     print_line

        GUEST   plain
        nop
        vmmcall
        GUEST   read_port
        in      al, 61h
        mov     eax, 0
        vmmcall
        HOST
