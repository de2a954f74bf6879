; nano: one event, again and again. A kernel that reads from its console which event and how
; often, and does it: "ptemod 64" changes a page table entry 64 times. Whoever counts the
; cycles stands outside and looks at `phase`.
;
; The events are those of Adams and Agesen's nanobenchmarks (A Comparison of Software and
; Hardware Techniques for x86 Virtualization, 2006), as far as a 32-bit processor has them:
;
;   empty     the loop alone                      callret   CALL and RET
;   syscall   SYSENTER and SYSEXIT                pgfault   a page fault of the kernel's own
;   in        IN from port 80h                    divzero   a division by zero
;   cr0wr     MOV to CR0: another TS              ptemod    a page table entry is changed
;   cr3wr     MOV to CR3                          tlbmiss   two loads that the TLB does not know
;
; "halt" ends it.
;
;       nasm -f bin -I src/guest/ -o nano.bin src/guest/bench/nano.asm

        bits    32
        org     100000h

%include "vmm/lib/cpu.inc"

CODE            equ 08h
DATA            equ 10h
USER_CODE       equ 18h + 3
USER_DATA       equ 20h + 3
TSS             equ 28h
COM1            equ 3F8h

        section .text
;@ role kernel
header: dd      MULTIBOOT_HEADER, 1 << 16, -(MULTIBOOT_HEADER + (1 << 16))
        dd      header, $$, image_end, memory_end, start

; By the Multiboot loader: ring 0, paging off, interrupts off, flat segments of an unknown
; GDT, no stack. Interrupts stay off.
start:
;@ goal segments and a stack
        cld
        mov     eax, tss
        mov     [tss_at], ax            ; its descriptor has the address in pieces
        shr     eax, 16
        mov     [tss_at+2], al
        lgdt    [gdtr]
        jmp     CODE:.flat
.flat:  mov     eax, DATA
        mov     ss, eax
        mov     eax, USER_DATA
        mov     ds, eax
        mov     es, eax
        mov     esp, stack_top
        mov     eax, TSS
        ltr     ax
        mov     edi, idt
        mov     eax, divide_error_taken
        call    gate
        mov     edi, idt + 14 * 8
        mov     eax, page_fault_taken
        call    gate
        lidt    [idtr]

;@ goal 4 MiB, linear = physical, for both rings
        mov     edi, table
        mov     eax, USER + WRITABLE + PRESENT
.map:   stosd
        add     eax, PAGE
        cmp     eax, 400000h
        jb      .map
        mov     dword [table+MISSING/PAGE*4], 0
        mov     dword [directory], table + USER + WRITABLE + PRESENT
        mov     dword [second], SPARE + USER + WRITABLE + PRESENT
        mov     dword [directory+4], second + USER + WRITABLE + PRESENT
        mov     eax, directory
        mov     cr3, eax
        mov     eax, cr0
        or      eax, CR0_PG + CR0_WP
        mov     cr0, eax

;@ goal a way into the kernel
        xor     edx, edx
        mov     ecx, 174h               ; SYSENTER: CS, ESP, EIP
        mov     eax, CODE
        wrmsr
        inc     ecx
        mov     eax, stack_top
        wrmsr
        inc     ecx
        mov     eax, entered
        wrmsr

; What is to be done?
main:
;@ goal read a line
        mov     edi, line
.next:  call    get_char
        stosb
        cmp     al, 10
        je      .line
        cmp     edi, line_end
        jb      .next
.line:  mov     byte [edi-1], 0

;@ goal which event?
        mov     esi, events
.event: mov     edi, line
        push    esi
.same:  lodsb
        test    al, al
        jz      .found
        scasb
        je      .same
        pop     esi
        add     esi, EVENT
        cmp     esi, events_end
        jb      .event
        mov     esi, .unknown
        call    print
        jmp     main
.found: pop     esi
        mov     eax, [esi+NAME]
        mov     [event], eax

;@ goal how often?
        mov     esi, edi
        xor     ecx, ecx
.digit: lodsb
        cmp     al, " "
        je      .digit
        movzx   eax, al
        sub     eax, "0"
        cmp     eax, 9
        ja      .count
        imul    ecx, ecx, 10
        add     ecx, eax
        jmp     .digit
.count: test    ecx, ecx
        jz      halt
        mov     [count], ecx

;@ goal to get used to it; then N times, then 2N times
        mov     dword [phase], 1
        mov     ebp, [count]
        call    [event]
        mov     dword [phase], 2
        mov     ebp, [count]
        call    [event]
        mov     dword [phase], 3
        mov     ebp, [count]
        add     ebp, ebp
        call    [event]
        mov     dword [phase], 4

        mov     esi, line
        call    print
        mov     esi, .done
        call    print
        jmp     main
.done:          db ": done", 10, 0
.unknown:       db "no such event", 10, 0

halt:   hlt                             ; the end
        jmp     halt

; The events. Ring 0, EBP = how often.

empty:  dec     ebp
        jnz     empty
        ret

port_read:
        in      al, 80h                 ; nobody's
        dec     ebp
        jnz     port_read
        ret

