import { expect, test } from 'vitest';
import { run as asm } from '../../src/cli/asm.ts';
import { run as disasm } from '../../src/cli/disasm.ts';

function world(files: Readonly<Record<string, string | Uint8Array>>) {
  const written = new Map<string, Uint8Array | string>();
  const out = { stdout: '', stderr: '' };
  const io = {
    readFile: (path: string) => {
      const found = written.get(path) ?? files[path];
      return typeof found === 'string' ? new TextEncoder().encode(found) : found;
    },
    writeFile: (path: string, content: Uint8Array | string) => void written.set(path, content),
    stdout: (text: string) => {
      out.stdout += text;
    },
    stderr: (text: string) => {
      out.stderr += text;
    },
  };
  return { io, written, out };
}

test('asm writes the binary, the listing and the map', async () => {
  const { io, written, out } = world({ 'a/x.asm': 'bits 32\n%include "lib/y.inc"\nmov eax, FIVE\n', 'a/lib/y.inc': 'FIVE equ 5\n' });
  expect(await asm(['a/x.asm', '-f', 'bin', '-o', 'x.bin', '-l', 'x.lst', '-m', 'x.json'], io)).toBe(0);
  expect(written.get('x.bin')).toEqual(Uint8Array.of(0xb8, 5, 0, 0, 0));
  expect(written.get('x.lst')).toContain('B805000000');
  expect(JSON.parse(String(written.get('x.json'))).version).toBe(1);
  expect(out).toEqual({ stdout: '', stderr: '' });
});

test('asm names file, line and column of what is wrong, and ends with 2', async () => {
  const { io, written, out } = world({ 'x.asm': 'bits 32\n mvo eax, 5\n' });
  expect(await asm(['x.asm'], io)).toBe(2);
  expect(out.stderr).toBe('x.asm:2:2: there is no instruction `mvo` (did you mean mov?)\n');
  expect(written.size).toBe(0);
  expect(await asm(['x.asm', '--json'], io)).toBe(2);
  expect(JSON.parse(out.stdout).errors[0]).toMatchObject({ file: 'x.asm', line: 2, column: 2 });
});

test.each([[[]], [['a', 'b']], [['-f', 'elf', 'a']], [['--what']], [['x.asm', '-o']]])('asm %j is a usage error', async (args) => {
  const { io, out } = world({});
  expect(await asm(args, io)).toBe(2);
  expect(out.stderr).toContain('usage: rm1 asm');
});

test('disasm prints address, bytes and text that assembles again', async () => {
  const { io, out } = world({ 'x.bin': Uint8Array.of(0x0f, 0x22, 0xd8, 0xe8, 0x00, 0x01, 0, 0, 0xff) });
  expect(await disasm(['x.bin', '--org', '100000h', '--mode', '32'], io)).toBe(0);
  expect(out.stdout.split('\n').map((line) => line.replace(/ +/g, ' ').trim())).toEqual([
    '00100000 0F22D8 mov cr3, eax',
    '00100003 E800010000 call 100108h',
    '00100008 FF db 0FFh',
    '',
  ]);
  expect(await disasm(['none'], io)).toBe(2);
  expect(await disasm(['x.bin', '--org', 'zz'], io)).toBe(2);
});
