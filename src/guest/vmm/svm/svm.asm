; svm: a monitor for processors with AMD-V.
;
; It does what vmm/vtx does with VT-x, file by file, so that the two can be read side by
; side; what has nothing to do with either is in vmm/lib, which vm.inc there explains.
; Command line: vms=N (1-4) memory=M (MiB for each), nested=1 for nested paging, traced=1
; for shadow tables that are kept.
;
; A guest runs on the processor itself, its kernel in ring 0. What the VMCB intercepts
; leaves the guest: that is a #VMEXIT, and goes on behind the VMRUN that entered. Read it
; from there (exits.inc), then cr.inc for one exit whole, then lib/shadow.inc.
;
;       nasm -f bin -I src/guest/ -o svm.bin src/guest/vmm/svm/svm.asm
;
; Physical memory:
;   100000h     this image, its zeroed pages, a block for each VM
;   1000000h    VM 1's memory, VM 2's, ...

        bits    32
        org     100000h

%include "vmm/lib/cpu.inc"
%include "vmm/lib/vm.inc"
%include "vmm/lib/vmcb.inc"

        section .text
;@ role monitor
header: dd      MULTIBOOT_HEADER, 1 << 16, -(MULTIBOOT_HEADER + (1 << 16))
        dd      header, $$, image_end, memory_end, start

monitor_name:   db "svm", 0

%include "vmm/lib/boot.inc"
%include "vmm/lib/loader.inc"
%include "vmm/lib/pages.inc"
%include "vmm/svm/state.inc"
%include "vmm/lib/svm.inc"

%include "vmm/svm/exits.inc"
%include "vmm/svm/code.inc"
%include "vmm/svm/cr.inc"
%include "vmm/lib/walk.inc"
%include "vmm/lib/shadow.inc"
%include "vmm/lib/traced.inc"
%include "vmm/lib/tracing.inc"
%include "vmm/svm/tracing.inc"
%include "vmm/svm/nested.inc"
%include "vmm/svm/inject.inc"
%include "vmm/svm/instructions.inc"
%include "vmm/lib/cpuid.inc"
%include "vmm/svm/io.inc"
%include "vmm/lib/board.inc"
image_end:

        section .bss align=4096         ; zeroed by the loader
directory:      resb PAGE               ; the monitor's page directory
host_save:      resb PAGE               ; for the processor alone
io_map:         resb 3 * PAGE           ; 1: the port leaves the guest
msr_map:        resb 2 * PAGE           ; 1: the access leaves the guest
idt:            resb PAGE / 2
                resb PAGE / 2
boot_stack:
vms:            resb VMS * VM_BLOCK
memory_end:
