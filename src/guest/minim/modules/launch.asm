; launch: a monitor that slips below the running kernel, as Blue Pill and Vitriol did in
; 2006.
;
; insmod calls it in ring 0, as part of the kernel. It makes a VMCS whose guest is the
; kernel as it is at that moment, and whose host is a monitor of its own: own stack, IDT,
; GDT and page tables. VMLAUNCH, and insmod returns - in a virtual machine. Devices,
; interrupts, page faults and nearly all instructions are the guest's own; what has to
; leave it (exits.inc) is answered with what the machine would have answered. Only time
; tells. What cannot be answered so ends the monitor, not the kernel (leave.inc): better
; gone than found.
;
; Two pages of code. The first is the monitor's; once it is below, the kernel's page tables
; show an empty page in its place, and in that of every other page of the monitor. The
; second is the kernel's.
;
;       nasm -f bin -I src/guest/ -o launch.bin src/guest/minim/modules/launch.asm

        bits    32
%include "vmm/lib/cpu.inc"
%include "vmm/lib/vmcs.inc"
%include "minim/module.inc"

%define LINEAR  (MODULE - MODULE_PHYSICAL)
MODULE_PAGES    equ MODULE_SIZE / PAGE

        org     MODULE

        section .text
;@ role kernel
        jmp     launch

;@ role monitor
%include "minim/modules/launch/exits.inc"
%include "minim/modules/launch/leave.inc"

        align   PAGE
;@ role kernel
kernel_part:
%include "minim/modules/launch/begin.inc"
%include "minim/modules/launch/hide.inc"
%include "minim/modules/launch/state.inc"
%include "vmm/lib/vmx.inc"
%include "minim/modules/launch/gone.inc"

; Pages in no file. Behind the kernel's part, in its page: what both sides need.
        section .bss align=4
seen_cr0:       resd 1                  ; CR0 as the kernel loaded it
table:          resd 2                  ; a pseudo-descriptor
selectors:      resw 8
left:           resb LEFT_size
left_end:

        section .pages nobits align=4096 follows=.bss
pages:
vmxon_page:     resb PAGE               ; these two are for the processor alone
vmcs_page:      resb PAGE
msr_bitmap:     resb PAGE               ; all 0: no MSR is anybody's but the guest's
directory:      resb PAGE               ; the monitor's page tables
directory_table: resb PAGE
host_idt:       resb PAGE / 2
                resb PAGE / 2
host_stack:
empty_page:     resb PAGE               ; what the kernel sees in place of all these
pages_end:
