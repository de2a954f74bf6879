; ls: the files on the disk, and how long they are.
%include "minim/programs/begin.inc"

;@ role program ls
ls:     xor     ebp, ebp
        sub     esp, FILE_size + 64     ; a FILE, and a line above it
.next:  mov     eax, SYS_LIST
        mov     ebx, ebp
        mov     esi, esp
        int     80h                     ; file EBP
        test    eax, eax
        jz      .done
;@ goal "count           172"
        lea     edi, [esp+FILE_size]
        lea     esi, [esp+FILE.name]
        call    put_text
        lea     ecx, [esp+FILE_size+16]
        sub     ecx, edi
        mov     al, " "
        rep     stosb
        mov     eax, [esp+FILE.size]
        call    put_decimal
        mov     word [edi], 10          ; and the end
        lea     ebx, [esp+FILE_size]
        call    write_text
        inc     ebp
        jmp     .next
.done:  mov     eax, SYS_EXIT
        int     80h                     ; does not return

%include "minim/programs/lib.inc"
