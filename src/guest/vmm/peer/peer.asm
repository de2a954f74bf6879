; peer: a monitor that leaves its guest's kernel where it is: in ring 0, beside itself.
;
; There is no ring below ring 0, so monitor and kernel are peers. The monitor has its page
; tables, its IDT, its clock and its console. It loads the guest, jumps to it, and waits for
; its clock to bring the processor back. The guest does what every kernel does when it
; starts: LGDT, LIDT, MOV CR3, its own 8259 and 8254. Each of these throws the monitor out
; a little more, and nothing asks the monitor. It never runs again. That is the reason for
; all the other monitors.
;
;       nasm -f bin -I src/guest/ -o peer.bin src/guest/vmm/peer/peer.asm
;
; Physical memory, with the guest given M MiB:
;   0           the guest's, all of it: it has the addresses that it expects
;   M MiB       this image, moved out of its way, at linear FFD00000h
;
; One guest. There is nothing to share between two.

        bits    32
        org     0FFC00000h + 100000h

TOP             equ 0FFC00000h          ; linear 4 MiB that are the monitor's

%include "vmm/lib/cpu.inc"
%include "vmm/lib/vm.inc"

        section .text
;@ role monitor
header: dd      MULTIBOOT_HEADER, 1 << 16, -(MULTIBOOT_HEADER + (1 << 16))
        dd      header - TOP, $$ - TOP, image_end - TOP, memory_end - TOP, start - TOP

monitor_name:   db "peer", 0

; By the Multiboot loader: ring 0, paging off, interrupts off, flat segments of an
; unknown GDT, no stack. EBX = what the loader tells. We are linked at FFD00000h but lie
; at 100000h, where the guest wants to be.
start:
;@ goal how much memory is the guest's?
        cld
        mov     esp, boot_stack - TOP
        mov     edi, memory_option - TOP
        mov     eax, 4
        call    option
        add     eax, 3
        and     eax, ~3                 ; 4 MiB at a time
        shl     eax, 20
        mov     edx, eax                ; from there on it is ours

;@ goal out of its way: us, and the guest's file
        mov     esi, 100000h
        lea     edi, [edx+100000h]
        mov     ecx, memory_end - TOP
        sub     ecx, esi
        shr     ecx, 2
        rep     movsd
        mov     eax, [ebx+24]           ; the first module's record
        mov     esi, [eax]
        mov     ecx, [eax+4]
        sub     ecx, esi
        lea     edi, [edx+200000h]
        mov     [eax], edi
        mov     [eax+4], edi
        add     [eax+4], ecx
        add     ecx, 3
        shr     ecx, 2
        rep     movsd

;@ goal memory where it is, and us at the top
        lea     edi, [edx+directory-TOP]
        mov     ecx, 1023
        mov     eax, LARGE + WRITABLE + PRESENT
.map:   stosd                           ; linear = physical
        add     eax, 400000h
        loop    .map
        lea     eax, [edx+LARGE+WRITABLE+PRESENT]
        stosd                           ; FFC00000h
        mov     eax, cr4
        or      eax, CR4_PSE
        mov     cr4, eax
        lea     eax, [edx+directory-TOP]
        mov     cr3, eax
        mov     eax, cr0
        or      eax, CR0_PG + CR0_NE + CR0_WP
        mov     cr0, eax
        mov     eax, .high
        jmp     eax
.high:  mov     [place], edx

;@ goal segments and a stack
        lgdt    [gdtr]
        jmp     CODE:.flat
.flat:  mov     eax, DATA
        mov     ss, eax
        mov     ds, eax
        mov     es, eax
        mov     esp, boot_stack

;@ goal console and clock are ours
        push    ebx
        call    console_setup
        pop     ebx
        call    read_options
        cmp     dword [vm_count], 1
        mov     esi, .too_many
        jne     stop
        call    interrupts_setup

;@ goal load the guest where it wants to be
        mov     ebp, vms
        mov     eax, [vm_size]
        mov     [ebp+VM.size], eax      ; .memory = 0: at its own addresses
        mov     dword [ebp+VM.number], 1
        call    load_image              ; EAX = where it begins
        call    tell_guest
        push    eax
        mov     esi, .goes
        call    print
        pop     ecx

;@ goal let it run
        mov     dword [current_vm], 1
        mov     eax, MULTIBOOT_LOADED
        mov     ebx, GUEST_INFO
        jmp     ecx                     ; ring 0 to ring 0: nothing changes

.too_many:  db  "the one guest takes all of it", 0
.goes:      db  "peer: the guest begins. The clock will bring me back.", 10, 0

; Print the text at ESI, a line, and stop the real machine for good.
stop:   push    esi
        mov     esi, monitor_name
        call    print
        mov     esi, .colon
        call    print
        pop     esi
        call    print
        mov     al, 10
        call    put_char
.stop:  cli
        hlt                             ; nothing wakes us
        jmp     .stop
.colon: db      ": ", 0

CODE            equ 08h
DATA            equ 10h

        align   8
gdt:    dq      0
        dq      00CF9B000000FFFFh       ; 08: code
        dq      00CF93000000FFFFh       ; 10: data
gdtr:   dw      $ - gdt - 1
        dd      gdt

guest_create:
        ret
memory_option:  db "memory=", 0

%include "vmm/lib/loader.inc"
%include "vmm/lib/pages.inc"
%include "vmm/lib/interrupts.inc"
%include "vmm/lib/vpit.inc"
%include "vmm/lib/vpic.inc"
%include "vmm/lib/vuart.inc"
%include "vmm/lib/vata.inc"
%include "vmm/lib/console.inc"

        align   4
living:         dd 0
slice:          dd 0
; Read by whoever watches, as a debugger would.
current_vm:     dd 0                    ; who runs: 0 nobody, 1 the guest
vm_count:       dd 0
vm_memory:      dd 0, 0, 0, 0           ; the guest's memory begins at 0
vm_record:      dd 0, 0, 0, 0
place:          dd 0                    ; where we have moved to: linear TOP
image_end:

        section .bss align=4096         ; zeroed by the loader
directory:      resb PAGE               ; the monitor's page directory
idt:            resb PAGE / 2
                resb PAGE / 2
boot_stack:
vms:            resb PAGE
memory_end:
