; I/O instructions: the permission map, its widths and edges, strings, CPL 3 and virtual-8086 mode.

%include "svm.inc"

%macro IO_TEST 3                        ; name, guest, DX
        TEST    %1, %2
        INTERCEPT INTERCEPT_3, INTERCEPT_IOIO
        mov     dword [guest_edx], %3
%endmacro
; A port's bit in the map
%macro FORBID 1
        or      byte [IO_MAP + (%1) / 8], 1 << ((%1) & 7)
%endmacro

tests:  TEST    "no intercept, all bits", in_61
        call    forbid_all
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
        TEST    "all exit: OUTSB, 16-bit addresses", string_a16_outsb
        call    exits
        TEST    "all exit: REP OUTSB of nothing", string_rep_outsb
        call    forbid_all
        INTERCEPT INTERCEPT_3, INTERCEPT_IOIO
        call    enter
        TEST    "all exit: INSB to a page that is not there", string_insb
        INTERCEPT INTERCEPT_EXCEPTIONS, 1 << 14
        mov     dword [guest_edi], 0C00000h
        call    exits
        IO_TEST "map, all clear", in_byte, 61h
        call    enter
        IO_TEST "map: its own bit", in_byte, 61h
        FORBID  61h
        call    enter
        IO_TEST "map: the bit below", in_byte, 61h
        FORBID  60h
        call    enter
        IO_TEST "map: the bit above a byte", in_byte, 61h
        FORBID  62h
        call    enter
        IO_TEST "map: word, second bit", in_word, 6Fh
        FORBID  70h
        call    enter
        IO_TEST "map: word, third bit", in_word, 6Fh
        FORBID  71h
        call    enter
        IO_TEST "map: dword, fourth bit", out_dword, 0FCh
        FORBID  0FFh
        call    enter
        IO_TEST "map: dword, fifth bit", out_dword, 0F8h
        FORBID  0FCh
        call    enter
        IO_TEST "map: last port", in_byte, 0FFFFh
        call    enter
        IO_TEST "map: last port, its bit", in_byte, 0FFFFh
        FORBID  0FFFFh
        call    enter
        IO_TEST "map: word beyond the last port, no bits", in_word, 0FFFFh
        call    enter
        IO_TEST "map: word beyond the last port, the bit behind it", in_word, 0FFFFh
        FORBID  10000h
        call    enter
        IO_TEST "map: dword beyond the last port, the last bit", out_dword, 0FFFDh
        FORBID  10000h
        call    enter
        IO_TEST "map: strings", string_outsb, 0EDh
        FORBID  0EDh
        mov     dword [guest_esi], DATA
        call    enter
        TEST    "CPL 3, IOPL 0, TSS forbids", in_61
        call    user_guest
        INTERCEPT INTERCEPT_EXCEPTIONS, 1 << 13
        call    exits
        TEST    "CPL 3, IOPL 0, TSS allows", in_61
        call    user_guest
        mov     byte [GUEST_TSS+68h+61h/8], 0
        call    exits
        TEST    "CPL 3, IOPL 3", in_61
        call    user_guest
        PUT     GUEST_EFLAGS, 3002h
        call    exits
        TEST    "virtual-8086, TSS forbids", in_61_16
        mov     eax, 3000h
        call    vm86_guest
        INTERCEPT INTERCEPT_EXCEPTIONS, 1 << 13
        call    exits
        TEST    "virtual-8086, TSS allows", in_61_16
        mov     eax, 0
        call    vm86_guest
        mov     byte [GUEST_TSS+68h+61h/8], 0
        call    exits
        TEST    "real mode", in_61_16
        call    real_guest
        call    exits
        TEST    "real mode, OUTSW", outsw_16
        call    real_guest
        call    exits
        jmp     finish

forbid_all:
        mov     edi, IO_MAP
        or      eax, -1
        mov     ecx, 3000h / 4
        rep stosd
        ret

; Every I/O instruction exits; ESI, EDI and ECX as strings want them, unless the test says otherwise.
exits:  call    forbid_all
        INTERCEPT INTERCEPT_3, INTERCEPT_IOIO
        mov     dword [guest_ecx], 3
        mov     dword [guest_esi], DATA + 10h
        cmp     dword [guest_edi], 0
        jne     .edi
        mov     dword [guest_edi], DATA + 20h
.edi:   jmp     enter

        GUEST   in_61
        in      al, 61h
        mov     eax, 0
        vmmcall
        GUEST   in_61_dword
        in      eax, 61h
        vmmcall
        GUEST   in_byte
        in      al, dx
        mov     eax, 0
        vmmcall
        GUEST   in_word
        in      ax, dx
        mov     eax, 0
        vmmcall
        GUEST   out_80
        out     80h, al
        vmmcall
        GUEST   out_word
        out     dx, ax
        vmmcall
        GUEST   out_dword
        out     dx, eax
        vmmcall
        GUEST   string_insb
        insb
        vmmcall
        GUEST   string_insw
        insw
        vmmcall
        GUEST   string_rep_insd
        rep insd
        vmmcall
        GUEST   string_outsb
        outsb
        vmmcall
        GUEST   string_rep_outsb
        rep outsb
        vmmcall
        GUEST   string_repne_outsd
        repne outsd
        vmmcall
        GUEST   string_cs_outsw
        cs outsw
        vmmcall
        GUEST   string_a16_outsb
        a16 outsb
        vmmcall
        GUEST16 in_61_16
        in      al, 61h
        mov     eax, 0
        vmmcall
        GUEST16 outsw_16
        outsw
        vmmcall
        HOST
