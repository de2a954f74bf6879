import { describe, expect, test } from 'vitest';
import { flat, rm1Run } from './support/world.ts';

/** Sends back what comes in at COM1, until a line ends. Waits by looking. */
const LOOK = flat(`
        mov dx, 3FAh
        mov al, 7
        out dx, al
look:   mov dx, 3FDh
        in al, dx
        test al, 1
        jz look
        mov dx, 3F8h
        in al, dx
        out dx, al
        cmp al, 10
        jne look
        cli
        hlt`);

/** The same, asleep until IRQ 4. */
const SLEEP = flat(`
        lgdt [gdtr]
        lidt [idtr]
        jmp 8:go
gdt:    dq 0, 00CF9B000000FFFFh, 00CF93000000FFFFh
gdtr:   dw $ - gdt - 1
        dd gdt
idtr:   dw 8 * 48 - 1
        dd 108000h
go:     mov esp, 110000h
        mov dword [108120h], (8 << 16) | ((typed - $$ + 100000h) & 0FFFFh)
        mov dword [108124h], 00108E00h
        mov al, 11h
        out 20h, al
        mov al, 20h
        out 21h, al
        mov al, 4
        out 21h, al
        mov al, 1
        out 21h, al
        mov al, 0EFh
        out 21h, al
        mov dx, 3F9h
        mov al, 1
        out dx, al
        mov dx, 3FCh
        mov al, 0Bh
        out dx, al
        sti
idle:   hlt
        jmp idle
typed:  mov dx, 3F8h
        in al, dx
        out dx, al
        mov al, 20h
        out 20h, al
        iret`);

describe('stdin', () => {
  test('wakes a machine that waits for it, piece after piece, and its end is the end', async () => {
    const { status, stdout } = await rm1Run('x.asm', SLEEP, ['hel', 'lo', '\n', 'and more']);
    expect([status, stdout]).toEqual([0, 'hello\nand more']);
  });

  test('nobody types: a machine that only input can wake has halted for good', async () => {
    const { status, stdout } = await rm1Run('x.asm', SLEEP);
    expect([status, stdout]).toEqual([0, '']);
  });
});

describe('recorded inputs', () => {
  const line = (n: number, text: string) => JSON.stringify({ n, console: 0, byte: text.charCodeAt(0) });

  test('enter at their steps, in whatever order they stand', async () => {
    const input = [line(500, '\n'), line(100, 'a'), '', line(300, 'b')].join('\n');
    const { status, stdout } = await rm1Run('x.asm --input in --max-instructions 5000', { ...LOOK, in: input });
    expect([status, stdout]).toEqual([0, 'ab\n']);
  });

  test('make the run the same every time', async () => {
    const input = [line(100, 'a'), line(300, 'b'), line(500, '\n')].join('\n');
    const hash = async (text: string) => (await rm1Run('x.asm --input in --hash', { ...LOOK, in: text })).stderr;
    expect(await hash(input)).toBe(await hash(input));
    expect(await hash(input)).not.toBe(await hash(input.replace('500', '520')));
  });

  test.each([
    ['no JSON', 'x', /^rm1 run: in:1: expected \{"n":STEP,"console":NUMBER,"byte":0 to 255\}\n$/],
    ['no byte', '{"n":1,"console":0,"byte":256}', /in:1: expected/],
    ['a step before the first', '{"n":-1,"console":0,"byte":2}', /in:1: expected/],
    ['a console that is not there', '\n{"n":1,"console":1,"byte":2}', /in:2: there is no console 1: the last that can be typed at is 0/],
  ])('%s is refused', async (_, input, message) => {
    const { status, stderr } = await rm1Run('x.asm --input in', { ...LOOK, in: input });
    expect(status).toBe(2);
    expect(stderr).toMatch(message);
  });
});
