; translate: a monitor that reads its guest's kernel before it lets it run.
;
; Some instructions do not trap in ring 1 and do something else there (vmm/trap). So the
; kernel's own code never runs. What is about to run is translated, a few instructions at a
; time, into a cache of the monitor's: most are copied as they are; jumps are led through
; the cache; CLI becomes one MOV; what is privileged or sensitive becomes a callout, and is
; done by the monitor as after a trap (soft/emulate.inc). Binary translation, as VMware did
; it from 1999 on. Programs, in ring 3, run directly: for them every one of those
; instructions is as harmless as on the bare machine.
;
; A callout costs less than a fault. Jumps between translations are linked once they are
; known. A place that keeps writing to page tables is given a callout of its own.
;
; What it cannot do ends the VM, with a line that says so: CS and GS prefixes and 16-bit
; addresses in a kernel, LDS and its kin, far jumps through memory, LDTs, real and
; virtual-8086 mode. A kernel's own single steps (TF) are not given back to it.
;
;   unit       translation units, and which is where     decode     instructions, apart
;   callouts   what translated code asks for             translate  and made anew
;
;       nasm -f bin -I src/guest/ -o translate.bin src/guest/vmm/translate/translate.asm
;
; Physical memory:
;   100000h     this image, its zeroed pages, a block for each VM: at FFD00000h, always
;   1000000h    VM 1's memory, VM 2's, ...

        bits    32
        org     0FFC00000h + 100000h

%define DEPRIVILEGED
%include "vmm/lib/cpu.inc"
%include "vmm/lib/vm.inc"
%include "vmm/soft/vm.inc"

%assign TRANSLATOR 1                    ; what only translated code asks for

UNITS           equ 1024                ; for each VM
CACHE_SIZE      equ 128 * 1024
UNIT_ROOM       equ 512                 ; bytes that a translation may take

        section .text
;@ role monitor
header: dd      MULTIBOOT_HEADER, 1 << 16, -(MULTIBOOT_HEADER + (1 << 16))
        dd      header - TOP, $$ - TOP, image_end - TOP, memory_end - TOP, start - TOP

monitor_name:   db "translate", 0

%include "vmm/lib/high.inc"
%include "vmm/soft/boot.inc"
%include "vmm/lib/loader.inc"
%include "vmm/lib/pages.inc"
%include "vmm/lib/walk.inc"
%include "vmm/soft/traps.inc"
%include "vmm/soft/emulate.inc"
%include "vmm/soft/operands.inc"
%include "vmm/soft/deliver.inc"
%include "vmm/soft/segments.inc"
%include "vmm/soft/memory.inc"
%include "vmm/soft/shadow.inc"
%include "vmm/lib/traced.inc"

%include "vmm/translate/unit.inc"
%include "vmm/translate/callouts.inc"
%include "vmm/translate/decode.inc"
%include "vmm/translate/translate.inc"

%include "vmm/lib/cpuid.inc"
%include "vmm/lib/board.inc"
image_end:

        section .bss align=4096         ; zeroed by the loader
directory:      resb PAGE               ; the monitor's page directory
idt:            resb PAGE / 2
                resb PAGE / 2
boot_stack:
handlers:       resd 1024               ; by opcode: who does it for a guest
vms:            resb VMS * VM_BLOCK
buckets:        resb VMS * 1024
units:          resb VMS * UNITS * UNIT_SIZE
code_maps:      resb VMS * CODE_PAGES * PAGE / 8
caches:         resb VMS * CACHE_SIZE
memory_end:
