; vtx: a monitor for processors with VT-x.
;
; Multiboot loads it with one module, an image that is itself Multiboot. The monitor
; makes virtual machines, each with that image in a memory of its own, and lets them
; take turns on the one processor. Command line: vms=N (1-4) memory=M (MiB for each),
; nested=1 for nested paging.
;
; A guest runs on the processor itself, its kernel in ring 0. What it must not do to the
; real machine leaves the guest: that is a VM exit, and arrives at on_exit. Read it from
; there (exits.inc), then cr.inc for one exit whole, then lib/shadow.inc. What has nothing
; to do with VT-x is in vmm/lib, which vm.inc there explains; vmm/svm does the same with
; AMD-V, file by file.
;
;       nasm -f bin -I src/guest/ -o vtx.bin src/guest/vmm/vtx/vtx.asm
;
; Physical memory:
;   100000h     this image, its zeroed pages, a block for each VM
;   1000000h    VM 1's memory, VM 2's, ...

        bits    32
        org     100000h

%include "vmm/lib/cpu.inc"
%include "vmm/lib/vmcs.inc"
%include "vmm/lib/vm.inc"

        struc VTX                       ; a VM's record goes on
                resb VM_size
.launched       resd 1                  ; VMRESUME, not VMLAUNCH
.vmcs           resd 2                  ; physical address, 64 bits
        endstruc

        section .text
;@ role monitor
header: dd      MULTIBOOT_HEADER, 1 << 16, -(MULTIBOOT_HEADER + (1 << 16))
        dd      header, $$, image_end, memory_end, start

monitor_name:   db "vtx", 0

%include "vmm/lib/boot.inc"
%include "vmm/lib/loader.inc"
%include "vmm/lib/pages.inc"
%include "vmm/vtx/state.inc"
%include "vmm/lib/vmx.inc"

%include "vmm/vtx/exits.inc"
%include "vmm/vtx/cr.inc"
%include "vmm/lib/walk.inc"
%include "vmm/lib/shadow.inc"
%include "vmm/vtx/nested.inc"
%include "vmm/vtx/inject.inc"
%include "vmm/vtx/instructions.inc"
%include "vmm/lib/cpuid.inc"
%include "vmm/vtx/io.inc"
%include "vmm/lib/board.inc"
image_end:

        section .bss align=4096         ; zeroed by the loader
directory:      resb PAGE               ; the monitor's page directory
unpaged_directory: resb PAGE            ; a guest's without paging
vmxon_page:     resb PAGE               ; for the processor alone
idt:            resb PAGE / 2
                resb PAGE / 2
boot_stack:
vms:            resb VMS * VM_BLOCK
memory_end:
