; tables [N]: change page tables: N rounds of touching 32 pages and giving them back.
%include "minim/programs/begin.inc"

;@ role program tables
tables: mov     esi, ebx
        call    next_word
        mov     eax, 20
        call    get_number
        mov     ebp, eax
.round: mov     edi, USER_HEAP
        mov     ecx, 32
.touch: cmp     dword [edi], 0          ; a fresh page holds zeros
        jne     .lost
        mov     [edi], ecx
        add     edi, 4096
        loop    .touch
        mov     ebx, USER_HEAP
        mov     ecx, 32
.give:  mov     eax, SYS_RELEASE
        int     80h                     ; and out of the table again
        add     ebx, 4096
        loop    .give
        dec     ebp
        jnz     .round
        mov     ebx, .text
.write: call    write_text
        mov     eax, SYS_EXIT
        int     80h                     ; does not return
.lost:  mov     ebx, .not
        jmp     .write
.text:  db      "tables: every page came fresh", 10, 0
.not:   db      "tables: an old page came back", 10, 0

%include "minim/programs/lib.inc"
