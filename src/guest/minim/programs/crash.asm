; crash WHAT: do what a program must not. kernel, text, port, halt, or a jump into nowhere.
%include "minim/programs/begin.inc"

;@ role program crash
crash:  mov     esi, ebx
        call    next_word
        mov     al, [esi]
        cmp     al, "k"
        je      .kernel
        cmp     al, "t"
        je      .text
        cmp     al, "p"
        je      .port
        cmp     al, "h"
        je      .halt
        cmp     al, "c"
        je      .call
        xor     eax, eax
        jmp     eax                     ; nothing is there
.kernel:
        mov     byte [0C0100000h], 0    ; there, but not for ring 3
        jmp     .alive
.text:  mov     byte [crash], 0         ; ours, but read-only
        jmp     .alive
.port:  in      al, 60h                 ; IOPL is 0
        jmp     .alive
.halt:  hlt                             ; CPL is not
        jmp     .alive
.call:  mov     eax, SYS_READ_LINE
        mov     ebx, crash
        int     80h                     ; the kernel cannot write there either
.alive: mov     ebx, .text_of_it
        call    write_text
        mov     eax, SYS_EXIT
        int     80h                     ; does not return
.text_of_it: db "crash: still alive", 10, 0

%include "minim/programs/lib.inc"
