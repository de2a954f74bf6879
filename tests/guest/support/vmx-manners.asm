; How VMX instructions answer: a kernel that asks, and prints what it was told on COM1. It
; prints the same on a processor with VT-x of the first generation and as the guest of a
; monitor that shows it one.

        bits    32
        org     100000h

%include "vmm/lib/cpu.inc"
%include "vmm/lib/vmcs.inc"

COM1            equ 3F8h
CODE            equ 08h
DATA            equ 10h
TSS             equ 18h

header: dd      MULTIBOOT_HEADER, 1 << 16, -(MULTIBOOT_HEADER + (1 << 16))
        dd      header, $$, image_end, memory_end, start

%include "vmm/lib/vmx.inc"

; Print a text, then how the instruction behind it ended: 0, invalid, or an error number.
%macro ask 2+
        mov     esi, %%text
        call    print
        mov     dword [after], %%after
        %2
%%after: call   answer
        jmp     %%end
%%text: db      %1, 0
%%end:
%endmacro

start:  cld
        lgdt    [gdtr]
        jmp     CODE:.flat
.flat:  mov     eax, DATA
        mov     ds, eax
        mov     es, eax
        mov     ss, eax
        mov     esp, stack_top
        mov     edi, idt
        mov     ecx, 32
        mov     eax, faults
.gate:  mov     [edi], ax
        mov     word [edi+2], CODE
        mov     dword [edi+4], 8E00h
        push    eax
        shr     eax, 16
        mov     [edi+6], ax
        pop     eax
        add     eax, 16
        add     edi, 8
        loop    .gate
        lidt    [idtr]
        mov     dword [directory], LARGE + WRITABLE + PRESENT
        mov     eax, cr4
        or      eax, CR4_PSE
        mov     cr4, eax
        mov     eax, directory
        mov     cr3, eax
        mov     eax, cr0
        or      eax, CR0_PG
        and     eax, ~CR0_NE
        mov     cr0, eax

; The MSRs: all but the revision, and which bits of CR4 there are
        mov     ebx, MSR_VMX_BASIC
.msr:   mov     ecx, ebx
        rdmsr
        cmp     ebx, MSR_VMX_BASIC
        jne     .low
        xor     eax, eax
.low:   cmp     ebx, 489h
        je      .next
        call    hex
        mov     eax, edx
        call    hex
        call    line
.next:  inc     ebx
        cmp     ebx, 48Bh
        jb      .msr
        mov     ecx, 48Bh
        ask     "rdmsr 48Bh", rdmsr
        mov     ecx, MSR_FEATURE_CONTROL
        rdmsr
        ask     "wrmsr 3Ah", wrmsr
        mov     edi, vmxon_page
        call    vmx_revision
        mov     edi, vmcs_page
        call    vmx_revision

        ask     "vmxon without CR4.VMXE", vmxon [vmxon_pointer]
        mov     eax, cr4
        or      eax, CR4_VMXE
        mov     cr4, eax
        ask     "vmxon without CR0.NE", vmxon [vmxon_pointer]
        mov     eax, cr0
        or      eax, CR0_NE
        mov     cr0, eax
        ask     "vmread before vmxon", vmread eax, eax
        ask     "vmxon of no page", vmxon [odd_pointer]
        ask     "vmxon of another format", vmxon [other_pointer]
        ask     "vmxon", vmxon [vmxon_pointer]
        ask     "vmxon again", vmxon [vmxon_pointer]
        ask     "vmread of no vmcs", vmread eax, eax
        ask     "vmlaunch of no vmcs", vmlaunch
        ask     "vmptrst of no vmcs", vmptrst [stored]
        mov     eax, [stored]
        call    hex
        mov     eax, [stored+4]
        call    hex
        call    line
        mov     eax, cr4
        and     eax, ~CR4_VMXE
        ask     "clear CR4.VMXE", mov cr4, eax
        mov     eax, cr0
        and     eax, ~CR0_PG
        ask     "clear CR0.PG", mov cr0, eax
        mov     eax, cr0
        and     eax, ~CR0_NE
        ask     "clear CR0.NE", mov cr0, eax

        ask     "vmclear", vmclear [vmcs_pointer]
        ask     "vmptrld", vmptrld [vmcs_pointer]
        ask     "vmptrst", vmptrst [stored]
        mov     eax, [stored]
        sub     eax, vmcs_page
        call    hex
        call    line
        ask     "vmxon a third time", vmxon [vmxon_pointer]
        ask     "vmcall", vmcall
        ask     "vmptrld of no page", vmptrld [odd_pointer]
        ask     "vmptrld of a high page", vmptrld [high_pointer]
        ask     "vmptrld of the vmxon page", vmptrld [vmxon_pointer]
        ask     "vmptrld of another format", vmptrld [other_pointer]
        ask     "vmptrld of no memory", vmptrld [far_pointer]
        ask     "vmclear of no page", vmclear [odd_pointer]
        ask     "vmclear of the vmxon page", vmclear [vmxon_pointer]
        mov     ebx, 2345h
        mov     eax, EXIT_REASON
        ask     "vmwrite of exit information", vmwrite eax, ebx
        mov     eax, VPID
        ask     "vmwrite of no field", vmwrite eax, ebx

