; vtx: a monitor for processors with VT-x.
;
; Multiboot loads it with one module, an image that is itself Multiboot. The monitor
; makes virtual machines, each with that image in a memory of its own, and lets them
; take turns on the one processor. Command line: vms=N (1-4) memory=M (MiB for each),
; nested=1 for nested paging, with that inner=N for a guest that is a monitor itself and has
; N virtual machines (inner.inc), traced=1 for shadow tables that are kept. Further modules
; are the guest's.
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
%define INNER_MONITORS                  ; a guest can be a monitor
%include "vmm/lib/vmcs.inc"
%include "vmm/lib/vm.inc"

        struc INNER                     ; a VMCS that the inner monitor uses: a vmcs12
.address        resd 1                  ; guest-physical, + 1; 0: a free record
.region         resd 1                  ; the same in real memory
.vmcs           resd 2                  ; its vmcs02; 0: none yet
.launched       resd 1                  ; VMRESUME enters there, not VMLAUNCH
        endstruc

        struc VTX                       ; a VM's record goes on
                resb VM_size
.launched       resd 1                  ; VMRESUME, not VMLAUNCH
.vmcs           resd 2                  ; physical address, 64 bits
.root           resd 1                  ; an inner monitor's VMXON region, + 1; 0: none
.current        resd 1                  ; the record of its current VMCS; 0: none
.inside         resd 1                  ; 1: not the inner monitor runs, but its guest
.turn           resd 1                  ; which record is given away next
.records        resb VMS * INNER_size
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
%include "vmm/lib/traced.inc"
%include "vmm/lib/tracing.inc"
%include "vmm/vtx/tracing.inc"
%include "vmm/vtx/nested.inc"
%include "vmm/vtx/inject.inc"
%include "vmm/vtx/instructions.inc"
%include "vmm/lib/cpuid.inc"
%include "vmm/vtx/io.inc"
%include "vmm/vtx/inner.inc"
%include "vmm/vtx/inner-fields.inc"
%include "vmm/vtx/inner-enter.inc"
%include "vmm/vtx/inner-exit.inc"
%include "vmm/vtx/inner-vmx.inc"
%include "vmm/vtx/inner-operand.inc"
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
