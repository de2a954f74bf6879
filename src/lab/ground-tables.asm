; Behind ground.asm: its tables, its variables and the memory of the experiments.

        section .data align=4096
TABLES_LOW      equ 1000h               ; the low word of tables, which begin at 11000h
%macro SEGMENT 3                        ; access, flags and limit 19:16, limit 15:0
        dw      %3
        db      0, 0, 0, %1, %2, 0
%endmacro
%macro SYSTEM 3                         ; access, address, limit
        dw      %3, %2 - tables + TABLES_LOW
        db      1, %1, 0, 0
%endmacro

%macro RINGS 1                          ; code and data of each ring: flags and limit 19:16
        SEGMENT 9Bh, %1, 0FFFFh
        SEGMENT 93h, %1, 0FFFFh
        SEGMENT 0BBh, %1, 0FFFFh
        SEGMENT 0B3h, %1, 0FFFFh
        SEGMENT 0DBh, %1, 0FFFFh
        SEGMENT 0D3h, %1, 0FFFFh
        SEGMENT 0FBh, %1, 0FFFFh
        SEGMENT 0F3h, %1, 0FFFFh
%endmacro

tables:
; What the kernel made, and what a monitor might put in its place: the same selectors, and
; a little less of everything.
gdt_a:  dq      0
        RINGS   0CFh
        RINGS   0CFh
        SEGMENT 9Fh, 0CFh, 0FFFFh               ; CONFORMING
        SYSTEM  82h, ldt_a, 27h
        SYSTEM  82h, ldt_b, 27h
        SYSTEM  89h, tss_a, 0EAh
        SYSTEM  89h, tss_b, 0EAh
        SYSTEM  0E9h, task, 67h                 ; TASK
        SYSTEM  8Bh, task, 67h                  ; LINKED
        dw      LANDING_LOW, CODE, 0EC00h, 1    ; CALL_GATE
        SEGMENT 0F3h, 0C7h, 0FFFFh              ; PROBE: ring 3, to be written
        SYSTEM  8Bh, task_b, 67h                ; LINKED_B
gdt_end:
        align   16
gdt_b:  dq      0
        RINGS   0CFh                            ; these are in use
        RINGS   0C7h
        SEGMENT 9Fh, 0C7h, 0FFFFh
        SYSTEM  82h, ldt_a, 27h
        SYSTEM  82h, ldt_b, 2Fh
        SYSTEM  89h, tss_a, 0EAh
        SYSTEM  89h, tss_b, 0EAh
        SYSTEM  0E9h, task, 68h
        SYSTEM  8Bh, task, 68h
        dw      LANDING_LOW + 8, CODE, 0EC00h, 1
        SEGMENT 91h, 0C3h, 0FFFFh               ; PROBE: ring 0, to be read only
        SYSTEM  8Bh, task_b, 68h
        align   16
ldt_a:  dq      0
        SEGMENT 9Bh, 0CFh, 0FFFFh
        SEGMENT 0F3h, 0CFh, 0FFFFh
        SEGMENT 0FBh, 0CFh, 0FFFFh
        SEGMENT 0F3h, 0CFh, 0FFFFh
ldt_b:  dq      0
        SEGMENT 9Bh, 0C7h, 0FFFFh
        SEGMENT 0F3h, 0C7h, 0FFFFh
        SEGMENT 0F9h, 0C7h, 0FFFFh              ; to be executed only
        SEGMENT 0F1h, 0C7h, 0FFFFh              ; to be read only
gdtr_a: dw      gdt_end - gdt_a - 1
        dd      gdt_a
gdtr_b: dw      gdt_end - gdt_a - 1
        dd      gdt_b
idtr_a: dw      VECTORS * 8 - 1
        dd      idt_a
idtr_b: dw      VECTORS * 8 - 1
        dd      idt_b
        align   8
vmxon_at:       dq vmxon_region
vmcs_a_at:      dq vmcs_a
vmcs_b_at:      dq vmcs_b
vmcs_c_at:      dq vmcs_c

tss_a:  dd      LINKED, kernel_stack, DATA, kernel_stack, DATA + RING + 1, kernel_stack, DATA + 2 * RING + 2
        times   68h / 4 - 7 dd 0
        times   82h db 0                        ; ports 0 to 3FFh, and what ends the bitmap
        db      0FFh
        align   4
tss_b:  dd      LINKED_B, kernel_stack_b, DATA, kernel_stack_b, DATA + RING + 1, kernel_stack_b, DATA + 2 * RING + 2
        times   68h / 4 - 7 dd 0
        times   82h db 0
        db      0FFh
        align   4
%macro A_TASK 1                         ; where it goes on
        dd      0, kernel_stack, DATA, 0, 0, 0, 0
        dd      directory_b, %1, EFLAGS_IF | 3 << 12 | 2
        dd      1, 2, 3, 4, stack_top, 6, 7, 8
        dd      40h, 3Bh, 43h, 40h, 40h, 40h, LDT_B, 0FFFF0000h
%endmacro
task:   A_TASK  landing
task_b: A_TASK  landing_b

trial:          dd 0
eflags:         dd 0
cs_image:       dd 0
ss_image:       dd 0
ds_image:       dd 0
es_image:       dd 0
fs_image:       dd 0
gs_image:       dd 0

        align   4096
idt_a:  times   VECTORS * 8 db 0
idt_b:  times   VECTORS * 8 db 0
        align   4096
directory_a:    times 4096 db 0
directory_b:    times 4096 db 0
hsave:          times 4096 db 0         ; for the processor alone
vmxon_region:   times 4096 db 0
vmcs_a:         times 4096 db 0
vmcs_b:         times 4096 db 0
vmcs_c:         times 4096 db 0
stacks:         times 2048 db 0
kernel_stack_b: times 2048 db 0
kernel_stack:
IMAGE           equ 256
; The memory that the program of the trials has.
operand:        times 4096 db 0

stack_top:      times 2048 db 0
