; The boot sector: from the BIOS to the image, the same way on every peer.
;
; SECTORS sectors follow it on the disk. They go to 10000h, where they are entered in flat
; 32-bit protected mode with interrupts off: as a Multiboot loader would enter them.

        bits    16
        org     7C00h

DISK_READ       equ 42h                 ; int 13h, by logical block
AT_ONCE         equ 32                  ; sectors: 16 KiB, within one segment
SECTOR          equ 512

boot:   cli
        xor     ax, ax
        mov     ds, ax
        mov     es, ax
        mov     ss, ax
        mov     sp, 7C00h
        sti
.next:  mov     ax, [left]
        cmp     ax, AT_ONCE
        jbe     .last
        mov     ax, AT_ONCE
.last:  mov     [packet.count], ax
        mov     si, packet
        mov     ah, DISK_READ           ; DL is still the disk we came from
        int     13h
        jc      failed
        mov     ax, [packet.count]
        sub     [left], ax
        add     [packet.block], ax
        shl     ax, 5                   ; sectors to paragraphs
        add     [packet.segment], ax
        cmp     word [left], 0
        jne     .next
        cli
        in      al, 92h                 ; open A20
        or      al, 2
        and     al, 0FEh
        out     92h, al
        lgdt    [gdtr]
        mov     eax, cr0
        or      al, 1
        mov     cr0, eax
        jmp     8:protected

failed: mov     al, 'F'
        mov     dx, 3F8h
        out     dx, al
        hlt
        jmp     failed

        bits    32
protected:
        mov     ax, 10h
        mov     ds, ax
        mov     es, ax
        mov     ss, ax
        mov     fs, ax
        mov     gs, ax
        mov     ecx, 10000h
        jmp     ecx

        align   4
left:   dw      SECTORS
        align   4
packet: db      16, 0
.count: dw      0
.offset:
        dw      0
.segment:
        dw      1000h
.block: dq      1
        align   8
gdt:    dq      0, 00CF9B000000FFFFh, 00CF93000000FFFFh
gdtr:   dw      23
        dd      gdt
        times   510-($-$$) db 0
        dw      0AA55h
