/** What a monitor plays of a disk, and INS and OUTS in both directions, beside the bare machine: the same kernel prints the same, and the same sectors are written. */
import { describe, expect, test } from 'vitest';
import { assembleSource } from '../../src/session/guests.ts';
import { powerOn } from '../../src/session/power-on.ts';
import type { Paging, Vmm } from '../../src/session/views.ts';

const SECTORS = 2500;

/** Sums bytes by their places, so that order tells. */
const SOURCE = `
%include "demo/multiboot.inc"
%include "demo/kernel.inc"
main:   mov al, 0ECh
        call command
        mov ecx, 256
        call take
        movzx eax, word [buffer+2]
        call said
        movzx eax, word [buffer+108]
        call said
        mov eax, [buffer+114]
        call said
        mov eax, [buffer+120]
        call said
        mov esi, chs_64                 ; cylinder 0, head 1, sector 2: two sectors
        call address
        mov al, 20h
        call command
        mov ecx, 256
        call take
        call ready
        mov ecx, 256
        call take
        mov esi, lba_64
        call address
        mov al, 20h
        call command
        mov ecx, 256
        call take
        mov esi, chs_end                ; cylinder 2, head 7, sector 43: the last
        call address
        mov al, 20h
        call command
        mov ecx, 256
        call take
        mov esi, lba_behind
        call fails
        mov esi, chs_0
        call fails
        mov esi, chs_behind
        call fails
        mov esi, lba_64
        call address
        mov al, 0E7h
        call nothing
        mov al, 77h
        call nothing
        mov esi, lba_64
        call address
        mov al, 20h
        call command
        std
        mov edi, buffer + 510
        mov edx, 1F0h
        mov ecx, 256
        rep insw
        cld
        call sum
        mov esi, chs_100
        call address
        mov al, 30h
        call command
        std
        mov esi, buffer + 508
        mov edx, 1F0h
        mov ecx, 128
        rep outsd
        cld
        call status
        mov esi, chs_100
        call address
        mov al, 20h
        call command
        mov edx, 1F0h
        mov edi, buffer + 300
        std
        insw
        insw
        cld
        mov eax, edi
        sub eax, buffer
        call said
        mov ecx, 254
        call take
        mov edx, COM1
        mov esi, back
        mov ecx, back - text + 1
        std
        rep outsb
        cld
        mov eax, esi
        sub eax, text
        call said
        jmp stop

; AL = command, then until it has a sector to move.
command: mov edx, 1F7h
        out dx, al
ready:  mov edx, 1F7h
.wait:  in al, dx
        test al, 80h
        jnz .wait
        test al, 9
        jz .wait
        ret
status: mov edx, 1F7h
.wait:  in al, dx
        test al, 80h
        jnz .wait
        movzx eax, al
        jmp said
fails:  call address
        mov al, 20h
nothing: mov edx, 1F7h
        out dx, al
        call status
        mov edx, 1F1h
        in al, dx
        movzx eax, al
        jmp said
address: mov edx, 1F2h
.next:  lodsb
        out dx, al
        inc edx
        cmp edx, 1F7h
        jb .next
        ret
; ECX words into the buffer, and the sum of it.
take:   mov edi, buffer
        mov edx, 1F0h
        rep insw
sum:    mov ecx, 512
        xor eax, eax
.next:  rol eax, 3
        movzx edx, byte [buffer+ecx-1]
        add eax, edx
        loop .next
said:   push esi
        mov esi, colon
        call line
        pop esi
        ret
chs_64: db 2, 2, 0, 0, 0A1h
lba_64: db 1, 64, 0, 0, 0E0h
chs_end: db 1, 43, 2, 0, 0A7h
lba_behind: db 2, ${(SECTORS - 1) & 0xff}, ${(SECTORS - 1) >> 8}, 0, 0E0h
chs_0:  db 1, 0, 0, 0, 0A0h
chs_behind: db 1, 1, 0, 4, 0A0h
chs_100: db 1, 38, 0, 0, 0A1h
colon:  db ": ", 0
text:   db 10, "sdrawkca"
back:   db "b"
        section .bss align=4096
        resb 4096 - 256
buffer: resb 4096
`;

const disk = Uint8Array.from({ length: SECTORS * 512 }, (_, k) => ((k * 2654435761) >>> 13) ^ (k >>> 9));
const assembled = assembleSource('disk.asm', SOURCE);

function ran(vmm: Vmm, vms: number, paging?: Paging) {
  const { machine } = powerOn({
    program: { name: 'disk.asm', bytes: assembled.image, assembled },
    vmm,
    vms,
    memory: 4,
    disk,
    ...(paging !== undefined && { paging }),
  });
  machine.run(6_000_000);
  const own = machine.board.consoles.filter(({ vm }) => vm === (vmm === 'none' ? 0 : vm) && vm <= vms);
  const all = machine.diskContents ?? new Uint8Array(0);
  return {
    texts: own
      .filter(({ vm }) => vmm === 'none' || vm > 0)
      .map(({ text }) => text)
      .slice(0, vms),
    disks: Array.from({ length: vms }, (_, k) => all.slice(k * disk.length, (k + 1) * disk.length)),
  };
}

describe('a disk', () => {
  const alone = ran('none', 1);

  test('on the bare machine: its size, sectors by number and by cylinder, head and sector, errors, and both directions', () => {
    const lines = alone.texts[0].split('\n').map((line) => Number.parseInt(line.slice(2), 16));
    const [cylinders, current, capacity, sectors] = lines.slice(1, 5);
    expect([cylinders, current, capacity, sectors]).toEqual([2, 2, 2016, SECTORS]);
    expect(lines[5]).not.toBe(lines[6]);
    expect(lines[7]).toBe(lines[5]);
    expect(lines.slice(9, 15)).toEqual([0x51, 0x10, 0x51, 0x10, 0x51, 0x10]);
    expect(lines.slice(15, 19)).toEqual([0x50, 0, 0x51, 4]);
    expect(alone.texts[0]).toContain('backwards\n');
    expect(alone.disks[0]).not.toEqual(disk);
  });

  test.each<readonly [Vmm, Paging | undefined]>([
    ['translate', undefined],
    ['vtx', 'shadow'],
    ['vtx', 'nested'],
    ['svm', 'shadow'],
    ['svm', 'nested'],
  ])('under %s, %s paging: the same in each of two virtual machines', (vmm, paging) => {
    const { texts, disks } = ran(vmm, 2, paging);
    expect(texts).toEqual([alone.texts[0], alone.texts[0]]);
    expect(disks.every((each) => Buffer.compare(each, alone.disks[0]) === 0)).toBe(true);
  });
});
