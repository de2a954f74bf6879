/** Small programs whose steps are hard to go back over, and the guests of the catalogue. */

import { GUEST_SOURCES } from '../../../src/session/guest-sources.ts';
import { assembleSource, guestImage } from '../../../src/session/guests.ts';
import type { PowerOn } from '../../../src/session/power-on.ts';

/** Flat segments, 48 gates, both 8259s with everything masked, a stack, and macros to fill in gates and start the 8254. */
const PC = `
        bits    32
        org     100000h
%include "vmm/lib/cpu.inc"

%macro  gate 2                          ; vector, handler
        mov     dword [idt + 8 * %1], (8 << 16) | ((%2 - $$ + 100000h) & 0FFFFh)
        mov     dword [idt + 8 * %1 + 4], 00108E00h
%endmacro

%macro  ticks 1                         ; IRQ 0 every %1 of the 8254's ticks
        gate    20h, tick
        mov     al, 34h
        out     43h, al
        mov     al, (%1) & 0FFh
        out     40h, al
        mov     al, (%1) >> 8
        out     40h, al
        in      al, 21h
        and     al, 0FEh
        out     21h, al
%endmacro

start:  lgdt    [gdtr]
        lidt    [idtr]
        jmp     8:flat
        align   8
gdt:    dq      0, 00CF9B000000FFFFh, 00CF93000000FFFFh
gdtr:   dw      $ - gdt - 1
        dd      gdt
idtr:   dw      8 * 48 - 1
        dd      idt
idt     equ     108000h
stack   equ     10C000h
scratch equ     110000h                 ; 64 KiB
tick:   inc     dword [count]
        push    eax
        mov     al, 20h
        out     20h, al
        pop     eax
        iret
count:  dd      0
flat:   mov     eax, 10h
        mov     ds, eax
        mov     es, eax
        mov     ss, eax
        mov     esp, stack
        mov     al, 11h
        out     20h, al
        out     0A0h, al
        mov     al, 20h
        out     21h, al
        mov     al, 28h
        out     0A1h, al
        mov     al, 4
        out     21h, al
        mov     al, 2
        out     0A1h, al
        mov     al, 1
        out     21h, al
        out     0A1h, al
        mov     al, 0FFh
        out     21h, al
        out     0A1h, al
`;

const END = `
        cli
        hlt
`;

export const STRINGS = `${PC}
        ticks   12
        sti
        mov     ebp, 8
again:  mov     esi, start
        mov     edi, scratch + 4093
        mov     ecx, 203
        rep movsb
        mov     edi, scratch + 2
        mov     ecx, 60
        mov     eax, ebp
        rep stosd
        mov     esi, start
        mov     edi, scratch + 4093
        mov     ecx, 180
        repe cmpsb
        mov     al, 0CFh
        mov     ecx, 400
        mov     edi, start
        repne scasb
        mov     dx, 3F8h
        mov     ecx, 5
        mov     esi, word_
        rep outsb
        dec     ebp
        jnz     again
${END}
word_:  db      "again"
`;

export const SHADOWS = `${PC}
        gate    1, trap
        ticks   3
        mov     ebx, 40
again:  sti                             ; the next instruction is never interrupted
        inc     ecx
        cli
        mov     eax, 10h
        mov     ss, eax                 ; nor is this one
        mov     esp, stack
        sti
        push    ss
        pop     ss
        lea     esp, [esp + 0]
        sti
        sti
        pushf
        or      dword [esp], 100h       ; TF
        popf
        inc     edx
        mov     ss, eax                 ; the trap waits for the next
        inc     edx
        pushf
        and     dword [esp], ~100h
        popf
        dec     ebx
        jnz     again
${END}
trap:   inc     dword [scratch]
        iret
`;

export const SLEEP = `${PC}
        ticks   200
        mov     ebx, 40
again:  sti
        hlt
        cli
        dec     ebx
        jnz     again
${END}`;