; Which fields are there?
        xor     ebx, ebx
.field: vmread  ecx, ebx
        jbe     .not
        mov     eax, ebx
        call    hex
.not:   inc     ebx
        cmp     ebx, 8000h
        jae     .odd
        test    ebx, 40h
        jz      .field
        add     ebx, 3C0h               ; indices beyond 31: none
        jmp     .field
.odd:   call    line
        mov     ebx, 40001h * 2
        ask     "vmread of no encoding", vmread ecx, ebx
        mov     ebx, 4042h
        ask     "vmread of a high index", vmread ecx, ebx

; What is written is read: 16 bits, 64 bits, and to memory
        mov     ebx, 89ABCDEFh
        mov     eax, GUEST_CS
        vmwrite eax, ebx
        call    field
        mov     eax, TSC_OFFSET + 1
        vmwrite eax, ebx
        call    field
        mov     eax, TSC_OFFSET
        vmwrite eax, [numbers+4]
        call    field
        mov     eax, TSC_OFFSET + 1
        call    field
        mov     eax, HOST_EIP
        mov     ecx, 1
        vmwrite eax, [numbers+ecx*8]
        vmread  [stored+ecx*4], eax
        mov     eax, [stored+4]
        call    hex
        call    line
        mov     eax, GUEST_ESP
        mov     ebx, esp
        vmwrite eax, ebx
        vmread  esp, eax                ; into ESP itself
        mov     eax, esp
        sub     eax, ebx
        call    hex
        call    line

; Entries that are refused
        ask     "vmresume of a clear vmcs", vmresume
        ask     "vmlaunch without controls", vmlaunch
        mov     esi, controls
        call    vmcs_controls
        mov     eax, CR3_TARGET_COUNT
        mov     ebx, 5
        vmwrite eax, ebx
        ask     "vmlaunch with 5 CR3 targets", vmlaunch
        mov     esi, fields
        call    vmcs_fill
        ask     "vmlaunch without a host", vmlaunch
        mov     ebx, cr0
        mov     eax, HOST_CR0
        vmwrite eax, ebx
        mov     ebx, cr4
        mov     eax, HOST_CR4
        vmwrite eax, ebx
        mov     eax, HOST_TR
        mov     ebx, TSS + 3
        vmwrite eax, ebx
        ask     "vmlaunch with RPL 3", vmlaunch
        mov     ebx, TSS
        vmwrite eax, ebx
        mov     eax, ENTRY_EVENT
        mov     ebx, EVENT_VALID + EVENT_EXCEPTION + 40
        vmwrite eax, ebx
        ask     "vmlaunch with vector 40", vmlaunch
        mov     ebx, EVENT_VALID + EVENT_OTHER
        vmwrite eax, ebx
        ask     "vmlaunch with another event", vmlaunch
        mov     ebx, 0
        vmwrite eax, ebx
        mov     eax, DATA
        ask     "vmlaunch behind mov ss", mov ss, eax
        mov     esi, .behind
        call    print
        mov     eax, DATA
        mov     ss, eax
        vmlaunch
        call    answer
        jmp     enter_guest
.behind: db     "vmlaunch in the shadow", 0

; From here on exits arrive at arrived.
enter_guest:
        mov     dword [state], bad_guest
        mov     dword [after], 0
        vmlaunch                        ; CR0 is 0: no guest state
        call    answer
        jmp     end
bad_guest:
        ask     "vmresume of what failed to launch", vmresume
        mov     ebx, cr0
        mov     eax, GUEST_CR0
        vmwrite eax, ebx
        mov     ebx, cr4
        mov     eax, GUEST_CR4
        vmwrite eax, ebx
        mov     dword [state], going
        vmlaunch
        call    answer
        jmp     end
going:  ask     "vmlaunch of what was launched", vmlaunch
        mov     dword [state], loop_
loop_:  mov     eax, EXIT_REASON
        vmread  ebx, eax
        cmp     ebx, REASON_HLT
        je      last
        mov     eax, EXIT_LENGTH
        vmread  ecx, eax
        test    ebx, ebx
        jnz     .over
        mov     ecx, 2                  ; UD2
