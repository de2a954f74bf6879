; A program touches a page that it was promised, and then one of its kernel.
; Which of the two faults is forgiven, is yours.

;@ role kernel
%include "demo/multiboot.inc"
%include "demo/kernel.inc"
%include "demo/ring-3.inc"

DIRECTORY       equ 300000h
TABLE           equ 301000h
PROMISED        equ 200000h             ; the program's, but not there yet

main:   mov     edi, idt + 14 * 8
        mov     eax, page_fault
        call    gate
;@ goal page tables: linear = physical, all of it the kernel's
        mov     dword [DIRECTORY], TABLE + USER + WRITABLE + PRESENT
        mov     edi, TABLE
        mov     eax, WRITABLE + PRESENT
.map:   stosd
        add     eax, PAGE
        cmp     edi, TABLE + PAGE
        jb      .map
;@ goal a page with the program, and a promise
        mov     eax, program
        shr     eax, 12
        or      dword [TABLE+eax*4], USER
        mov     dword [TABLE+(PROMISED>>10)], PROMISED  ; P, R/W and U/S are 0
        mov     eax, DIRECTORY
        mov     cr3, eax
        mov     eax, cr0
        or      eax, CR0_PG + CR0_WP
        mov     cr0, eax
;@ goal become the program
        mov     eax, USER_DATA
        mov     ds, eax                 ; kept in ring 3
        mov     eax, program
        mov     ebx, EFLAGS_FIXED
        jmp     to_program

; By #PF: ring 0, interrupts off. On the stack: the error code, EIP, CS, EFLAGS,
; ESP, SS. CR2 = the address. A page's entry is at TABLE + 4 times the address's
; upper 20 bits, and has its frame already.
; Out, if the page is not present: it is the program's, to read and to write,
; and the instruction runs again with all registers as they were.
; Out, for every other fault: at `ended`, EAX = the error code.
page_fault:
        jmp     stop                    ; write this

; In: EAX = the error code.
ended:  mov     esi, .text
        call    line
        jmp     stop
.text:  db      "ended, error code ", 0

        section .data
        align   4096
;@ role program toucher
program:
        mov     eax, 23h
        mov     [PROMISED], eax
        mov     eax, [PROMISED]
        mov     [stack], eax            ; present, but the kernel's
        hlt