/** Stale translations, accessed and dirty bits, a page-fault handler that maps, large and global pages, INVLPG. */
export const PAGING = `${PC}
directory equ   120000h
table     equ   121000h
window    equ   2FF000h                 ; a linear page mapped here and there
        gate    14, fault
        ticks   15
        mov     edi, table
        mov     eax, WRITABLE + PRESENT
.fill:  mov     [edi], eax
        add     edi, 4
        add     eax, PAGE
        cmp     edi, table + PAGE
        jb      .fill
        mov     dword [directory], table + WRITABLE + PRESENT
        mov     dword [directory + 4], LARGE + WRITABLE + PRESENT + 100h
        mov     eax, cr4
        or      eax, CR4_PSE + CR4_PGE
        mov     cr4, eax
        mov     eax, directory
        mov     cr3, eax
        mov     eax, cr0
        or      eax, CR0_PG + CR0_WP
        mov     cr0, eax
        sti
        mov     ebp, 40
again:  mov     eax, ebp
        and     eax, 7
        shl     eax, 12
        add     eax, scratch + WRITABLE + PRESENT
        mov     [table + (window >> 12) * 4], eax
        mov     [window + 8], ebp       ; perhaps through the old entry
        test    ebp, 1
        jz      .flush
        invlpg  [window]
.flush: test    ebp, 3
        jnz     .more
        mov     eax, cr3
        mov     cr3, eax
.more:  mov     [window + 12], ebp
        add     ecx, [400000h + scratch] ; the large page
        mov     dword [table + (scratch >> 12) * 4], 0
        invlpg  [scratch]
        add     ecx, [scratch + 8]      ; a page fault
        dec     ebp
        jnz     again
${END}
fault:  push    eax
        mov     eax, cr2
        and     eax, ~0FFFh
        push    ebx
        mov     ebx, eax
        shr     ebx, 10
        or      eax, WRITABLE + PRESENT
        mov     [table + ebx], eax
        pop     ebx
        pop     eax
        add     esp, 4                  ; the error code
        iret
`;

/** Code that writes over code: behind itself, ahead of itself in the same run of instructions, and in another page. */
export const REWRITES = `${PC}
        ticks   9
        sti
        mov     ebp, 120
again:  mov     eax, ebp
        mov     [.ahead + 1], al
.ahead: mov     bl, 0
        add     [scratch], ebx
        mov     [.other + 1], eax
        nop
.other: mov     edx, 12345678h
        call    copied
        inc     byte [copied + 1]
        dec     ebp
        jnz     again
${END}
        align   4096
copied: mov     cl, 0
        ret
`;

export const TRIPLE_FAULT = `${PC}
        ticks   50
        sti
        mov     ecx, 100
        loop    $
        cli
        lidt    [nothing]
        ud2
nothing: dw     0, 0, 0
`;

/** Waits for bytes at COM1 in both ways, and sends them back: the first ten by looking, the others by interrupt. */
export const ECHO = `${PC}
        gate    24h, typed
        ticks   400
        mov     dx, 3FAh
        mov     al, 7
        out     dx, al
        mov     ecx, 10
.look:  mov     dx, 3FDh
        in      al, dx
        test    al, 1
        jz      .look
        mov     dx, 3F8h
        in      al, dx
        out     dx, al
        loop    .look
        mov     dx, 3F9h
        mov     al, 1
        out     dx, al
        mov     dx, 3FCh
        mov     al, 0Bh
        out     dx, al
        in      al, 21h
        and     al, ~10h
        out     21h, al
        sti
.idle:  hlt
        jmp     .idle
typed:  push    eax
        push    edx
        mov     dx, 3F8h
        in      al, dx
        out     dx, al
        mov     al, 20h
        out     20h, al
        pop     edx
        pop     eax
        iret
`;

