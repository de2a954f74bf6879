; Controls that came after the first nested paging: accessed and dirty flags in EPT entries, PAUSE-loop exiting, the monitor trap flag.

%include "vmx.inc"

EPT_ROOT        equ VMX_FREE
EPT_3           equ VMX_FREE + 1000h
EPT_2           equ VMX_FREE + 2000h
EPT_1           equ VMX_FREE + 3000h    ; 0 to 2 MiB
EPT_1_FREE      equ VMX_FREE + 4000h    ; 2 to 4 MiB
RWX             equ 7
ALL             equ RWX | 6 << 3
FLAGS           equ 1 << 6              ; of the EPT pointer: accessed and dirty flags
PAGE            equ FREE + 5000h
PAGE_ENTRY      equ EPT_1_FREE + 5 * 8
TABLE_ENTRY     equ EPT_1 + (WINDOW_TABLE >> 12) * 8
LINEAR          equ WINDOW + 5000h

tests:  TEST    "flags: read", read
        call    with_ept
        call    enter
        call    print_flags
        TEST    "flags: write", write
        call    with_ept
        call    enter
        call    print_flags
        TEST    "flags: fetch", fetch
        call    with_ept
        call    enter
        call    print_flags
        TEST    "flags: write after read", read_write
        call    with_ept
        call    enter
        call    print_flags
        TEST    "flags: a page of 2 MiB", write
        call    with_ept
        mov     dword [EPT_2+8], FREE | ALL | 80h
        call    enter
        call    print_flags
        TEST    "flags: a fault sets none in the page's entry", write
        call    with_ept
        mov     dword [PAGE_ENTRY], PAGE | 1 | 6 << 3
        call    enter
        call    print_flags
        TEST    "flags: guest's table read-only, its own flags set", read
        call    with_ept
        or      dword [GUEST_PAGES+4], 20h
        or      dword [WINDOW_TABLE+5*4], 20h
        mov     dword [TABLE_ENTRY], WINDOW_TABLE | 1 | 6 << 3
        call    enter
        TEST    "flags: pointer with bits 11:7", read
        call    with_ept
        VMWRITE EPT_POINTER, EPT_ROOT | 80h | FLAGS | 3 << 3 | 6
        call    enter
        TEST    "no flags: write", write
        call    with_ept
        VMWRITE EPT_POINTER, EPT_ROOT | 3 << 3 | 6
        call    invept_all
        call    enter
        call    print_flags

        TEST    "PAUSE loop, short", pauses
        call    with_pauses
        mov     dword [guest_ecx], 3
        call    enter
        TEST    "PAUSE loop, endless", pauses
        call    with_pauses
        mov     dword [guest_ecx], -1
        call    enter
        TEST    "PAUSE loop at CPL 3", pauses
        call    with_pauses
        call    user_guest
        mov     dword [guest_ecx], 30000
        call    enter
        TEST    "PAUSE exiting beats PAUSE-loop exiting", pauses
        call    with_pauses
        SET_BITS CPU_CONTROLS, CPU_PAUSE
        call    enter

        TEST    "trap flag: NOP", nops
        SET_BITS CPU_CONTROLS, CPU_TRAP_FLAG
        call    enter
        call    enter
        TEST    "trap flag: an exiting instruction", leave_at_once
        SET_BITS CPU_CONTROLS, CPU_TRAP_FLAG
        call    enter
        TEST    "trap flag: an injected interrupt", nops
        SET_BITS CPU_CONTROLS, CPU_TRAP_FLAG
        VMWRITE GUEST_EFLAGS, 202h
        VMWRITE ENTRY_EVENT, EVENT_INTERRUPT | 20h
        call    enter
        TEST    "trap flag: a fault", undefined
        SET_BITS CPU_CONTROLS, CPU_TRAP_FLAG
        call    enter
        TEST    "trap flag: REP, after one iteration", move
        SET_BITS CPU_CONTROLS, CPU_TRAP_FLAG
        call    enter
        TEST    "trap flag, injected", nops
        VMWRITE ENTRY_EVENT, EVENT_INTERRUPT | 7 << 8
        call    enter
        TEST    "trap flag, injected with a vector", nops
        VMWRITE ENTRY_EVENT, EVENT_INTERRUPT | 7 << 8 | 1
        call    enter
        jmp     finish

with_ept:
        pushad
        mov     dword [EPT_ROOT], EPT_3 | RWX
        mov     dword [EPT_3], EPT_2 | RWX
        mov     dword [EPT_2], EPT_1 | RWX
        mov     dword [EPT_2+8], EPT_1_FREE | RWX
        mov     edi, EPT_1
        mov     eax, ALL
.next:  stosd
        mov     dword [edi], 0
        add     edi, 4
        add     eax, 1000h
        cmp     edi, EPT_1 + 2000h
        jb      .next
        mov     dword [PAGE], 0F4C1010Fh        ; for fetches: VMCALL, HLT
        VMWRITE EPT_POINTER, EPT_ROOT | FLAGS | 3 << 3 | 6
        SECONDARY CPU_EPT
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

with_pauses:
        SECONDARY CPU_PAUSE_LOOP
        VMWRITE PAUSE_GAP, 1000
        VMWRITE PAUSE_WINDOW, 10000
        ret

print_flags:
        call    print_name
        PRINT   "entries "
        mov     eax, [EPT_ROOT]
        call    print_hex
        PRINT   " "
        mov     eax, [EPT_2+8]
        call    print_hex
        PRINT   " "
        mov     eax, [PAGE_ENTRY]
        call    print_hex
        PRINT   " of the guest's table "
        mov     eax, [TABLE_ENTRY]
        call    print_hex
        jmp     print_line

        GUEST   read
        mov     eax, [LINEAR+8]
        vmcall
        GUEST   write
        mov     [LINEAR+4], eax
        vmcall
        GUEST   read_write
        mov     eax, [LINEAR]
        mov     [LINEAR+4], eax
        vmcall
        GUEST   fetch
        mov     eax, LINEAR
        jmp     eax
        GUEST   pauses
        pause
        dec     ecx
        jnz     pauses
        vmcall
        GUEST   nops
        nop
        nop
        vmcall
        GUEST   leave_at_once
        vmcall
        GUEST   undefined
        ud2
        GUEST   move
        mov     esi, DATA
        mov     edi, DATA + 10h
        mov     ecx, 4
        rep movsb
        vmcall
        HOST
