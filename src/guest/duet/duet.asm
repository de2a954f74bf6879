; duet: the smallest kernel that lets two programs take turns. minim, beside it, is the
; operating system that grew from it; duet stays short, so that its first process switch
; comes soon.
;
; It keeps its programs apart from itself and from each other (rings, page tables),
; takes the processor back when its clock ticks, and offers a few system calls. It
; knows nothing of virtual machines: the same bytes run bare and under a monitor.
;
; Read it in the order of the %include lines below. Each entry point says how we got
; there: in which ring, on which stack, with which page table, interrupts on or off.
;
;       nasm -f bin -I src/guest/ -o duet.bin src/guest/duet/duet.asm
;
; Physical memory, 2 MiB:                    Linear memory:
;   100000h  this image                        08047000h  a program's stack    ring 3
;            its zeroed pages                  08048000h  a program's text     ring 3
;            free pages                        C0100000h  physical 100000h     ring 0
;   200000h  not used                          C0200000h  nothing

        bits    32

KERNEL          equ 0C0000000h          ; linear - physical, for what is ours
IMAGE           equ 100000h             ; physical
MEMORY_END      equ 200000h             ; physical

        org     KERNEL + IMAGE

%include "vmm/lib/cpu.inc"
%include "duet/calls.inc"

        section .text
;@ role kernel
header: dd      MULTIBOOT_HEADER, 1 << 16, -(MULTIBOOT_HEADER + (1 << 16))
        dd      header - KERNEL, IMAGE, image_end - KERNEL, memory_start - KERNEL, start - KERNEL

%include "duet/boot.inc"
%include "duet/main.inc"
%include "duet/descriptors.inc"
%include "duet/trap.inc"
%include "duet/system-calls.inc"
%include "duet/task.inc"
%include "duet/memory.inc"
%include "duet/clock.inc"
%include "duet/console.inc"

        align   PAGE
programs_start:

; The programs. Their text is not copied: a process executes the very pages of this
; image, mapped where the program was linked.
        section .count follows=.text vstart=08048000h align=4096
;@ role program count
%include "duet/count.inc"
        align   PAGE
count_end:
        section .hello follows=.count vstart=08048000h align=4096
;@ role program hello
%include "duet/hello.inc"
        align   PAGE
hello_end:

; Where they lie among the kernel's own addresses, and what comes after them: pages in
; no file, zeroed by the loader.
count_image             equ programs_start
hello_image             equ count_image + (count_end - count)
image_end               equ hello_image + (hello_end - hello)
kernel_directory        equ image_end                   ; where all directories begin
kernel_table            equ kernel_directory + PAGE     ; C0000000h up, in all of them
idt                     equ kernel_table + PAGE
boot_stack              equ idt + PAGE                  ; its top; the gates below
memory_start            equ boot_stack                  ; from here on: free pages
