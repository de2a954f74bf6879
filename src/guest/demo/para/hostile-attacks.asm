; Attacks, one at a time: ../hostile-attacks.asm, ported. A key says which. A kernel that is
; given none means no harm, and says now and then that it is there. What ring 0 would do by
; an instruction, this one asks for, or tries all the same.
;
;       nasm -f bin -I src/guest/ -o attacks.bin src/guest/demo/para/hostile-attacks.asm

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

shared          equ KERNEL + PARA_SHARED
POLLS           equ 60                  ; how long a key is waited for
EVERY           equ 2                   ; ticks
MEMORY          equ 4000000h            ; 64 MiB: more than there is
DIRECTORY       equ 200000h             ; a directory of its own, guest-physical
PLACE           equ 3FF000h             ; linear - KERNEL: where a page is to be seen

; By the monitor: ring 1, paging on, events masked, no stack.
start:  cld
        mov     esp, stack_top
        mov     ebp, [shared+SHARED.machine]
        mov     eax, HYPER_TRAPS
        mov     ebx, skippers
        int     HYPER
        mov     eax, HYPER_CALLBACKS
        mov     ebx, tick
        xor     ecx, ecx
        int     HYPER
        mov     eax, HYPER_TIMER
        mov     ebx, 1193
        int     HYPER

;@ goal is a key typed?
        mov     ecx, POLLS
.wait:  mov     eax, HYPER_CONSOLE
        mov     ebx, CONSOLE_READ
        int     HYPER
        test    eax, eax
        jns     .typed
        loop    .wait

;@ goal no harm
.here:  mov     edi, [ticks]
        mov     esi, .text
        call    print
        add     edi, EVERY
.sleep: mov     eax, HYPER_SCHED
        mov     ebx, SCHED_BLOCK
        int     HYPER                   ; until the clock ticks
        mov     dword [shared+SHARED.masked], 1
        cmp     [ticks], edi
        jb      .sleep
        jmp     .here
.text:  db      "here", 10, 0

;@ goal which attack?
.typed: call    choose
        jmp     .here                   ; none of ours

%include "demo/attacks.inc"

; Events masked; CLI, too. Keep the processor.
spin_name:      db "interrupts off, for ever", 10, 0
spin:   mov     dword [shared+SHARED.masked], 1
        cli
        nop
.spin:  jmp     .spin

; Handlers of its own for all there is, and a directory of its own, in which every address
; is its own 4 MiB.
tables_name:    db "its own IDT and page tables", 10, 0
tables: lidt    [skippers]
        mov     eax, HYPER_TRAPS
        mov     ebx, takers
        int     HYPER
        mov     eax, HYPER_CALLBACKS
        mov     ebx, taken
        xor     ecx, ecx
        int     HYPER
        mov     edi, KERNEL + DIRECTORY
        lea     eax, [ebp+PARA_TABLE+USER+WRITABLE+PRESENT]
        mov     ecx, 1024
        rep     stosd
        lea     eax, [ebp+PARA_TABLE+(DIRECTORY>>12)*4]
        lea     edx, [ebp+DIRECTORY+PRESENT]
        call    ask
        lea     eax, [ebp+DIRECTORY+MMU_PAGE]
        mov     edx, PAGE_DIRECTORY
        call    ask
        mov     eax, HYPER_CR3
        lea     ebx, [ebp+DIRECTORY]
        int     HYPER
        mov     dword [shared+SHARED.masked], 0
.spin:  jmp     .spin

; By any event or fault: what it takes it keeps.
taken:  jmp     taken

; Write to every page of physical memory but its own image: map it, if that is let.
memory_name:    db "every page of memory", 10, 0
memory: xor     edi, edi
.page:  mov     eax, edi
        sub     eax, ebp
        sub     eax, 100000h
        cmp     eax, image_end - header + PAGE
        jb      .next
        lea     eax, [ebp+PARA_TABLE+(PLACE>>12)*4]
        lea     edx, [edi+WRITABLE+PRESENT]
        call    ask
        jc      .next                   ; refused
        mov     eax, HYPER_MMU
        mov     ebx, .flush
        mov     ecx, 1
        int     HYPER
        mov     dword [KERNEL+PLACE], "BOO!"
.next:  add     edi, PAGE
        cmp     edi, MEMORY
        jb      .page
        jmp     spin
        align   4
.flush: dd      MMU_FLUSH, KERNEL + PLACE

; Write 0 to every port.
ports_name:     db "every port", 10, 0
ports:  xor     edx, edx
        xor     eax, eax
.port:  out     dx, al
        nop
        inc     edx
        cmp     edx, 10000h
        jb      .port
        jmp     spin

; Reset the machine by its keyboard controller, and by system control port A.
keyboard_name:  db "a reset by port 64h", 10, 0
keyboard:
        mov     al, 0FEh                ; pulse the reset line
        out     64h, al
        jmp     spin
port_a_name:    db "a reset by port 92h", 10, 0
port_a: mov     al, 1
        out     92h, al
        jmp     spin

; Do nothing but call the monitor.
flood_name:     db "exit upon exit", 10, 0
flood:  mov     eax, HYPER_MMU
        mov     ebx, request
        mov     ecx, MMU_MOST
        int     HYPER
        mov     eax, 1000
        int     HYPER
        jmp     flood

; By a fault: ring 1, events masked, with an error code. The instruction is left out: they
; have two bytes here, or a NOP behind them, but LIDT.
skip:   add     esp, 4
        push    eax
        mov     eax, [esp+4]
        cmp     byte [eax], 0Fh         ; LIDT [address]: seven bytes
        jne     .short
        add     dword [esp+4], 5
.short: add     dword [esp+4], 2
        pop     eax
        iret

; By the clock: ring 1, events masked, from .sleep.
tick:   inc     dword [ticks]
        mov     dword [shared+SHARED.pending], 0
        iret

; One request: EAX = place, EDX = value. Out: CF=1: refused. EBP, EDI are kept.
ask:    mov     [request], eax
        mov     [request+4], edx
        mov     eax, HYPER_MMU
        mov     ebx, request
        mov     ecx, 1
        int     HYPER
        cmp     eax, 1                  ; CF=1: not done
        ret

; In: ESI = text, ended by 0. EDI is kept.
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
skippers:
        dd      13, skip, 0, 0
takers:
%assign vector 0
%rep 32
        dd      vector, taken
%assign vector vector + 1
%endrep
        dd      0, 0
ticks:  dd      0
request: times MMU_MOST * REQUEST_size / 4 dd 0
        align   16
        times 64 dd 0
stack_top:
image_end:
