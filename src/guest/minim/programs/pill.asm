; pill: asks what is below. SIDT is allowed in every ring: where is the IDT? And RDTSC: how
; long does CPUID take? In a virtual machine of VT-x it always leaves the guest.
%include "minim/programs/begin.inc"

TRIES           equ 8
SLOW            equ 700                 ; cycles; no processor takes so many by itself

;@ role program pill
pill:   sub     esp, 96
        mov     edi, esp
        mov     esi, .idt
        call    put_text
        sub     esp, 8
        sidt    [esp]                   ; no privilege is asked for
        mov     eax, [esp+2]
        add     esp, 8
        call    put_hex
        mov     esi, .cpuid
        call    put_text

;@ goal the shortest of some CPUIDs
        mov     ebp, -1
        push    dword TRIES
.next:  rdtsc
        mov     esi, eax
        xor     eax, eax
        cpuid
        rdtsc
        sub     eax, esi                ; an interrupt may have come between
        cmp     eax, ebp
        jae     .on
        mov     ebp, eax
.on:    dec     dword [esp]
        jnz     .next
        pop     eax

        mov     eax, ebp
        call    put_decimal
        mov     esi, .nobody
        cmp     ebp, SLOW
        jb      .tell
        mov     esi, .somebody
.tell:  call    put_text
        mov     byte [edi], 0
        mov     ebx, esp
        call    write_text
        mov     eax, SYS_EXIT
        int     80h                     ; does not return
.idt:           db "pill: the IDT is at ", 0
.cpuid:         db 10, "pill: CPUID takes ", 0
.nobody:        db " cycles: nobody is below", 10, 0
.somebody:      db " cycles: somebody is below", 10, 0

; EAX as 8 hex digits to EDI and on.
put_hex:
        mov     edx, eax
        mov     ecx, 8
.next:  rol     edx, 4                  ; highest digit first
        mov     eax, edx
        and     eax, 15
        mov     al, [.digits+eax]
        stosb
        loop    .next
        ret
.digits: db     "0123456789ABCDEF"

%include "minim/programs/lib.inc"
