; A ported kernel that means no good. What the unported one (../hostile.asm) tries with
; instructions, it tries too; and then what only a guest of this monitor can: to ask for
; what it must not have. Of each attack it tells the end: "refused", if it faulted or the
; monitor said no. At last it keeps the processor for itself.
;
;       nasm -f bin -I src/guest/ -o hostile.bin src/guest/demo/para/hostile.asm

        bits    32

KERNEL          equ 0C0000000h
        org     KERNEL + 100000h

%include "vmm/lib/cpu.inc"
%include "vmm/para/interface.inc"

        section .text
;@ role kernel
header: dd      MULTIBOOT_HEADER, 1 << 16, -(MULTIBOOT_HEADER + (1 << 16))
        dd      header - KERNEL, header - KERNEL, 0, image_end - KERNEL, start - KERNEL
        dd      PORTED, KERNEL

THEIRS          equ 0FFD00000h          ; the monitor
THEIRS_PHYSICAL equ 100000h
PLAIN           equ 200000h             ; a page of our own, guest-physical
ALIAS           equ 210000h             ; and one that will mean the same
shared          equ KERNEL + PARA_SHARED
directory       equ KERNEL + PARA_DIRECTORY
table           equ KERNEL + PARA_TABLE
FLOOD           equ 2000

; By the monitor: ring 1, paging on, events masked, no stack.
start:
;@ goal faults lead to the next attack
        cld
        mov     esp, stack_top
        mov     eax, HYPER_TRAPS
        mov     ebx, handlers
        int     HYPER
;@ goal one attack after the other
        mov     dword [next], attacks
.next:  mov     ebx, [next]
        mov     esi, [ebx]
        call    print
        mov     ebx, [next]
        mov     ebp, [shared+SHARED.machine]
        call    [ebx+4]
        mov     esi, worked_text
        jnc     told
; By a fault of an attack: ring 1, events masked.
refused:
;@ goal one attack after the other
        mov     esi, refused_text
told:
;@ goal one attack after the other
        mov     esp, stack_top
        call    print
        add     dword [next], 8
        cmp     dword [next], attacks_end
        jb      start.next

;@ goal call, and call again
        mov     ebp, FLOOD
.flood: mov     eax, HYPER_STACK
        mov     ebx, stack_top
        int     HYPER
        dec     ebp
        jnz     .flood
;@ goal keep the processor
        mov     esi, .spins
        call    print
        mov     dword [shared+SHARED.masked], 1
.spin:  jmp     .spin
.spins: db      "events masked, for ever", 10, 0
refused_text:   db ": refused", 10, 0
worked_text:    db ": done", 10, 0

; The attacks. In: EBP = our machine address. Out: CF=0: it was let.
;@ goal what only ring 0 may
try_cli:
        cli
        ret
try_lidt:
        lidt    [handlers]
        ret
try_cr3:
        mov     eax, cr3
        mov     cr3, eax
        ret
try_out:
        mov     al, 0FEh
        out     64h, al                 ; resets a PC
        ret
;@ goal where the monitor is
try_write:
        mov     dword [THEIRS], 0
        ret
try_string:
        mov     edi, THEIRS
        mov     ecx, 1024
        xor     eax, eax
        rep     stosd
        ret
;@ goal tables that the processor walks
try_table:
        mov     dword [table], 0
        ret
try_map_monitor:
        mov     edx, THEIRS_PHYSICAL + WRITABLE + PRESENT
        jmp     try_entry
try_map_other:
        lea     edx, [ebp+400000h+WRITABLE+PRESENT]     ; behind our own memory
        jmp     try_entry
try_map_table:
        lea     edx, [ebp+PARA_TABLE+WRITABLE+PRESENT]
try_entry:
        lea     eax, [ebp+PARA_TABLE+(PLAIN>>12)*4]
        jmp     ask
try_top:
        lea     eax, [ebp+PARA_DIRECTORY+1023*4]        ; the monitor's own
        xor     edx, edx
        jmp     ask
try_large:
        lea     eax, [ebp+PARA_DIRECTORY]
        mov     edx, LARGE + WRITABLE + PRESENT         ; physical 0 up
        jmp     ask
try_page:
        lea     eax, [ebp+PLAIN+MMU_PAGE]
        mov     edx, PAGE_TABLE                         ; and yet we can write it
        jmp     ask
try_free:
        lea     eax, [ebp+PARA_TABLE+MMU_PAGE]
        mov     edx, PAGE_ORDINARY                      ; and yet it is walked
        jmp     ask
