; The ground of the lab's experiments: a machine that runs one instruction again and again,
; each time from the same registers and the same memory, and each time with one thing in the
; machine changed: the ring, or one register that belongs to the system.
;
; A trial is a line behind the label trials, at the end:
;
;       dd      ring, the routine that changes something, bits that say what is let through
;
; Before each, everything is put back. So whatever comes out differently behind the
; instruction comes of that one change.

        bits    32
        org     10000h

RING            equ 10h                 ; from one ring's segments to the next ring's
CODE            equ 08h                 ; of ring 0; of ring r it is CODE + r * RING + r
DATA            equ 10h
ALIAS           equ 40h                 ; from a segment to its like under another selector
CONFORMING      equ 88h
LDT_A           equ 90h
LDT_B           equ 98h
TSS_A           equ 0A0h
TSS_B           equ 0A8h
TASK            equ 0B0h                ; to switch to
LINKED          equ 0B8h                ; the same, as the task that the present one was called from
CALL_GATE       equ 0C0h
PROBE           equ 0C8h                ; a segment to ask about
LINKED_B        equ 0D0h
LDT_CODE        equ 0Ch                 ; in the LDT: code of ring 0, data and code of ring 3
LDT_DATA        equ 17h
LDT_CODE3       equ 1Fh
LDT_PROBE       equ 27h

VECTORS         equ 50h
VECTOR_BACK     equ 30h                 ; INT 30h: the trial is over
VECTOR_LDT      equ 41h                 ; through a gate to a segment of the LDT
VECTOR_TASK     equ 42h                 ; through a task gate
VECTOR_KERNEL   equ 43h                 ; a gate for ring 0 alone

LETS_IOPL       equ 1                   ; IOPL = 3
LETS_TSC        equ 2                   ; CR4.TSD = 0
LETS_PMC        equ 4                   ; CR4.PCE = 1
LETS_PORTS      equ 8                   ; the I/O permission bitmap allows every port
IN_VMX          equ 10h                 ; in VMX operation, with a current VMCS
IN_SVM          equ 20h                 ; EFER.SVME = 1

EFLAGS_IF       equ 1 << 9
CR0_WP_PG       equ 80010000h
CR4_BASE        equ 1 << 4              ; PSE
SCRATCH_PORT    equ 21h                 ; the mask of the first 8259: what is written is read

        section .text
;@ role kernel
; By the loader: ring 0, paging off, interrupts off, flat segments of an unknown GDT.
start:  lgdt    [gdtr_a]
        jmp     CODE:.flat
.flat:  mov     eax, DATA
        mov     ss, eax
        mov     ds, eax
        mov     es, eax
        mov     esp, kernel_stack
;@ goal gates: whatever happens in a trial ends it
        mov     edi, idt_a
        mov     eax, back
        call    fill_idt
        mov     edi, idt_b
        mov     eax, back_b
        call    fill_idt
        mov     word [idt_a+VECTOR_LDT*8+2], LDT_CODE
        mov     word [idt_a+VECTOR_TASK*8+2], TASK
        mov     byte [idt_a+VECTOR_TASK*8+5], 0E5h
        mov     byte [idt_a+VECTOR_KERNEL*8+5], 8Eh
;@ goal paging: 4 MiB, linear = physical, for every ring
        mov     dword [directory_a], 0E7h
        mov     dword [directory_b], 0E7h
        mov     eax, CR4_BASE
        mov     cr4, eax
        mov     eax, directory_a
        mov     cr3, eax
        mov     eax, cr0
        or      eax, CR0_WP_PG
        mov     cr0, eax
        mov     dword [trial], trials
        jmp     next_trial

; Fill an IDT with interrupt gates that every ring may use. EDI = IDT, EAX = handler.
fill_idt:
        mov     ecx, VECTORS
.next:  mov     [edi], ax
        mov     word [edi+2], CODE + ALIAS
        mov     dword [edi+4], 0EE00h
        ror     eax, 16
        mov     [edi+6], ax
        ror     eax, 16
        add     edi, 8
        loop    .next
        ret

; By a gate, from any ring: the trial is over.
back:   jmp     back_b
back_b: lgdt    [gdtr_a]
        mov     eax, DATA
        mov     ss, eax
        mov     ds, eax
        mov     es, eax
        mov     esp, kernel_stack
        cld
        add     dword [trial], 12

