; I/O instructions: without bitmaps, with both, their widths and edges, strings, CPL 3 and virtual-8086 mode.

%include "vmx.inc"

%macro BITMAP_TEST 3                    ; name, guest, DX
        TEST    %1, %2
        SET_BITS CPU_CONTROLS, CPU_IO_BITMAPS
        mov     dword [guest_edx], %3
%endmacro
; A port's bit in the maps
%macro FORBID 1
        or      byte [IO_MAP_A + (%1) / 8], 1 << ((%1) & 7)
%endmacro

tests:  TEST    "no control, no exit", in_61
        call    enter
        TEST    "all exit: IN AL, 61h", in_61
        call    exits
        TEST    "all exit: IN EAX, 61h", in_61_dword
        call    exits
        TEST    "all exit: IN AX, DX", in_word
        mov     dword [guest_edx], 123461h
        call    exits
        TEST    "all exit: OUT 80h, AL", out_80
        call    exits
        TEST    "all exit: OUT DX, AX", out_word
        call    exits
        TEST    "all exit: OUT DX, EAX", out_dword
        mov     dword [guest_edx], 0FFFFh
        call    exits
        TEST    "all exit: INSB", string_insb
        call    exits
        TEST    "all exit: INSW", string_insw
        call    exits
        TEST    "all exit: INSD with REP", string_rep_insd
        call    exits
        TEST    "all exit: OUTSB", string_outsb
        call    exits
        TEST    "all exit: OUTSD with REPNE", string_repne_outsd
        call    exits
        TEST    "all exit: OUTSW from CS", string_cs_outsw
        call    exits
        TEST    "all exit: OUTSB from GS with a base", string_gs_outsb
        SEGMENT 5, DATA0, 1000h, -1, 0C093h
        call    exits
        TEST    "all exit: OUTSB from GS, unusable", string_gs_outsb
        VMWRITE GUEST_GS_RIGHTS, 10000h
        VMWRITE EXCEPTION_BITMAP, 1 << 13
        call    exits
        TEST    "all exit: OUTSB, 16-bit addresses", string_a16_outsb
        mov     dword [guest_esi], 00128000h
        call    exits
        TEST    "all exit: INSB, 16-bit addresses, ES with a base", string_a16_insb
        SEGMENT 0, DATA0, DATA, -1, 0C093h
        mov     dword [guest_edi], 0FFFF0010h
        call    exits
        TEST    "all exit: REP OUTSB of nothing", string_rep_outsb
        mov     dword [guest_ecx], 0
        SET_BITS CPU_CONTROLS, CPU_IO
        call    enter
        TEST    "all exit: REP OUTSB of three", string_rep_outsb
        call    exits
        TEST    "all exit: REP INSB beyond ES", string_rep_insb
        SEGMENT 0, DATA0, 0, 0FFFFh, 4093h
        VMWRITE EXCEPTION_BITMAP, 1 << 13
        call    exits
        TEST    "all exit: INSB to a page that is not there", string_insb
        VMWRITE EXCEPTION_BITMAP, 1 << 14
        mov     dword [guest_edi], 0C00000h
        SET_BITS CPU_CONTROLS, CPU_IO
        call    enter

        BITMAP_TEST "bitmaps, all clear", in_byte, 61h
        call    enter
        BITMAP_TEST "bitmaps beat the other control", in_byte, 61h
        SET_BITS CPU_CONTROLS, CPU_IO
        call    enter
        BITMAP_TEST "bitmaps: its own bit", in_byte, 61h
        FORBID  61h
        call    enter
        BITMAP_TEST "bitmaps: the bit below", in_byte, 61h
        FORBID  60h
        call    enter
        BITMAP_TEST "bitmaps: the bit above a byte", in_byte, 61h
        FORBID  62h
        call    enter
        BITMAP_TEST "bitmaps: word, second bit", in_word, 6Fh
        FORBID  70h
        call    enter
        BITMAP_TEST "bitmaps: word, third bit", in_word, 6Fh
        FORBID  71h
        call    enter
        BITMAP_TEST "bitmaps: dword, fourth bit", out_dword, 0FCh
        FORBID  0FFh
        call    enter
        BITMAP_TEST "bitmaps: dword, fifth bit", out_dword, 0F8h
        FORBID  0FCh
        call    enter
        BITMAP_TEST "bitmaps: last port of A", in_byte, 7FFFh
        FORBID  7FFFh
        call    enter
        BITMAP_TEST "bitmaps: first port of B", in_byte, 8000h
        FORBID  8000h
        call    enter
        BITMAP_TEST "bitmaps: from A into B", in_word, 7FFFh
        FORBID  8000h
        call    enter
        BITMAP_TEST "bitmaps: last port", in_byte, 0FFFFh
        call    enter
        BITMAP_TEST "bitmaps: last port, its bit", in_byte, 0FFFFh
        FORBID  0FFFFh
        call    enter
        BITMAP_TEST "bitmaps: word beyond the last port", in_word, 0FFFFh
        call    enter
        BITMAP_TEST "bitmaps: dword beyond the last port", out_dword, 0FFFDh
        call    enter
        BITMAP_TEST "bitmaps: dword up to the last port", out_dword, 0FFFCh
        call    enter
        BITMAP_TEST "bitmaps: strings", string_outsb, 0EDh
        mov     dword [guest_esi], DATA
        FORBID  0EDh
        call    enter
        BITMAP_TEST "bitmaps: strings, no bit", string_outsb, 0EDh
        mov     dword [guest_esi], DATA
        call    enter
        BITMAP_TEST "bitmaps of other pages", in_byte, 61h
        VMWRITE IO_BITMAP_A, IO_MAP_B
        FORBID  61h
        call    enter

        TEST    "CPL 3, IOPL 0, TSS forbids", in_61
        call    user_guest
        VMWRITE EXCEPTION_BITMAP, 1 << 13
        call    exits
        TEST    "CPL 3, IOPL 0, TSS allows", in_61
        call    user_guest
        mov     byte [GUEST_TSS+68h+61h/8], 0
        call    exits
        TEST    "CPL 3, IOPL 3", in_61
        call    user_guest
        VMWRITE GUEST_EFLAGS, 3002h
        call    exits
        TEST    "CPL 3, beyond the TSS", in_word
        call    user_guest
        VMWRITE EXCEPTION_BITMAP, 1 << 13
        mov     dword [guest_edx], 3F8h
        call    exits
        TEST    "CPL 3, no exit, TSS allows", in_61
        call    user_guest
        mov     byte [GUEST_TSS+68h+61h/8], 0
        call    enter
        TEST    "virtual-8086, IOPL 3, TSS forbids", in_61_16
        mov     eax, 3000h
        call    vm86_guest
        VMWRITE EXCEPTION_BITMAP, 1 << 13
        call    exits
        TEST    "virtual-8086, TSS allows", in_61_16
        mov     eax, 0
        call    vm86_guest
        mov     byte [GUEST_TSS+68h+61h/8], 0
        call    exits
        TEST    "virtual-8086, OUTSW", outsw_16
        mov     eax, 0
        call    vm86_guest
        mov     dword [GUEST_TSS+68h], 0
        mov     dword [guest_edx], 10h
        call    exits
        TEST    "16-bit code, OUTSD with 32-bit addresses", outsd_a32_16
        mov     ecx, 9Bh
        call    segments_of_8086
        VMWRITE GUEST_CS, CODE16
        VMWRITE GUEST_SS, DATA0
        VMWRITE GUEST_SS_RIGHTS, 93h
        VMWRITE GUEST_ES_RIGHTS, 93h
        VMWRITE GUEST_DS_RIGHTS, 93h
        VMWRITE GUEST_FS_RIGHTS, 93h
        VMWRITE GUEST_GS_RIGHTS, 93h
        call    exits
        jmp     finish

