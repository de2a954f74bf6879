; hog [N]: touch N pages of memory, then look whether all is still there.
%include "minim/programs/begin.inc"

;@ role program hog
hog:    mov     esi, ebx
        call    next_word
        mov     eax, 200
        call    get_number
        mov     ebp, eax
;@ goal a number of its own in each page
        mov     edi, USER_HEAP
        mov     ecx, ebp
.touch: mov     [edi], ecx              ; not there yet: the kernel brings one
        add     edi, 4096
        loop    .touch
;@ goal each still there?
        mov     edi, USER_HEAP
        mov     ecx, ebp
.look:  cmp     [edi], ecx
        jne     .lost
        cmp     dword [edi+4], 0
        jne     .lost
        add     edi, 4096
        loop    .look

        sub     esp, 64
        mov     edi, esp
        mov     esi, .text
        call    put_text
        mov     eax, ebp
        call    put_decimal
        mov     esi, .pages
        call    put_text
        mov     byte [edi], 0
        mov     ebx, esp
        call    write_text
.exit:  mov     eax, SYS_EXIT
        int     80h                     ; does not return
.lost:  mov     ebx, .not
        call    write_text
        jmp     .exit
.text:  db      "hog: ", 0
.pages: db      " pages", 10, 0
.not:   db      "hog: lost a page", 10, 0

%include "minim/programs/lib.inc"
