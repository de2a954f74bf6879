; minim: a small operating system for a PC with a 32-bit processor.
;
; It keeps its programs apart from itself and from each other (rings, page tables),
; gives them memory when they first touch it, takes the processor back when its clock
; ticks, keeps files on a disk, and talks over a serial line. It knows nothing of
; virtual machines: the same bytes run bare and under a monitor.
;
; Read it in the order of the %include lines below, then programs/shell.asm. Each entry
; point says how we got there: in which ring, on which stack, with which page table,
; interrupts on or off. In the kernel they are off, but where it waits in HLT.
;
;       nasm -f bin -I src/guest/ -o minim.bin src/guest/minim/minim.asm
;
; Physical memory, 4 MiB:                    Linear memory:
;   100000h  this image                        08000000h  a program, calls.inc    ring 3
;            its zeroed pages                  C0100000h  physical 100000h        ring 0
;            free pages                        C03E0000h  a module                ring 0
;   3E0000h  a module                          C0400000h  nothing
;   400000h  not used

        bits    32

KERNEL          equ 0C0000000h          ; linear - physical, for what is ours
IMAGE           equ 100000h             ; physical
MEMORY_END      equ 400000h             ; physical

        org     KERNEL + IMAGE

%include "vmm/lib/cpu.inc"
%include "minim/calls.inc"
%include "minim/module.inc"

        section .text
;@ role kernel
header: dd      MULTIBOOT_HEADER, 1 << 16, -(MULTIBOOT_HEADER + (1 << 16))
        dd      header - KERNEL, IMAGE, image_end - KERNEL, memory_start - KERNEL, start - KERNEL

%include "minim/boot.inc"
%include "minim/main.inc"
%include "minim/descriptors.inc"
%include "minim/trap.inc"
%include "minim/system-calls.inc"
%include "minim/task.inc"
%include "minim/process.inc"
%include "minim/pages.inc"
%include "minim/space.inc"
%include "minim/clock.inc"
%include "minim/console.inc"
%include "minim/disk.inc"
%include "minim/files.inc"
%include "minim/insmod.inc"

        align   PAGE
; Pages in no file, zeroed by the loader.
image_end:
kernel_directory        equ image_end                   ; where all directories begin
kernel_table            equ kernel_directory + PAGE     ; C0000000h up, in all of them
volume                  equ kernel_table + PAGE         ; the disk's first page
idt                     equ volume + PAGE
boot_stack              equ idt + PAGE                  ; its top; the gates below
memory_start            equ boot_stack                  ; from here on: free pages
