        add     esp, 4
        push    ebx
        mov     ebx, [esp+4]
        cmp     byte [ebx+1], 22h
        pop     ebx
        je      .write
        mov     eax, [guest_cr3]
        jmp     .done
.write: mov     [guest_cr3], eax
.done:  add     dword [esp], 3
        iret