/** Each sector is read, changed and written back, with an interrupt for each, while the timer ticks. */
const DISK = `${PC}
        gate    2Eh, disk
        ticks   300
        in      al, 21h
        and     al, 0FBh
        out     21h, al
        mov     al, 0BFh
        out     0A1h, al
        sti
        xor     ebx, ebx
sector: mov     cl, 20h
        call    command
        mov     edi, scratch
        mov     ecx, 256
        rep     insw
        add     [scratch], ebx
        inc     dword [scratch+4]
        mov     cl, 30h
        call    command
        mov     esi, scratch
        mov     ecx, 256
        rep     outsw
        call    await
        inc     ebx
        cmp     ebx, 4
        jb      sector
        cli
        hlt
; ECX = command for sector EBX; a read is waited for. EDX = the data port
command:
        mov     dword [done], 0
        mov     edx, 1F2h
        mov     al, 1
        out     dx, al
        inc     edx
        mov     al, bl
        out     dx, al
        inc     edx
        mov     al, 0
        out     dx, al
        inc     edx
        out     dx, al
        inc     edx
        mov     al, 0E0h
        out     dx, al
        inc     edx
        mov     al, cl
        out     dx, al
        mov     edx, 1F0h
        cmp     cl, 20h
        jne     .done
        call    await
.done:  ret
await:  cli
        cmp     dword [done], 0
        jne     .done
        sti
        hlt
        jmp     await
.done:  sti
        ret
disk:   push    eax
        push    edx
        mov     edx, 1F7h
        in      al, dx
        mov     al, 20h
        out     0A0h, al
        out     20h, al
        inc     dword [done]
        pop     edx
        pop     eax
        iret
done:   dd      0
`;

const FIRST_EXIT = 'first-exit/first-exit.asm';
const MONITOR = 'first-exit/monitor.inc';

/** first-exit with a line of its monitor changed. */
function spoiled(line: string, into: string): PowerOn {
  const monitor = GUEST_SOURCES[MONITOR];
  if (!monitor.includes(line)) throw new Error(`${MONITOR} has no ${line}`);
  const changed = new TextEncoder().encode(monitor.replace(line, into));
  const assembled = assembleSource('spoiled.asm', GUEST_SOURCES[FIRST_EXIT], (path) => (path === MONITOR ? changed : undefined));
  return { program: { name: 'spoiled.asm', bytes: assembled.image, assembled }, vmm: 'vtx', vms: 1, memory: 4, includesMonitor: true };
}

export function fromSource(text: string): PowerOn {
  const assembled = assembleSource('program.asm', text);
  return { program: { name: 'program.asm', bytes: assembled.image, assembled }, vmm: 'none', vms: 1, memory: 8 };
}

function fromCatalogue(path: string, rest: Pick<PowerOn, 'vmm' | 'vms'> & Partial<PowerOn>): PowerOn {
  const assembled = guestImage(path);
  return { program: { name: path, bytes: assembled.image, assembled }, memory: 4, ...rest };
}

export const firstExit = (): PowerOn => fromCatalogue(FIRST_EXIT, { vmm: 'vtx', vms: 1, includesMonitor: true });
export const bareDuet = (): PowerOn => fromCatalogue('duet/duet.asm', { vmm: 'none', vms: 1 });
export const twoKernels = (): PowerOn => fromCatalogue('duet/duet.asm', { vmm: 'vtx', vms: 2 });

/** Programs of a few thousand steps, each of which can be gone over again and again. */
export const PROGRAMS: Readonly<Record<string, () => PowerOn>> = {
  'first-exit': firstExit,
  'string instructions under a timer': () => fromSource(STRINGS),
  'interrupt shadows and single steps': () => fromSource(SHADOWS),
  'HLT woken by the timer': () => fromSource(SLEEP),
  'paging with stale translations': () => fromSource(PAGING),
  'a disk that interrupts': () => ({ ...fromSource(DISK), disk: Uint8Array.from({ length: 8 * 512 }, (_, k) => k % 251) }),
  'code that rewrites itself': () => fromSource(REWRITES),
  'a triple fault': () => fromSource(TRIPLE_FAULT),
  'a VM entry refused by VMfail': () => spoiled('HOST_TR, TSS', 'HOST_TR, 0'),
  'a VM entry that fails in the guest’s state': () => spoiled('GUEST_EFLAGS, EFLAGS_FIXED,', 'GUEST_EFLAGS, 0,'),
};
