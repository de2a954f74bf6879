; clock: how often the clock has ticked. The only program whose output depends on time.
%include "minim/programs/begin.inc"

;@ role program clock
clock:  mov     eax, SYS_TICKS
        int     80h                     ; ask the kernel
        sub     esp, 32
        mov     edi, esp
        call    put_decimal
        mov     esi, .text
        call    put_text
        mov     byte [edi], 0
        mov     ebx, esp
        call    write_text

        mov     eax, SYS_EXIT
        int     80h                     ; does not return
.text:  db      " ticks", 10, 0

%include "minim/programs/lib.inc"