; The machine as it is before each trial, then the one change, then the ring.
next_trial:
        mov     ebx, [trial]
        cmp     ebx, [trials_end]
        jae     stop
        call    put_back
;@ goal what the monitor lets through
        mov     eax, [ebx+8]
        test    al, LETS_IOPL
        jz      .iopl_0
        or      dword [eflags], 3 << 12
.iopl_0:
        mov     ecx, CR4_BASE | 1 << 2          ; TSD
        test    al, LETS_TSC
        jz      .no_tsc
        mov     ecx, CR4_BASE
.no_tsc:
        test    al, LETS_PMC
        jz      .no_pmc
        or      ecx, 1 << 8                     ; PCE
.no_pmc:
        mov     edx, cr4
        and     edx, 1 << 13                    ; VMXE stays
        or      ecx, edx
        mov     cr4, ecx
        test    al, LETS_PORTS
        jz      .no_ports
        mov     word [tss_a+66h], 68h
        mov     word [tss_b+66h], 68h
.no_ports:
        test    al, IN_VMX
        jz      .no_vmx
        call    enter_vmx
.no_vmx:
        test    byte [ebx+8], IN_SVM
        jz      .no_svm
        call    enable_svm
.no_svm:
        call    [ebx+4]
;@ goal into the ring
        mov     eax, [ebx]
        imul    ecx, eax, RING + 1
        add     [cs_image], ecx
        add     [ss_image], ecx
        test    eax, eax
        jz      .ring_0
        push    dword [ss_image]
        push    dword stack_top
        push    dword [eflags]
        push    dword [cs_image]
        push    dword experiment
        call    load
        iretd
.ring_0:
        push    dword [cs_image]
        push    dword .in_cs
        retf
.in_cs: mov     ss, [ss_image]
        mov     esp, kernel_stack
        push    dword [eflags]
        call    load
        popfd
        mov     esp, stack_top
        jmp     experiment

; The registers of the state, and DS, ES, FS and GS.
load:   mov     ax, [gs_image]
        mov     gs, ax
        mov     ax, [fs_image]
        mov     fs, ax
        mov     ax, [es_image]
        mov     es, ax
        mov     eax, [state]
        mov     ecx, [state+4]
        mov     edx, [state+8]
        mov     ebx, [state+12]
        mov     ebp, [state+16]
        mov     esi, [state+20]
        mov     edi, [state+24]
        mov     ds, [ds_image]
        ret

; Everything as it was. EBX is kept.
put_back:
        lidt    [idtr_a]
        mov     eax, cr0
        and     eax, ~0Eh                       ; MP, EM, TS
        or      eax, CR0_WP_PG
        mov     cr0, eax
        mov     eax, directory_a
        mov     cr3, eax
        xor     eax, eax
        mov     cr2, eax
        mov     dr0, eax
        mov     dr1, eax
        mov     dr2, eax
        mov     dr3, eax
        mov     dr6, eax
        mov     eax, 400h
        mov     dr7, eax
        mov     byte [gdt_a+TSS_A+5], 89h       ; not busy
        mov     byte [gdt_a+TSS_B+5], 89h
        mov     byte [gdt_a+TASK+5], 0E9h
        mov     byte [gdt_a+LINKED+5], 8Bh
        mov     byte [gdt_a+LINKED_B+5], 8Bh
        mov     eax, TSS_A
        ltr     ax
        mov     eax, LDT_A
        lldt    ax
        mov     word [tss_a+66h], 0FFFFh        ; no bitmap: no port
        mov     word [tss_b+66h], 0FFFFh
        mov     ecx, 174h
        mov     eax, CODE
        xor     edx, edx
        wrmsr
        mov     ecx, 175h
        mov     eax, kernel_stack
        wrmsr
        mov     ecx, 176h
        mov     eax, landing
        wrmsr
        mov     al, 0FFh
        out     SCRATCH_PORT, al
        mov     eax, 43h
        mov     [ds_image], eax
        mov     [es_image], eax
        mov     [fs_image], eax
        mov     [gs_image], eax
        mov     dword [cs_image], CODE
        mov     dword [ss_image], DATA
        mov     eax, [state+28]
        mov     [eflags], eax
        mov     esi, operand_image
        mov     edi, operand
        mov     ecx, IMAGE / 4
        rep movsd
        mov     esi, stack_image
        mov     edi, stack_top
        mov     ecx, IMAGE / 4
        rep movsd
        ret
