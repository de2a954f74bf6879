; shell: reads a line, runs what it names, and waits for its end.
%include "minim/programs/begin.inc"

;@ role program shell
shell:  sub     esp, LINE
        mov     ebp, esp                ; the line
.next:  mov     ebx, .prompt
        call    write_text
        mov     eax, SYS_READ_LINE
        mov     ebx, ebp
        int     80h                     ; ask the kernel
        test    eax, eax
        jz      .next
        js      .halt
;@ goal what the shell does itself
        cmp     dword [ebp], "halt"
        jne     .module
        cmp     byte [ebp+4], 0
        je      .halt
.module:
        cmp     dword [ebp], "insm"
        jne     .program
        cmp     word [ebp+4], "od"
        jne     .program
        cmp     byte [ebp+6], " "
        je      .insmod
;@ goal all else is a program
.program:
        xor     edi, edi
        cmp     byte [ebp+eax-1], "&"
        jne     .spawn
        inc     edi                     ; & at the end: do not wait
        mov     byte [ebp+eax-1], 0
.spawn: mov     eax, SYS_SPAWN
        mov     ebx, ebp
        int     80h                     ; ask the kernel
        test    eax, eax
        jz      .unknown
        test    edi, edi
        jnz     .next
        mov     ebx, eax
        mov     eax, SYS_WAIT
        int     80h                     ; until it has ended
        jmp     .next

.insmod:
        mov     esi, ebp
        call    next_word
        mov     ebx, esi
        mov     eax, SYS_MODULE
        int     80h                     ; ask the kernel
        test    eax, eax
        jz      .next
        mov     esi, .no_module
        jmp     .complain
.unknown:
        mov     esi, .no_program
.complain:
        sub     esp, LINE + 32
        mov     edi, esp
        call    put_text
        mov     esi, ebp
        call    put_text
        mov     word [edi], 10          ; and the end
        mov     ebx, esp
        call    write_text
        add     esp, LINE + 32
        jmp     .next

.halt:  mov     eax, SYS_HALT
        int     80h                     ; does not return
.prompt:        db "$ ", 0
.no_program:    db "shell: there is no program ", 0
.no_module:     db "shell: cannot do ", 0

%include "minim/programs/lib.inc"
