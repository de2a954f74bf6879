; The smallest monitor, and a guest that begins by asking which processor this is. CPUID
; always leaves the guest, reason 10. What the guest hears is yours.

        bits    32
        org     100000h

%define ASKS_WHO                        ; the guest executes CPUID with EAX = 0
%define EXIT_CPUID exit_cpuid           ; and reason 10 leads here

%include "vmm/lib/cpu.inc"
%include "vmm/lib/vmcs.inc"

CODE            equ 08h
DATA            equ 10h
USER_CODE       equ 18h + 3
USER_DATA       equ 20h + 3
TSS             equ 28h

        section .text
;@ role monitor
header: dd      MULTIBOOT_HEADER, 1 << 16, -(MULTIBOOT_HEADER + (1 << 16))
        dd      header, $$, image_end, memory_end, start

%include "first-exit/monitor.inc"
%include "vmm/lib/vmx.inc"
%include "vmm/lib/debug.inc"

; By an exit for CPUID: root operation, the guest's registers at ESP as PUSHA leaves them:
; EDI at 0, ESI 4, EBP 8, ESP 12, EBX 16, EDX 20, ECX 24, EAX 28.
; Out: the guest behind its CPUID, EAX = 1, EBX, EDX, ECX = "Ring", "Minu", "sOne".
exit_cpuid:
        mov     dword [esp+28], 1
        mov     dword [esp+16], "Ring"
        mov     dword [esp+20], "Minu"
        mov     dword [esp+24], "sOne"
        mov     eax, EXIT_LENGTH
        vmread  ecx, eax
        mov     eax, GUEST_EIP
        vmread  edx, eax
        add     edx, ecx
        vmwrite eax, edx
        popa
        vmresume
        jmp     entry_refused

%include "first-exit/guest.inc"

        align   PAGE
image_end:

        section .bss align=4096
;@ role monitor
directory:      resb PAGE
vmxon_page:     resb PAGE
vmcs_page:      resb PAGE
                resb PAGE
stack_top:
memory_end:
