; para: a monitor whose guests know about it, in Xen's manner.
;
; A guest's kernel has been changed: where it would run what only ring 0 may, it calls the
; monitor instead. So nothing has to be caught, and nothing can be missed. Its kernel is in
; ring 1; its page tables are the real ones, and the monitor alone writes to them; its
; programs' system calls go straight from ring 3 to ring 1. What both agree on: interface.inc.
;
;       nasm -f bin -I src/guest/ -o para.bin src/guest/vmm/para/para.asm
;
;   boot      a guest before its first instruction       mmu       page tables, looked at
;   traps     the way in and the way back                frames    which page may be what
;   calls     what a guest may ask                       devices   console and disk
;   copy      the guest's memory, by its own tables
;
; The rest is vmm/lib. Physical memory:
;   100000h     this image, its zeroed pages, a block for each VM: at FFD00000h, always
;   1000000h    VM 1's memory, VM 2's, ...

        bits    32
        org     0FFC00000h + 100000h

%define DEPRIVILEGED
%include "vmm/lib/cpu.inc"
%include "vmm/lib/vm.inc"
%include "vmm/para/interface.inc"
%include "vmm/para/vm.inc"

DIRECT_PAGING   equ 1                   ; for those who watch: a guest's tables hold machine addresses

        section .text
;@ role monitor
header: dd      MULTIBOOT_HEADER, 1 << 16, -(MULTIBOOT_HEADER + (1 << 16))
        dd      header - TOP, $$ - TOP, image_end - TOP, memory_end - TOP, start - TOP

monitor_name:   db "para", 0

%include "vmm/lib/high.inc"
%include "vmm/lib/loader.inc"
%include "vmm/lib/pages.inc"
%include "vmm/para/boot.inc"
%include "vmm/para/traps.inc"
%include "vmm/para/calls.inc"
%include "vmm/para/mmu.inc"
%include "vmm/para/frames.inc"
%include "vmm/para/copy.inc"
%include "vmm/para/devices.inc"

; Of the library's virtual chips a guest sees none: they keep count for it.
%include "vmm/lib/vpit.inc"
%include "vmm/lib/vuart.inc"
%include "vmm/lib/vata.inc"
%include "vmm/lib/schedule.inc"
%include "vmm/lib/interrupts.inc"
%include "vmm/lib/console.inc"
%include "vmm/lib/watched.inc"
image_end:

        section .bss align=4096         ; zeroed by the loader
directory:      resb PAGE               ; the monitor's own, until the first guest runs
idt:            resb PAGE / 2
                resb PAGE / 2
boot_stack:
vms:            resb VMS * VM_BLOCK
frames:         resd VMS * FRAMES
memory_end:
