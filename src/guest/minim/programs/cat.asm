; cat FILE: what is in a file.
%include "minim/programs/begin.inc"

;@ role program cat
cat:    mov     esi, ebx
        call    next_word
        mov     ebx, esi                ; its name
        sub     esp, SECTOR
        xor     edi, edi
.next:  mov     eax, SYS_READ
        mov     esi, esp
        int     80h                     ; sector EDI of it
        test    eax, eax
        jz      .done
        js      .none
        push    ebx
        lea     ebx, [esp+4]
        mov     esi, eax
        mov     eax, SYS_WRITE
        int     80h
        pop     ebx
        inc     edi
        jmp     .next
.none:  mov     ebx, .text
        call    write_text
.done:  mov     eax, SYS_EXIT
        int     80h                     ; does not return
.text:  db      "cat: no such file", 10, 0

%include "minim/programs/lib.inc"