.over:  mov     eax, GUEST_EIP
        vmread  edx, eax
        add     edx, ecx
        vmwrite eax, edx
        mov     eax, [saved+28]
        mov     ebx, [saved+16]
        mov     ecx, [saved+24]
        mov     edx, [saved+20]
        vmresume
        call    answer
        jmp     end
last:   ask     "vmclear of the current", vmclear [vmcs_pointer]
        ask     "vmresume of none", vmresume
        ask     "vmptrld", vmptrld [vmcs_pointer]
        mov     eax, GUEST_EBX_HERE
        call    field                   ; as it was when it was cleared
        ask     "vmresume", vmresume
        ask     "vmxoff", vmxoff
        ask     "vmxoff again", vmxoff
end:    mov     al, '.'
        call    char
        cli
        hlt

GUEST_EBX_HERE  equ GUEST_SYSENTER_ESP

; By every exit and every entry that failed: root operation.
arrived:
        mov     [saved+28], eax
        mov     [saved+16], ebx
        mov     [saved+24], ecx
        mov     [saved+20], edx
        mov     esi, .text
        call    print
        mov     eax, EXIT_REASON
        vmread  eax, eax
        call    hex
        mov     eax, EXIT_QUALIFICATION
        vmread  eax, eax
        call    hex
        mov     eax, EXIT_EVENT
        vmread  eax, eax
        call    hex
        mov     eax, GUEST_EIP
        call    field
        jmp     [state]
.text:  db      "exit ", 0

; The guest: what leaves it, and what does not
guest:  cpuid
        mov     ebx, cr4
        mov     eax, ebx
        xor     eax, CR4_PGE            ; not the monitor's
        mov     cr4, eax
        mov     cr4, ebx
        mov     eax, ebx
        or      eax, 1 << 3             ; DE: the monitor's
        mov     cr4, eax
        mov     eax, cr3
        mov     cr3, eax
        invlpg  [guest]
        mov     edx, 80h
        out     dx, al                  ; in the bitmap
        mov     al, '!'
        mov     edx, COM1
        out     dx, al                  ; not in the bitmap
        mov     al, 10
        out     dx, al
        mov     edx, 0FFFFh
        in      eax, dx                 ; over the end
        mov     ecx, 174h
        rdmsr                           ; in the bitmap
        mov     eax, 1234h
        xor     edx, edx
        mov     ecx, 175h
        wrmsr                           ; not in the bitmap
        vmread  eax, eax
        ud2
        vmcall
        hlt

; A fault: its number instead of an answer, and on behind the instruction.
        align   16
faults:
%assign vector 0
%rep 32
        push    byte vector
        jmp     fault
        align   16
%assign vector vector + 1
%endrep
fault:  pop     eax
        or      eax, 0F0000h
        mov     esp, stack_top - 64
        mov     edx, [after]
        inc     dword [faulted]
        mov     [fault_number], eax
        jmp     edx

; In: the flags of a VMX instruction. EAX, EBX, ECX, EDX are kept.
answer: pushf
        pusha
        mov     al, ':'
        call    char
        cmp     dword [faulted], 0
        mov     eax, [fault_number]
        mov     dword [faulted], 0
        jne     .print
        mov     edx, [esp+32]
        xor     eax, eax
        test    dl, 1
        jz      .valid
        or      eax, -1
.valid: test    dl, 1 << 6
        jz      .print
        mov     eax, VM_INSTRUCTION_ERROR
        vmread  eax, eax
.print: call    hex
        call    line
        popa
        popf
        ret

; In: EAX = field. Print it.
field:  push    eax
        vmread  eax, eax
        call    hex
        call    line
        pop     eax
        ret
line:   push    eax
        mov     al, 10
        call    char
        pop     eax
        ret
char:   push    edx
        mov     edx, COM1
        out     dx, al
        pop     edx
        ret
print:  push    eax
.next:  lodsb
        test    al, al
        jz      .done
        call    char
        jmp     .next
.done:  pop     eax
        ret
hex:    pusha
        mov     ebx, eax
        mov     ecx, 8
.next:  rol     ebx, 4
        mov     eax, ebx
        and     eax, 15
        mov     al, [.digits+eax]
        call    char
        loop    .next
        mov     al, ' '
        call    char
        popa
        ret
.digits: db     "0123456789ABCDEF"

        align   4
controls:
        dd      PIN_CONTROLS, MSR_VMX_PIN, PIN_EXTERNAL_INTERRUPT
        dd      CPU_CONTROLS, MSR_VMX_CPU, CPU_HLT + CPU_INVLPG + CPU_IO_BITMAPS + CPU_MSR_BITMAPS
        dd      EXIT_CONTROLS, MSR_VMX_EXIT, EXIT_ACKNOWLEDGE
        dd      ENTRY_CONTROLS, MSR_VMX_ENTRY, 0
        dd      -1
