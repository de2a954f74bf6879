; write FILE TEXT: make a file hold a line of text. On the disk, it outlives us.
%include "minim/programs/begin.inc"

;@ role program write
write:  mov     esi, ebx
        call    next_word
        mov     ebx, esi                ; its name
        call    next_word
        cmp     esi, ebx
        je      .usage
        cmp     byte [esi], 0
        je      .usage
        mov     byte [esi-1], 0         ; the name ends
        mov     edx, ebx
.name:  inc     edx
        cmp     byte [edx], " "
        jne     .ended
        mov     byte [edx], 0
.ended: cmp     byte [edx], 0
        jne     .name
        xor     edi, edi                ; how long is the text?
.next:  inc     edi
        cmp     byte [esi+edi], 0
        jne     .next
        mov     byte [esi+edi], 10      ; its end becomes the line's
        inc     edi
        mov     eax, SYS_REPLACE
        int     80h                     ; ask the kernel
        test    eax, eax
        jz      .done
        mov     ebx, .refused
        call    write_text
.done:  mov     eax, SYS_EXIT
        int     80h                     ; does not return
.usage: mov     ebx, .how
        call    write_text
        jmp     .done
.how:   db      "write FILE TEXT", 10, 0
.refused: db    "write: cannot write that", 10, 0

%include "minim/programs/lib.inc"
