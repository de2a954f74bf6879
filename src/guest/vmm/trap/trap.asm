; trap: a monitor that trusts Popek and Goldberg on a processor that does not deserve it.
;
; A guest's kernel runs in ring 1, as it is. Whatever only ring 0 may do traps, and the
; monitor does it in its stead (soft/emulate.inc): trap and emulate, as since 1972. On this
; processor that is not enough: some instructions do not trap in ring 1, they do something
; else. POPF keeps IF, IRET too; PUSHF, SGDT, SIDT, SLDT, STR, SMSW and PUSH CS tell the truth.
; A guest that uses them goes wrong, and neither it nor the monitor notices. What can be done
; about that is vmm/translate.
;
;       nasm -f bin -I src/guest/ -o trap.bin src/guest/vmm/trap/trap.asm
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

%assign TRANSLATOR 0                      ; 1: what only translated code asks for

        section .text
;@ role monitor
header: dd      MULTIBOOT_HEADER, 1 << 16, -(MULTIBOOT_HEADER + (1 << 16))
        dd      header - TOP, $$ - TOP, image_end - TOP, memory_end - TOP, start - TOP

monitor_name:   db "trap", 0

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

; The guest's own code is what runs.
callout         equ trap_unexpected
callout_chain   equ trap_unexpected
callout_indirect equ trap_unexpected
guest_boundary: clc
technique_create:
guest_form:
native_form:
mapping_changed:
trace_write:
code_written:
table_written:
        ret

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
memory_end:
