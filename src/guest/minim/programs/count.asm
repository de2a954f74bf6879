; count [N]: a program that works, and writes where it is. The clock ticks in its work.
%include "minim/programs/begin.inc"

;@ role program count
count:  mov     esi, ebx
        call    next_word
        mov     eax, 20
        call    get_number
        push    eax                     ; how far
        mov     ebp, 1
        sub     esp, 32
.next:
;@ goal some work: the clock will tick in it
        mov     ecx, 8000
.work:  imul    eax, eax, 69069
        inc     eax
        loop    .work

;@ goal "count 7", on our stack
        mov     edi, esp
        mov     esi, .text
        call    put_text
        mov     eax, ebp
        call    put_decimal
        mov     word [edi], 10          ; and the end
        mov     ebx, esp
        call    write_text
        inc     ebp
        cmp     ebp, [esp+32]
        jbe     .next

        mov     eax, SYS_EXIT
        int     80h                     ; does not return
.text:  db      "count ", 0

%include "minim/programs/lib.inc"