; Every I/O instruction exits; ESI, EDI and ECX as strings want them, unless the test says otherwise.
exits:  SET_BITS CPU_CONTROLS, CPU_IO
        cmp     dword [guest_ecx], 0
        jne     .counted
        mov     dword [guest_ecx], 3
.counted:
        cmp     dword [guest_esi], 0
        jne     .esi
        mov     dword [guest_esi], DATA + 10h
.esi:   cmp     dword [guest_edi], 0
        jne     .edi
        mov     dword [guest_edi], DATA + 20h
.edi:   jmp     enter

        GUEST   in_61
        in      al, 61h
        mov     eax, 0
        vmcall
        GUEST   in_61_dword
        in      eax, 61h
        vmcall
        GUEST   in_byte
        in      al, dx
        mov     eax, 0
        vmcall
        GUEST   in_word
        in      ax, dx
        mov     eax, 0
        vmcall
        GUEST   out_80
        out     80h, al
        vmcall
        GUEST   out_word
        out     dx, ax
        vmcall
        GUEST   out_dword
        out     dx, eax
        vmcall
        GUEST   string_insb
        insb
        vmcall
        GUEST   string_insw
        insw
        vmcall
        GUEST   string_rep_insd
        rep insd
        vmcall
        GUEST   string_rep_insb
        rep insb
        vmcall
        GUEST   string_outsb
        outsb
        vmcall
        GUEST   string_rep_outsb
        rep outsb
        vmcall
        GUEST   string_repne_outsd
        repne outsd
        vmcall
        GUEST   string_cs_outsw
        cs outsw
        vmcall
        GUEST   string_gs_outsb
        gs outsb
        vmcall
        GUEST   string_a16_outsb
        a16 outsb
        vmcall
        GUEST   string_a16_insb
        a16 insb
        vmcall
        GUEST16 in_61_16
        in      al, 61h
        mov     eax, 0
        vmcall
        GUEST16 outsw_16
        outsw
        vmcall
        GUEST16 outsd_a32_16
        a32 outsd
        vmcall
        HOST
