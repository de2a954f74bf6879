; A monitor keeps shadow page tables for a guest that knows nothing of them. How
; a shadow is filled when the guest touches a page, is yours.

;@ role monitor
%include "demo/multiboot.inc"
%include "demo/kernel.inc"
%include "demo/ring-3.inc"

DIRECTORY       equ 300000h
SHADOW          equ 301000h             ; the table that the processor walks
GUEST_TABLE     equ 302000h             ; the table that the guest writes
GUEST_MEMORY    equ 200000h             ; where guest-physical 0 really is
TOUCHED         equ 40000h              ; a linear address
FRAME           equ 5000h               ; a guest-physical one

main:   mov     edi, idt + 14 * 8
        mov     eax, page_fault
        call    gate
        mov     edi, idt + 1Fh * 8
        mov     eax, finished
        call    gate_for_programs
;@ goal the shadow: us, linear = physical, and nothing else
        mov     dword [DIRECTORY], SHADOW + USER + WRITABLE + PRESENT
        mov     edi, SHADOW + 100h * 4
        mov     eax, 100000h + WRITABLE + PRESENT
.map:   stosd
        add     eax, PAGE
        cmp     edi, SHADOW + PAGE
        jb      .map
;@ goal the guest's code and its table: for the guest
        mov     eax, guest
        shr     eax, 12
        or      dword [SHADOW+eax*4], USER
        or      dword [SHADOW+(GUEST_TABLE>>10)], USER
        mov     dword [GUEST_MEMORY+FRAME], 600DF00Dh
        mov     dword [FRAME], 0BADh    ; not the guest's
        mov     eax, DIRECTORY
        mov     cr3, eax
        mov     eax, cr0
        or      eax, CR0_PG + CR0_WP
        mov     cr0, eax
;@ goal let it run
        mov     eax, USER_DATA
        mov     ds, eax                 ; kept in ring 3
        mov     eax, guest
        mov     ebx, EFLAGS_FIXED
        jmp     to_program

; By #PF: ring 0, interrupts off.
page_fault:
        add     esp, 4                  ; the error code
        mov     eax, cr2
        shr     eax, 12
; Now EAX = the page's number. Its entry is at GUEST_TABLE+EAX*4 in the guest's
; table, with a guest-physical address, and at SHADOW+EAX*4 in the processor's.
; Out, if the guest's entry is not present: at `hand_on`.
; Out, if it is: the shadow's entry has the same bits and the frame's real
; address; ring 3, where the fault was. EAX, ECX and EDX may change.
        jmp     stop                    ; write this

; The fault is the guest's own: its handler runs, and EDX tells where the fault
; was.
hand_on:
        mov     edx, [esp]
        mov     dword [esp], guest_fault
        iret

; By INT 1Fh in the guest.
finished:
        mov     esi, .text
        call    line
        jmp     stop
.text:  db      "the guest reads ", 0

        section .data
        align   4096
;@ role program guest
guest:  mov     ebx, [TOUCHED]          ; promised, and not yet there
        mov     eax, ebx
        int     1Fh

; By the monitor: a fault that is ours. EDX = where.
guest_fault:
        mov     dword [GUEST_TABLE+(TOUCHED>>10)], FRAME + USER + WRITABLE + PRESENT
        jmp     edx
