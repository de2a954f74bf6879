; The smallest honest virtual machine: one monitor, one guest, one VMCS.
;
; The guest is a kernel with two programs. Each time the kernel turns to the other
; program it loads CR3, and on this processor a guest's MOV CR3 always leaves the guest.
; The monitor looks why, does it for the guest, steps over it, and goes back.
;
; The guest's memory lies where it says it lies: physical = guest-physical = linear.
; (A monitor that shares a machine between several guests cannot afford that: vmm/vtx.)
;
;       nasm -f bin -I src/guest/ -o first-exit.bin src/guest/first-exit/first-exit.asm

        bits    32
        org     100000h

%include "vmm/lib/cpu.inc"
%include "vmm/lib/vmcs.inc"

CODE            equ 08h                 ; selectors, flat, the same in the monitor's
DATA            equ 10h                 ; and in the guest's own GDT
USER_CODE       equ 18h + 3
USER_DATA       equ 20h + 3
TSS             equ 28h

        section .text
;@ role monitor
header: dd      MULTIBOOT_HEADER, 1 << 16, -(MULTIBOOT_HEADER + (1 << 16))
        dd      header, $$, image_end, memory_end, start

%include "first-exit/monitor.inc"
%include "vmm/lib/vmx.inc"
%include "vmm/lib/debug.inc"
%include "first-exit/guest.inc"

        align   PAGE
image_end:

        section .bss align=4096         ; zeroed by the loader
;@ role monitor
directory:      resb PAGE               ; the monitor's page directory
vmxon_page:     resb PAGE               ; for the processor alone
vmcs_page:      resb PAGE               ; for the processor alone
                resb PAGE
stack_top:
memory_end:
