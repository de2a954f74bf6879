; not yet: The first fault is the guest's own
        mov     dword [SHADOW+eax*4], GUEST_MEMORY + FRAME + USER + WRITABLE + PRESENT
        iret
