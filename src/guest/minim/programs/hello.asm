; hello: a program that greets, and sleeps.
%include "minim/programs/begin.inc"

;@ role program hello
hello:  mov     ebp, 3
.next:  mov     ebx, .text
        call    write_text
        mov     eax, SYS_SLEEP
        mov     ebx, 2
        int     80h                     ; two ticks of the clock
        dec     ebp
        jnz     .next

        mov     eax, SYS_EXIT
        int     80h                     ; does not return
.text:  db      "hello, world", 10, 0

%include "minim/programs/lib.inc"