; A page that we may write becomes a table, by the rules. But the TLB knows it as writable, by
; a second address (the monitor's own look at it must not drive that out).
try_stale:
        lea     eax, [ebp+PARA_TABLE+(ALIAS>>12)*4]
        lea     edx, [ebp+PLAIN+WRITABLE+PRESENT]
        call    ask
        mov     dword [KERNEL+ALIAS], 0
        lea     eax, [ebp+PARA_TABLE+(ALIAS>>12)*4]
        lea     edx, [ebp+PLAIN+PRESENT]
        call    ask
        lea     eax, [ebp+PARA_TABLE+(PLAIN>>12)*4]
        lea     edx, [ebp+PLAIN+PRESENT]
        call    ask
        lea     eax, [ebp+PLAIN+MMU_PAGE]
        mov     edx, PAGE_TABLE
        call    ask
        jc      .done
        mov     dword [KERNEL+ALIAS], THEIRS_PHYSICAL + WRITABLE + PRESENT
.done:  ret
try_directory:
        lea     ebx, [ebp+PLAIN]
        mov     eax, HYPER_CR3
        jmp     call_it
;@ goal the monitor's own hands
try_handler:
        mov     ebx, THEIRS
        xor     ecx, ecx
        mov     eax, HYPER_CALLBACKS
        jmp     call_it
try_gate:
        mov     ebx, .clock
        mov     eax, HYPER_TRAPS
        jmp     call_it
        align   4
.clock: dd      20h, start, 0, 0        ; the real clock's
try_read:
        mov     ecx, THEIRS
        mov     edx, 64
        mov     ebx, CONSOLE_WRITE
        mov     eax, HYPER_CONSOLE
        jmp     call_it
try_requests:
        mov     ebx, THEIRS
        mov     ecx, 1
        mov     eax, HYPER_MMU
        jmp     call_it
try_ticks:
        or      ebx, -1                 ; a tick every minus one clocks
        mov     eax, HYPER_TIMER
        jmp     call_it
try_number:
        mov     eax, 1000
call_it:
        int     HYPER
        cmp     eax, -1                 ; CF=1: anything below
        cmc
        ret

; One request: EAX = place, EDX = value. Out: CF=1: refused.
ask:    mov     [request], eax
        mov     [request+4], edx
        mov     eax, HYPER_MMU
        mov     ebx, request
        mov     ecx, 1
        int     HYPER
        cmp     eax, 1                  ; CF=1: not done
        ret

; In: ESI = text, ended by 0.
print:  mov     edx, -1
.next:  inc     edx
        cmp     byte [esi+edx], 0
        jne     .next
        mov     ecx, esi
        mov     ebx, CONSOLE_WRITE
        mov     eax, HYPER_CONSOLE
        int     HYPER
        ret

        align   4
attacks:
        dd      text_cli, try_cli, text_lidt, try_lidt, text_cr3, try_cr3, text_out, try_out
        dd      text_write, try_write, text_string, try_string
        dd      text_table, try_table, text_map_monitor, try_map_monitor
        dd      text_map_other, try_map_other, text_map_table, try_map_table
        dd      text_top, try_top, text_large, try_large, text_page, try_page
        dd      text_free, try_free, text_stale, try_stale, text_directory, try_directory
        dd      text_handler, try_handler, text_gate, try_gate, text_read, try_read
        dd      text_requests, try_requests, text_ticks, try_ticks, text_number, try_number
attacks_end:
text_cli:       db "CLI", 0
text_lidt:      db "LIDT", 0
text_cr3:       db "MOV CR3", 0
text_out:       db "OUT, a reset", 0
text_write:     db "write over the monitor", 0
text_string:    db "REP STOS over the monitor", 0
text_table:     db "write to a page table", 0
text_map_monitor: db "map the monitor", 0
text_map_other: db "map the other machine", 0
text_map_table: db "map a page table, writable", 0
text_top:       db "take the monitor out of the directory", 0
text_large:     db "map 4 MiB at once", 0
text_page:      db "make a table of a page that can be written", 0
text_free:      db "get a table back that is walked", 0
text_stale:     db "write to a table by a stale translation", 0
text_directory: db "CR3 to a page that is no directory", 0
text_handler:   db "events into the monitor", 0
text_gate:      db "a gate for the real clock", 0
text_read:      db "print the monitor's memory", 0
text_requests:  db "requests in the monitor's memory", 0
text_ticks:     db "ticks without end", 0
text_number:    db "a call that there is not", 0

        align   4
handlers:
%assign vector 0
%rep 32
        dd      vector, refused
%assign vector vector + 1
%endrep
        dd      0, 0
next:   dd      0
request: dd     0, 0
        align   16
        times 64 dd 0
stack_top:
image_end:
