; crash WHAT: do what a program must not, or what a kernel must not mind: kernel, text,
; port, halt, call, segments, flags, or else a jump into nowhere.
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
        cmp     al, "s"
        je      .segments
        cmp     al, "f"
        je      .flags
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
        jmp     .alive
.segments:
        xor     eax, eax
        mov     ds, eax
        mov     es, eax                 ; null: nothing can be reached with them
        mov     eax, SYS_YIELD
        int     80h                     ; the kernel has its own
        jmp     .alive
.flags: std
        pushf
        or      dword [esp], 4100h      ; NT and TF
        popf
        mov     eax, SYS_YIELD
        mov     ecx, esp
        mov     edx, .alive
        sysenter                        ; clears neither of the two
.alive: mov     ebx, .text_of_it
        call    write_text
        mov     eax, SYS_EXIT
        int     80h                     ; does not return
.text_of_it: db "crash: still alive", 10, 0

%include "minim/programs/lib.inc"
