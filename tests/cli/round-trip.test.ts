import { describe, expect, test } from 'vitest';
import { run as asm } from '../../src/cli/asm.ts';
import { run as disasm } from '../../src/cli/disasm.ts';
import { world } from './support/world.ts';

const SOURCE = `bits 32
        org 100000h
start:  mov eax, [ebx+esi*4+12h]
        lock xadd [edi], ecx
        rep movsd
        cmp byte [start], 5
        jne start
        mov cr3, eax
        vmread ebx, eax
        vmresume
        out 0E9h, al
        iret
`;

describe('rm1 asm and rm1 disasm', () => {
  test('what is shown assembles to the same bytes', async () => {
    const there = world({ 'x.asm': SOURCE });
    expect(await asm(['x.asm', '-o', 'x.bin'], there.io)).toBe(0);
    expect(await disasm(['x.bin', '--org', '100000h', '--json'], there.io)).toBe(0);
    const shown = JSON.parse(there.stdout) as { text: string }[];
    there.io.writeFile('y.asm', `bits 32\norg 100000h\n${shown.map(({ text }) => text).join('\n')}\n`);
    expect(await asm(['y.asm', '-o', 'y.bin'], there.io)).toBe(0);
    expect(there.files.get('y.bin')).toEqual(there.files.get('x.bin'));
    expect(there.stderr).toBe('');
  });

  test('a boot sector is known by its signature', async () => {
    const there = world({ 'b.asm': 'org 7C00h\nmov ax, 1234h\njmp $\ntimes 510-($-$$) db 0\ndw 0AA55h\n' });
    await asm(['b.asm', '-o', 'b.bin'], there.io);
    await disasm(['b.bin'], there.io);
    expect(there.stdout.split('\n')[0]).toMatch(/^00007C00 {2}B83412 +mov ax, 1234h$/);
  });
});
