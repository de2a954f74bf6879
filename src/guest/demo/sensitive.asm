; Sensitive instructions that no privilege check stops: a kernel runs each of them once and
; prints what it gives. In ring 0 it is the kernel's own state. Run the same kernel in
; another ring and it is somebody else's, or nothing happens at all - and no trap tells.
;
;       nasm -f bin -I src/guest/ -o sensitive.bin src/guest/demo/sensitive.asm

;@ role kernel
%include "demo/multiboot.inc"
%include "demo/kernel.inc"

main:
;@ goal where are my tables?
.sgdt_here:
        sgdt    [register]
        mov     esi, .sgdt
        call    register_line
.sidt_here:
        sidt    [register]
        mov     esi, .sidt
        call    register_line
        mov     eax, -1
.sldt_here:
        sldt    eax
        mov     esi, .sldt
        call    word_line
.str_here:
        str     eax
        mov     esi, .str
        call    word_line

;@ goal in which mode, in which ring?
.smsw_here:
        smsw    eax
        mov     esi, .smsw
        call    word_line
.push_cs_here:
        push    cs
        pop     eax
        mov     esi, .push_cs
        call    word_line
.mov_ss_here:
        mov     eax, ss
        mov     esi, .mov_ss
        call    word_line

;@ goal who may do what?
        mov     ecx, CODE
.lar_here:
        lar     eax, ecx
        mov     esi, .lar
        call    line
        mov     ecx, DATA
.lsl_here:
        lsl     eax, ecx
        mov     esi, .lsl
        call    line

;@ goal are interrupts on?
        sti
.pushf_here:
        pushf
        pop     eax
        and     eax, EFLAGS_IF
        mov     esi, .pushf
        call    line

;@ goal off, by POPF
        pushf
        and     dword [esp], ~EFLAGS_IF
.popf_here:
        popf
.popf_done:
        mov     eax, [ticks]
        mov     ecx, 200000             ; several ticks long
.wait:  dec     ecx
        jnz     .wait
        cmp     eax, [ticks]
        setne   al                      ; has one come?
        movzx   eax, al
        mov     esi, .popf
        call    line
        jmp     stop

.sgdt:  db      "SGDT ", 0
.sidt:  db      "SIDT ", 0
.sldt:  db      "SLDT ", 0
.str:   db      "STR ", 0
.smsw:  db      "SMSW ", 0
.push_cs: db    "PUSH CS ", 0
.mov_ss: db     "MOV r,SS ", 0
.lar:   db      "LAR ", 0
.lsl:   db      "LSL ", 0
.pushf: db      "PUSHF, IF ", 0
.popf:  db      "POPF, ticks behind it ", 0

word_line:
        movzx   eax, ax
        jmp     line

; The limit, and the address, of what is in register.
register_line:
        call    print
        movzx   eax, word [register]
        call    print_hex
        mov     al, ' '
        call    put_char
        mov     eax, [register+2]
        call    print_hex
        mov     al, 10
        jmp     put_char

        section .data
        align   4
register: dd    0, 0