fields: dd      EXCEPTION_BITMAP, 1 << 6, PF_ERROR_MASK, 0, PF_ERROR_MATCH, 0
        dd      CR3_TARGET_COUNT, 0, ENTRY_EVENT, 0
        dd      EXIT_MSR_STORE_COUNT, 0, EXIT_MSR_LOAD_COUNT, 0, ENTRY_MSR_LOAD_COUNT, 0
        dd      IO_BITMAP_A, bitmap_a, IO_BITMAP_B, zero_page, MSR_BITMAP, bitmap_msr
        dd      CR0_MASK, 0, CR0_SHADOW, 0, CR4_MASK, 1 << 3, CR4_SHADOW, 0
        dd      VMCS_LINK, -1, VMCS_LINK_HIGH, -1
        dd      HOST_CS, CODE, HOST_SS, DATA, HOST_DS, DATA, HOST_ES, DATA
        dd      HOST_FS, 0, HOST_GS, 0, HOST_TR, TSS
        dd      HOST_FS_BASE, 0, HOST_GS_BASE, 0, HOST_TR_BASE, 0
        dd      HOST_GDTR_BASE, gdt, HOST_IDTR_BASE, idt
        dd      HOST_SYSENTER_CS, 0, HOST_SYSENTER_ESP, 0, HOST_SYSENTER_EIP, 0
        dd      HOST_CR3, directory, HOST_EIP, arrived, HOST_ESP, stack_top
        dd      GUEST_CS, CODE, GUEST_CS_BASE, 0, GUEST_CS_LIMIT, -1, GUEST_CS_RIGHTS, RIGHTS_CODE_0
        dd      GUEST_SS, DATA, GUEST_SS_BASE, 0, GUEST_SS_LIMIT, -1, GUEST_SS_RIGHTS, RIGHTS_DATA_0
        dd      GUEST_DS, DATA, GUEST_DS_BASE, 0, GUEST_DS_LIMIT, -1, GUEST_DS_RIGHTS, RIGHTS_DATA_0
        dd      GUEST_ES, DATA, GUEST_ES_BASE, 0, GUEST_ES_LIMIT, -1, GUEST_ES_RIGHTS, RIGHTS_DATA_0
        dd      GUEST_FS_RIGHTS, RIGHTS_UNUSABLE, GUEST_GS_RIGHTS, RIGHTS_UNUSABLE
        dd      GUEST_LDTR_RIGHTS, RIGHTS_UNUSABLE
        dd      GUEST_TR, TSS, GUEST_TR_BASE, 0, GUEST_TR_LIMIT, 67h, GUEST_TR_RIGHTS, RIGHTS_TSS
        dd      GUEST_GDTR_BASE, gdt, GUEST_GDTR_LIMIT, 1Fh, GUEST_IDTR_BASE, idt, GUEST_IDTR_LIMIT, 0FFh
        dd      GUEST_INTERRUPTIBILITY, 0, GUEST_ACTIVITY, 0, GUEST_PENDING_DEBUG, 0
        dd      GUEST_DEBUGCTL, 0, GUEST_DR7, 400h, GUEST_CR0, 0, GUEST_CR3, directory
        dd      GUEST_SYSENTER_CS, 77h, GUEST_SYSENTER_ESP, 0, GUEST_SYSENTER_EIP, 0
        dd      GUEST_EFLAGS, EFLAGS_FIXED, GUEST_ESP, guest_stack, GUEST_EIP, guest
        dd      -1

vmxon_pointer:  dd vmxon_page, 0
vmcs_pointer:   dd vmcs_page, 0
odd_pointer:    dd vmcs_page + 800h, 0
high_pointer:   dd vmcs_page, 1
other_pointer:  dd zero_page, 0
far_pointer:    dd 70000000h, 0
numbers:        dd 11111111h, 22222222h, 33333333h
stored:         dd 0, 0, 0, 0
after:          dd 0
faulted:        dd 0
fault_number:   dd 0
state:          dd 0
saved:          times 8 dd 0
        align   8
gdt:    dq      0, 00CF9B000000FFFFh, 00CF93000000FFFFh, 00008B0000000067h
gdtr:   dw      $ - gdt - 1
        dd      gdt
idtr:   dw      32 * 8 - 1
        dd      idt
        align   PAGE
bitmap_a: times 10h db 0
        db      1                       ; port 80h
        times   PAGE - 11h db 0
bitmap_msr: times 2Eh db 0
        db      10h                     ; reads of 174h
        times   PAGE - 2Fh db 0
image_end:

        section .bss align=4096
directory:      resb PAGE
vmxon_page:     resb PAGE
vmcs_page:      resb PAGE
zero_page:      resb PAGE
idt:            resb 256
                resb PAGE - 256
guest_stack:    resb PAGE
stack_top:
memory_end:
