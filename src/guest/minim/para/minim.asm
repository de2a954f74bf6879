; minim, ported to the monitor para: what ../minim.asm does for itself, it asks for here.
;
; The kernel is in ring 1. In this folder are the files that had to change; the others, and
; all programs, are minim's own. ";@ port" says why the lines behind it are not as they were.
; What there is to ask for: vmm/para/interface.inc.
;
;       nasm -f bin -I src/guest/ -o minim.bin src/guest/minim/para/minim.asm
;
; Physical memory, 4 MiB:                    Linear memory:
;     8000h  shared with the monitor             08000000h  a program, calls.inc    ring 3
;     9000h  the kernel's directory, table       C0000000h  physical 0              ring 1
;   100000h  this image                        C0100000h  this image              ring 1
;            its zeroed pages                  C03E0000h  a module                ring 1
;            free pages                        C0400000h  nothing
;   3E0000h  a module                          FC000000h  the monitor             ring 0
;   400000h  not used

        bits    32

KERNEL          equ 0C0000000h          ; linear - physical, for what is ours
IMAGE           equ 100000h             ; physical
MEMORY_END      equ 400000h             ; physical

        org     KERNEL + IMAGE

%include "vmm/lib/cpu.inc"
%include "minim/calls.inc"
%include "minim/module.inc"
;@ port instead of what the processor offers: what the monitor offers
%include "vmm/para/interface.inc"

        section .text
;@ role kernel
header: dd      MULTIBOOT_HEADER, 1 << 16, -(MULTIBOOT_HEADER + (1 << 16))
        dd      header - KERNEL, IMAGE, image_end - KERNEL, memory_start - KERNEL, start - KERNEL
;@ port this image is for the monitor, and wants to begin where it is linked
        dd      PORTED, KERNEL

%include "minim/para/boot.inc"
%include "minim/para/main.inc"
%include "minim/para/descriptors.inc"
%include "minim/para/trap.inc"
%include "minim/para/system-calls.inc"
%include "minim/para/task.inc"
%include "minim/para/process.inc"
%include "minim/pages.inc"
%include "minim/para/space.inc"
%include "minim/para/tables.inc"
%include "minim/para/clock.inc"
%include "minim/para/console.inc"
%include "minim/para/disk.inc"
%include "minim/files.inc"
%include "minim/insmod.inc"

        align   PAGE
; Pages in no file, zeroed by the loader.
image_end:
;@ port the monitor has made the first directory and table; there is no IDT
shared                  equ KERNEL + PARA_SHARED
kernel_directory        equ KERNEL + PARA_DIRECTORY     ; where all directories begin
kernel_table            equ KERNEL + PARA_TABLE         ; C0000000h up, in all of them
volume                  equ image_end                   ; the disk's first page
boot_stack              equ volume + 2 * PAGE           ; its top
memory_start            equ boot_stack                  ; from here on: free pages