cr0_write:
        mov     ebx, cr0
.next:  xor     ebx, CR0_TS
        mov     cr0, ebx
        dec     ebp
        jnz     .next
        ret

cr3_write:
        mov     ebx, directory
.next:  mov     cr3, ebx                ; the same, but the TLB forgets
        dec     ebp
        jnz     .next
        ret

call_return:
        call    .sub
        dec     ebp
        jnz     call_return
        ret
.sub:   ret

MISSING         equ 3FE000h             ; not present
SPARE           equ 3FF000h             ; nobody needs it

page_fault:
        mov     esi, MISSING
.next:  mov     eax, [esi]              ; two bytes
        dec     ebp
        jnz     .next
        ret

divide: xor     ecx, ecx
.next:  div     ecx                     ; two bytes
        dec     ebp
        jnz     .next
        ret

table_write:
        mov     esi, 400000h            ; by the second table's first entry
        mov     edi, second + 4         ; its second one: nobody goes there
        mov     ebx, SPARE + USER + WRITABLE + PRESENT
.next:  xor     ebx, WRITABLE
        mov     [edi], ebx
        mov     eax, [esi]              ; the table is in use
        dec     ebp
        jnz     .next
        ret

; The TLB has one place for linear addresses 2 MiB apart.
tlb_miss:
        mov     esi, SPARE
.next:  mov     eax, [esi]
        mov     eax, [esi-200000h]      ; in its place
        dec     ebp
        jnz     .next
        ret

system_call:
        mov     [back], esp
        push    dword USER_DATA
        push    dword user_stack_top
        push    dword EFLAGS_FIXED
        push    dword USER_CODE
        push    dword caller
        iret                            ; to ring 3

;@ role program caller
; By the kernel's IRET: ring 3, interrupts off.
caller: xor     eax, eax
        mov     ecx, user_stack_top
        mov     edx, .back
.next:  sysenter                        ; a call that does nothing
.back:  dec     ebp
        jnz     .next
        inc     eax
        sysenter                        ; the last one

;@ role kernel
; By SYSENTER: ring 0. EAX = 0: nothing, else the end.
entered:
        test    eax, eax
        jnz     .end
        sysexit
.end:   mov     eax, USER_DATA
        mov     ds, eax
        mov     es, eax
        mov     esp, [back]
        ret

; By exceptions of instructions of two bytes: ring 0. On behind them.
page_fault_taken:
        add     esp, 4                  ; the error code
divide_error_taken:
        add     dword [esp], 2          ; EIP
        iret

; Write a gate at EDI. EAX = handler, of ring 0.
gate:   mov     [edi], ax
        mov     word [edi+2], CODE
        mov     word [edi+4], 8E00h     ; interrupts off
        shr     eax, 16
        mov     [edi+6], ax
        ret

; Out: AL = a character from the console.
get_char:
        mov     edx, COM1 + 5
.wait:  in      al, dx
        test    al, 1                   ; one there?
        jz      .wait
        mov     edx, COM1
        in      al, dx
        ret

; In: ESI = text, ended by 0.
print:  lodsb
        test    al, al
        jz      .done
        mov     ah, al
        mov     edx, COM1 + 5
.wait:  in      al, dx
        test    al, 20h                 ; room for one?
        jz      .wait
        mov     al, ah
        mov     edx, COM1
        out     dx, al
        jmp     print
.done:  ret

NAME            equ 8
EVENT           equ NAME + 4
%macro row 2
%%name: db      %1
        times NAME - ($ - %%name) db 0
        dd      %2
%endmacro
        align   4
events: row     "empty", empty
        row     "syscall", system_call
        row     "in", port_read
        row     "cr0wr", cr0_write
        row     "cr3wr", cr3_write
        row     "callret", call_return
        row     "pgfault", page_fault
        row     "divzero", divide
        row     "ptemod", table_write
        row     "tlbmiss", tlb_miss
        row     "halt", halt
events_end:

        section .data align=4096
; Read by whoever counts: 1 first time, 2 N times, 3 2N times, 4 done.
phase:  dd      0
event:  dd      0
count:  dd      0
back:   dd      0                       ; the kernel's stack, while a program runs
line:   times 64 db 0
line_end:
        align   8
gdt:    dq      0
        dq      00CF9B000000FFFFh       ; 08: code, ring 0
        dq      00CF93000000FFFFh       ; 10: data, ring 0
        dq      00CFFB000000FFFFh       ; 18: code, ring 3
        dq      00CFF3000000FFFFh       ; 20: data, ring 3
        dw      67h                     ; 28: the TSS
tss_at: dw      0
        db      0, 89h, 0, 0
gdtr:   dw      $ - gdt - 1
        dd      gdt
idtr:   dw      15 * 8 - 1
        dd      idt
image_end:

        section .bss align=4096         ; zeroed by the loader
directory:      resb PAGE
table:          resb PAGE               ; 0 up
second:         resb PAGE               ; 4 MiB up
idt:            resb 15 * 8
                alignb 16
tss:            resb 68h
user_stack:     resb PAGE / 2
user_stack_top: resb PAGE
stack_top:
memory_end:
