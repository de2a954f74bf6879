; Attacks, one at a time: a key says which. A kernel that is given none means no harm, and
; says now and then that it is there. On the bare machine every attack works. What a
; monitor stands, and what its other virtual machine notices: docs/attacks.md.
;
;       nasm -f bin -I src/guest/ -o attacks.bin src/guest/demo/hostile-attacks.asm

;@ role kernel
%include "demo/multiboot.inc"
%include "demo/kernel.inc"

POLLS           equ 60                  ; how long a key is waited for
RECEIVED        equ 1 << 0              ; 16550, line status
EVERY           equ 2                   ; ticks
MEMORY          equ 4000000h            ; 64 MiB: more than there is

main:
;@ goal is a key typed?
        mov     ecx, POLLS
.wait:  mov     edx, COM1 + 5
        in      al, dx
        test    al, RECEIVED
        jnz     .typed
        loop    .wait

;@ goal no harm
.here:  mov     ebx, [ticks]
        mov     esi, .text
        mov     eax, ebx
        call    line
        add     ebx, EVERY
.sleep: sti
        hlt                             ; until the clock ticks
        cli
        cmp     [ticks], ebx
        jb      .sleep
        jmp     .here
.text:  db      "here ", 0

;@ goal which attack?
.typed: mov     edx, COM1
        in      al, dx
        call    choose
        jmp     .here                   ; none of ours

%include "demo/attacks.inc"

; Turn interrupts off, and keep the processor.
spin_name:      db "interrupts off, for ever", 10, 0
spin:   cli
.spin:  jmp     .spin

; Load an IDT of its own, in which whatever comes is its own, and page tables of its own, in
; which every address is its own 4 MiB: whoever runs next runs what it likes.
tables_name:    db "its own IDT and page tables", 10, 0
tables: mov     edi, own_idt
        mov     ecx, 256
        mov     eax, taken
.gate:  call    gate
        loop    .gate
        lidt    [own_idtr]
        mov     eax, LARGE + USER + WRITABLE + PRESENT
        xor     ebp, ebp                ; everywhere the same
        call    map
        sti
.spin:  jmp     .spin

; By any interrupt or fault: what it takes it keeps.
taken:  cli
        jmp     taken

; Write to every page of physical memory but its own.
memory_name:    db "every page of memory", 10, 0
memory: mov     eax, LARGE + USER + WRITABLE + PRESENT
        mov     ebp, 400000h            ; linear = physical
        call    map
        xor     edi, edi
.page:  cmp     edi, header
        jb      .write
        cmp     edi, image_end
        jb      .next
.write: mov     dword [edi], "BOO!"
.next:  add     edi, PAGE
        cmp     edi, MEMORY
        jb      .page
        jmp     spin

; Write 0 to every port.
ports_name:     db "every port", 10, 0
ports:  xor     edx, edx
        xor     eax, eax
.port:  out     dx, al
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

; Do nothing but what a monitor has to do in its stead.
flood_name:     db "exit upon exit", 10, 0
flood:  cli
.again: xor     eax, eax
        cpuid
        out     80h, al
        in      al, 80h
        mov     eax, cr0
        mov     cr0, eax
        jmp     .again

; Page tables of 4 MiB pages. EAX = the first one's entry, EBP = from one to the next.
map:    mov     edi, directory
        mov     ecx, 1024
.entry: stosd
        add     eax, ebp
        loop    .entry
        mov     eax, cr4
        or      eax, CR4_PSE
        mov     cr4, eax
        mov     eax, directory
        mov     cr3, eax
        mov     eax, cr0
        or      eax, CR0_PG
        mov     cr0, eax
        ret

        section .data
own_idtr: dw    256 * 8 - 1
        dd      own_idt

        section .bss align=4096
directory: resb PAGE
own_idt: resb   256 * 8
image_end:
