; calls [N]: N system calls by INT 80h, and N by SYSENTER. They answer alike.
%include "minim/programs/begin.inc"

;@ role program calls
calls:  mov     esi, ebx
        call    next_word
        mov     eax, 200
        call    get_number
        mov     ebp, eax                ; how many
        mov     edi, eax                ; how many still
.next:  mov     eax, SYS_WHO
        int     80h
        mov     esi, eax
        mov     eax, SYS_WHO
        call    .enter
        cmp     eax, esi
        jne     .differ
        mov     eax, -2                 ; there is no such call
        int     80h
        mov     esi, eax
        mov     eax, -2
        call    .enter
        cmp     eax, esi
        jne     .differ
        dec     edi
        jnz     .next

        sub     esp, 64
        mov     edi, esp
        mov     esi, .text
        call    put_text
        mov     eax, ebp
        call    put_decimal
        mov     esi, .alike
        call    put_text
        mov     esi, edi
        mov     ebx, esp
        sub     esi, ebx
        mov     eax, SYS_WRITE
        call    .enter                  ; this one by SYSENTER
.exit:  mov     eax, SYS_EXIT
        int     80h                     ; does not return
.differ:
        mov     ebx, .not
        call    write_text
        jmp     .exit

; The other way into the kernel. It comes back to where EDX says, on stack ECX.
.enter: mov     ecx, esp
        mov     edx, .back
        sysenter
.back:  ret
.text:  db      "calls: ", 0
.alike: db      " of each kind, all alike", 10, 0
.not:   db      "calls: INT 80h and SYSENTER differ", 10, 0

%include "minim/programs/lib.inc"
