; A kernel with two critical sections, one inside the other, in ring 1 without
; knowing it. How it turns interrupts off and on again there, is yours.

;@ role kernel
%include "demo/multiboot.inc"
%include "demo/kernel.inc"

main:   sti
        call    linger
        mov     eax, [ticks]
        mov     [before], eax
;@ goal the outer section
        mov     eax, 0
        call    set_if
        push    eax
;@ goal the inner section
        mov     eax, 0
        call    set_if
        push    eax
        call    linger
        pop     eax
        call    set_if                  ; as it was before: off
;@ goal still the outer one
        call    linger
        mov     eax, [ticks]
        sub     eax, [before]
        mov     esi, .inside
        call    line
        pop     eax
        call    set_if                  ; as it was before: on
;@ goal outside
        call    linger
        mov     eax, [ticks]
        cmp     eax, [before]
        setne   al
        movzx   eax, al
        mov     esi, .outside
        call    line
        jmp     stop
.inside: db     "ticks inside ", 0
.outside: db    "any outside? ", 0

; Longer than from one tick to the next.
linger: mov     ecx, 15000
.next:  dec     ecx
        jnz     .next
        ret

; In: EAX = EFLAGS_IF for interrupts on, 0 for off. Out: they are, and EAX =
; which of the two was asked for last. EBX, ECX and EDX may change.
set_if:
        jmp     stop                    ; write this

        section .data
        align   4
before: dd      0
asked:  dd      EFLAGS_IF               ; yours to use
