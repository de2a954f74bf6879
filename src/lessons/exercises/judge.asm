; Five pieces of code, each run in ring 0 and in ring 3. What the two results
; say about them is yours to judge.

;@ role kernel
%include "demo/multiboot.inc"
%include "demo/kernel.inc"
%include "demo/ring-3.inc"

main:   mov     edi, idt + 13 * 8
        mov     eax, trapped
        call    gate
        mov     edi, idt + 1Fh * 8
        mov     eax, finished
        call    gate_for_programs
        mov     al, 0FFh
        out     21h, al                 ; no clock
        mov     eax, USER_DATA
        mov     ds, eax                 ; kept in ring 3

next_piece:
        mov     esi, [piece]
        cmp     dword [esi], 0
        je      stop
;@ goal in ring 0
        mov     dword [back], .in_ring_0
        push    dword EFLAGS_IF + EFLAGS_FIXED
        push    dword CODE
        push    dword [esi]
        iret
.in_ring_0:
        mov     esp, stack_top
        mov     [alone], eax
        mov     [alone_trapped], dl
;@ goal in ring 3
        mov     dword [back], .in_ring_3
        mov     esi, [piece]
        mov     eax, [esi]
        mov     ebx, EFLAGS_IF + EFLAGS_FIXED
        jmp     to_program
.in_ring_3:
;@ goal compare
        mov     esp, stack_top
        mov     dh, dl
        mov     dl, [alone_trapped]
        mov     ecx, eax
        mov     ebx, [alone]
        call    judge
        mov     esi, [piece]
        add     dword [piece], 8
        mov     esi, [esi+4]
        call    print
        call    put_char
        mov     al, 10
        call    put_char
        jmp     next_piece

; In: DL = 1 if the piece trapped in ring 0, else 0; DH the same of ring 3. EBX
; = its result in ring 0, ECX in ring 3.
; Out: AL = "P", privileged: it traps in ring 3 and not in ring 0. Or "S": it
; does not, and gives different results. Or "I", innocuous: none of these.
judge:
        jmp     stop                    ; write this

; By #GP: ring 0. The piece trapped. ESP is of no use any more.
trapped:
        mov     dl, 1
        jmp     [back]

; By INT 1Fh at a piece's end. In: EAX = its result.
finished:
        mov     dl, 0
        jmp     [back]

;@ role program pieces
number: mov     eax, 23h
        int     1Fh
ring:   mov     eax, cs
        int     1Fh
control: mov    eax, cr0
        int     1Fh
off:    push    dword EFLAGS_FIXED      ; IF is 0 in these
        popf
        pushf
        pop     eax
        int     1Fh
nowhere: mov    eax, 0F8h               ; no descriptor is there
        mov     fs, eax
        int     1Fh

        section .data
        align   4
piece:  dd      .all
.all:   dd      number, .number, ring, .ring, control, .control, off, .off, nowhere, .nowhere, 0
.number: db     "mov eax, 23h: ", 0
.ring:  db      "mov eax, cs: ", 0
.control: db    "mov eax, cr0: ", 0
.off:   db      "popf: ", 0
.nowhere: db    "mov fs, 0F8h: ", 0
        align   4
back:   dd      0
alone:  dd      0
alone_trapped: db 0
