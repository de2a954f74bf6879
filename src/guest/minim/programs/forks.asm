; forks [N]: make N processes, one after the other, and wait for the end of each.
%include "minim/programs/begin.inc"

;@ role program forks
forks:  mov     esi, ebx
        call    next_word
        mov     eax, 10
        call    get_number
        push    eax                     ; how many
        mov     ebp, eax
.next:  mov     eax, SYS_FORK
        int     80h                     ; two come back
        test    eax, eax
        jz      .child
        mov     ebx, eax
        mov     eax, SYS_WAIT
        int     80h                     ; until it has ended
        cmp     dword [esp], 0          ; it wrote there, to its own page
        je      .shared
        dec     ebp
        jnz     .next

        pop     eax
        sub     esp, 64
        mov     edi, esp
        mov     esi, .text
        push    eax
        call    put_text
        pop     eax
        call    put_decimal
        mov     esi, .ended
        call    put_text
        mov     byte [edi], 0
        mov     ebx, esp
        call    write_text
        jmp     .exit
.child: mov     dword [esp], 0
.exit:  mov     eax, SYS_EXIT
        int     80h                     ; does not return
.shared:
        mov     ebx, .not
        call    write_text
        jmp     .exit
.text:  db      "forks: ", 0
.ended: db      " processes came and went", 10, 0
.not:   db      "forks: a copy shares its stack", 10, 0

%include "minim/programs/lib.inc"
