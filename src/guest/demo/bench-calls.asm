; A hundred thousand system calls from ring 3 to ring 0 and back, by INT 80h and IRET.
; Under VT-x none of them leaves the guest.
%include "demo/bench.inc"

name:   db      "calls ", 0

bench:  push    dword USER_DATA
        push    dword user_stack_top
        push    dword EFLAGS_FIXED
        push    dword USER_CODE
        push    dword caller
        iret                            ; to ring 3

;@ role program caller
; By the kernel's IRET: ring 3, interrupts off.
caller: mov     ecx, 100000
        xor     ebx, ebx
.next:  xor     eax, eax
        int     80h                     ; a call that does nothing
        inc     ebx
        loop    .next
        mov     eax, 1
        int     80h                     ; the end
image_end:
