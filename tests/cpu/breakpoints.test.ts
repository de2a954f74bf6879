/** Breakpoints in the debug registers, general detect, stepping on branches, the T bit of a TSS: SDM vol 3, 17.2 and 17.3. */
import { describe, expect, test } from 'vitest';
import { CR4_DE, IF, RF, TF } from '../../src/cpu/registers.ts';
import { at } from '../../src/cpu/state.ts';
import { CODE, DATA, DEVICE, HANDLERS, Program, STACK, type Start } from './program.ts';

const HANDLER = HANDLERS + 1;
const EXECUTION = 0;
const WRITE = 1;
const IO = 2;
const ACCESS = 3;
const BYTE = 0;
const WORD = 1;
const DWORD = 3;
const BD = 1 << 13;
const BS = 1 << 14;
const BT = 1 << 15;

/** DR6 without the bits that are always 1. */
const conditions = (program: Program): number => program.cpu.s[at.dr6] & 0xe00f;

/** A breakpoint in register `n`, locally enabled. */
function watch(program: Program, address: number, kind: number, length: number, n = 0): Program {
  const { s } = program.cpu;
  s[at.dr0 + n] = address;
  s[at.dr7] |= 0x400 | (1 << (2 * n)) | (kind << (16 + 4 * n)) | (length << (18 + 4 * n));
  program.cpu.translation.drop();
  return program;
}

const watched = (source: string, address: number, kind: number, length: number, start: Start = {}): Program =>
  watch(new Program(source, start), address, kind, length);

/** EIP that the handler would return to, if the handler is where the program is; null while it is not. */
const returnsTo = (program: Program): number | null =>
  program.eip === HANDLER ? program.ram.read32(program.register('esp')) - CODE : null;
const pushedFlags = (program: Program): number => program.ram.read32(program.register('esp') + 8);

describe('instruction breakpoints', () => {
  test('are faults: met before the instruction, RF pushed as 0', () => {
    const program = watched('nop\ninc eax\nhlt', CODE + 1, EXECUTION, BYTE);
    program.step(2);
    expect([returnsTo(program), program.register('eax'), conditions(program), pushedFlags(program) & RF]).toEqual([1, 0, 1, 0]);
  });

  test('are passed by with RF set, for one instruction', () => {
    const program = watched('inc eax\njmp $-1', CODE, EXECUTION, BYTE, { eflags: RF | 2 });
    program.step(2);
    expect([program.eip, program.register('eax')]).toEqual([CODE, 1]);
    program.step();
    expect([returnsTo(program), program.register('eax')]).toEqual([0, 1]);
  });

  test('are at a linear address', () => {
    const program = watched('nop\nnop\nhlt', CODE + 1, EXECUTION, BYTE);
    program.cpu.s[at.csBase] = 0x100;
    program.cpu.s[at.eip] = CODE - 0x100;
    program.step(2);
    expect([program.eip, program.ram.read32(program.register('esp'))]).toEqual([HANDLER, CODE + 1 - 0x100]);
  });

  test('come before the faults of the fetch', () => {
    const program = watched('nop', CODE + 1, EXECUTION, BYTE);
    program.cpu.s[at.csLimit] = CODE;
    program.step(2);
    expect(program.faults[0]).toEqual({ vector: 1, errorCode: 0, eip: CODE + 1 });
  });

  test('come behind the interrupt that waits', () => {
    const program = watched('nop\nhlt', CODE, EXECUTION, BYTE, { eflags: IF | 2 });
    program.bus.intr = true;
    program.step();
    expect(program.eip).toBe(HANDLERS + 0x20);
  });

  test('behind MOV SS are skipped', () => {
    const program = watched('mov ss, cx\ninc eax\nhlt', CODE + 3, EXECUTION, BYTE, { ecx: 16 });
    expect(program.toHalt().register('eax')).toBe(1);
  });

  test('in front of a REP are met once', () => {
    const program = watched('rep stosb\nhlt', CODE, EXECUTION, BYTE, { edi: DATA, ecx: 3 });
    program.step();
    expect(returnsTo(program)).toBe(0);
    program.ram.write32(program.register('esp') + 8, RF | 2);
    program.ram.write8(HANDLER, 0xcf);
    expect(program.toHalt().register('ecx')).toBe(0);
    expect(program.faults.length).toBe(1);
  });
});

describe('data breakpoints', () => {
  test.each([
    ['a write', 'mov [ebx], eax\nhlt', WRITE, 2],
    ['a write that also reads', 'inc dword [ebx]\nhlt', WRITE, 2],
    ['a write, being for reads too', 'mov [ebx], eax\nhlt', ACCESS, 2],
    ['a read', 'mov eax, [ebx]\nhlt', ACCESS, 2],
    ['a PUSH', 'push eax\nhlt', ACCESS, 1],
  ])('are traps: %s', (_, source, kind, length) => {
    const program = watched(source, DATA, kind, DWORD, { ebx: DATA, esp: DATA + 4 });
    program.cpu.s[at.esp] = DATA + 4;
    program.step(1);
    expect(program.eip).toBe(CODE + length);
    program.cpu.s[at.esp] = STACK;
    program.step();
    expect([returnsTo(program), conditions(program)]).toEqual([length, 1]);
  });

  test.each([
    ['a read of what is watched for writes', 'mov eax, [ebx]\nhlt', WRITE],
    ['a write of what is watched for execution', 'mov [ebx], eax\nhlt', EXECUTION],
    ['an address that is not accessed', 'lea eax, [ebx]\nhlt', ACCESS],
  ])('are not met by %s', (_, source, kind) => {
    expect(watched(source, DATA, kind, kind === EXECUTION ? BYTE : DWORD, { ebx: DATA }).toHalt().faults).toEqual([]);
  });

  test.each([
    [DATA + 4, BYTE, DATA + 4, 1, true],
    [DATA + 4, BYTE, DATA + 5, 1, false],
    [DATA + 4, BYTE, DATA + 1, 4, true],
    [DATA + 4, BYTE, DATA, 4, false],
    [DATA + 5, WORD, DATA + 4, 1, true],
    [DATA + 7, DWORD, DATA + 4, 1, true],
    [DATA + 4, DWORD, DATA + 8, 1, false],
    [DATA + 4, 2, DATA + 7, 1, true],
    [0xffffffff, BYTE, 0xfffffffe, 2, true],
    [DATA + 0x1000, BYTE, DATA + 0xffe, 4, true],
  ])('at %i with LEN %i, an access at %i of %i: %s', (address, length, accessed, size, met) => {
    const source = size === 1 ? 'mov al, [ebx]\nnop\nhlt' : size === 2 ? 'mov ax, [ebx]\nnop\nhlt' : 'mov eax, [ebx]\nnop\nhlt';
    const program = watched(source, address, ACCESS, length, { ebx: accessed });
    program.step(2);
    expect(program.eip === HANDLER).toBe(met);
  });

  test('are met in pages that were in use before, and no more once they are disabled', () => {
    const program = new Program(
      `mov [ebx], eax
       mov dr0, ebx
       mov ecx, 0xd0002
       mov dr7, ecx
       mov [ebx], eax
       nop
       hlt`,
      { ebx: DATA },
    );
    program.ram.write(HANDLER, [0x0f, 0x23, 0xf8, 0xcf]);
    program.toHalt();
    expect(program.faults.length).toBe(1);
    program.cpu.s[at.eip] = CODE;
    program.cpu.s[at.activity] = 0;
    program.cpu.s[at.dr7] = 0x400;
    program.cpu.translation.drop();
    program.step();
    expect(program.cpu.translation.writeTag[DATA >>> 12]).toBe(DATA);
  });

  test('are met by devices, which are asked once', () => {
    const program = watched('mov eax, [ebx]\nnop\nhlt', DEVICE, ACCESS, DWORD, { ebx: DEVICE });
    program.step(2);
    expect([program.eip, program.bus.log]).toEqual([HANDLER, ['read 0 4']]);
  });

  test('two of one instruction are reported together, and with its single step', () => {
    const program = watched('movsd\nhlt', DATA, ACCESS, DWORD, { esi: DATA, edi: DATA + 16, eflags: TF | 2 });
    watch(program, DATA + 16, WRITE, DWORD, 2);
    program.step(2);
    expect([returnsTo(program), conditions(program)]).toEqual([1, 0b101 | BS]);
  });

  test('follow each iteration of a REP, with RF pushed as 1 but behind the last', () => {
    const program = watched('rep stosb\nhlt', DATA, WRITE, BYTE, { edi: DATA, ecx: 2 });
    program.step(2);
    expect([returnsTo(program), program.register('ecx'), pushedFlags(program) & RF]).toEqual([0, 1, RF]);
    const last = watched('rep stosb\nhlt', DATA, WRITE, BYTE, { edi: DATA, ecx: 1 });
    last.step(2);
    expect([returnsTo(last), last.register('ecx'), pushedFlags(last) & RF]).toEqual([2, 0, 0]);
  });

  test('are forgotten where the instruction faults', () => {
    const program = watched('push dword [ebx]\nhlt', DATA, ACCESS, DWORD, { ebx: DATA });
    program.cpu.s[at.ssLimit] = 0xff;
    program.cpu.flatWrite &= ~4;
    program.cpu.flatRead &= ~4;
    program.step();
    expect(program.cpu.s[at.pendingDebug]).toBe(0);
    expect(program.faults[0].vector).toBe(12);
  });

  test('come before the interrupt that waits', () => {
    const program = watched('mov [ebx], eax\nhlt', DATA, WRITE, DWORD, { ebx: DATA, eflags: IF | 2 });
    program.step();
    program.bus.intr = true;
    program.step();
    expect(program.eip).toBe(HANDLER);
  });

  test('wake a processor whose HLT they follow', () => {
    const program = watched('mov ss, [ebx]\nhlt', DATA, ACCESS, WORD, { ebx: DATA });
    program.ram.write32(DATA, 16);
    program.step(3);
    expect([returnsTo(program), conditions(program)]).toEqual([3, 1]);
  });

  test('met by MOV SS are reported behind the next instruction, in the handler if that was an INT', () => {
    const moves = watched('mov ss, [ebx]\ninc eax\nhlt', DATA, ACCESS, WORD, { ebx: DATA });
    moves.ram.write32(DATA, 16);
    moves.step(3);
    expect([returnsTo(moves), moves.register('eax')]).toEqual([3, 1]);
    const pops = watched('mov ss, [ebx]\nint 0x80\nhlt', DATA, ACCESS, WORD, { ebx: DATA });
    pops.ram.write32(DATA, 16);
    pops.step(3);
    expect([pops.eip, pops.ram.read32(pops.register('esp'))]).toEqual([HANDLER, HANDLERS + 0x80]);
  });

  test('are met by what the delivery of an event pushes, and reported in its handler', () => {
    const program = watched('int 0x80\nhlt', STACK - 4, WRITE, DWORD);
    program.step(2);
    expect([program.eip, program.ram.read32(program.register('esp'))]).toEqual([HANDLER, HANDLERS + 0x80]);
    const external = watched('nop\nhlt', STACK - 4, WRITE, DWORD, { eflags: IF | 2 });
    external.bus.intr = true;
    external.step(2);
    expect([external.eip, external.ram.read32(external.register('esp'))]).toEqual([HANDLER, HANDLERS + 0x20]);
    const fault = watched('ud2', STACK - 4, WRITE, DWORD);
    fault.step(2);
    expect([fault.eip, fault.ram.read32(fault.register('esp'))]).toEqual([HANDLER, HANDLERS + 6]);
  });
});

describe('I/O breakpoints', () => {
  const port = (source: string, address: number, length: number, de = true): Program => {
    const program = watched(`${source}\nhlt`, address, IO, length, { edx: 0x3f8, edi: DATA, esi: DATA, ecx: 2 });
    if (de) program.cpu.s[at.cr4] |= CR4_DE;
    return program;
  };

  test.each([
    ['in al, dx', 0x3f8, BYTE, 1],
    ['out dx, al', 0x3f8, BYTE, 1],
    ['in eax, dx', 0x3fb, BYTE, 1],
    ['out 0x60, al', 0x60, BYTE, 2],
    ['in al, dx', 0x3fb, DWORD, 1],
    ['insb', 0x3f8, BYTE, 1],
    ['outsd', 0x3fa, WORD, 1],
  ])('%s meets one at %i with LEN %i', (source, address, length, size) => {
    const program = port(source, address, length);
    program.step(2);
    expect([returnsTo(program), conditions(program)]).toEqual([size, 1]);
  });

  test('of another port are not met, nor without CR4.DE, nor by memory', () => {
    expect(port('in al, dx', 0x3f9, BYTE).toHalt().faults).toEqual([]);
    expect(port('in al, dx', 0x3f8, BYTE, false).toHalt().faults).toEqual([]);
    expect(port('mov al, [0x3f8]', 0x3f8, BYTE).toHalt().faults).toEqual([]);
  });

  test('follow each iteration', () => {
    const program = port('rep outsb', 0x3f8, BYTE);
    program.step(2);
    expect([returnsTo(program), program.register('ecx')]).toEqual([0, 1]);
  });
});

describe('DR6 and DR7', () => {
  test('DR6 gathers conditions, but those of breakpoints are of the last #DB', () => {
    const program = watched('nop\nhlt', CODE, EXECUTION, BYTE);
    program.cpu.s[at.dr6] |= BS | BD | 0b1100;
    program.step();
    expect(conditions(program)).toBe(BS | BD | 1);
  });

  test('a disabled one is not met', () => {
    const program = new Program('mov [ebx], eax\nhlt', { ebx: DATA });
    program.cpu.s[at.dr0] = DATA;
    program.cpu.s[at.dr7] = 0x400 | 0xd0000;
    expect(program.toHalt().faults).toEqual([]);
  });

  test('what is fixed stays', () => {
    const program = new Program('mov dr7, eax\nmov ebx, dr7\nmov dr6, eax\nmov ecx, dr6\nhlt', { eax: -1 });
    program.cpu.s[at.eax] = 0xffffdfff | 0;
    program.toHalt();
    expect([program.register('ebx'), program.register('ecx')]).toEqual([0xffff0fff, 0xffffcfff]);
  });

  test('general detect is a fault at any MOV DR, and the handler may use the registers', () => {
    const program = new Program('mov eax, dr0\nhlt');
    program.cpu.s[at.dr7] |= 1 << 13;
    program.step();
    expect([returnsTo(program), conditions(program), program.cpu.s[at.dr7]]).toEqual([0, BD, 0x400]);
  });

  test('INT1 touches neither', () => {
    const program = new Program('db 0xf1');
    program.cpu.s[at.dr7] |= 1 << 13;
    program.step();
    expect([program.eip, conditions(program), program.cpu.s[at.dr7]]).toEqual([HANDLER, 0, 0x2400]);
  });
});

describe('stepping on branches (DEBUGCTL.BTF)', () => {
  const stepped = (source: string, eflags = 0): Program => {
    const program = new Program(source, { ecx: 2, edi: DATA, eflags: TF | 2 | eflags });
    program.cpu.s[at.debugctl] = 2;
    return program;
  };

  test('a branch that is taken traps, and clears the flag', () => {
    const program = stepped('nop\nrep stosb\njz .on\njmp .on\nnop\n.on: hlt');
    program.step(6);
    expect([returnsTo(program), conditions(program), program.cpu.s[at.debugctl]]).toEqual([8, BS, 0]);
  });

  test('nothing else does', () => {
    const program = stepped('nop\nrep stosb\njz .on\nnop\n.on: hlt');
    expect(program.toHalt().faults).toEqual([]);
  });
});

test('the T bit of a TSS traps before the first instruction of its task', () => {
  const program = new Program('jmp 0x18:0');
  const { ram, cpu } = program;
  const TSS = 0x50000;
  cpu.s[at.gdtrLimit] = 0x27;
  for (const [k, base] of [
    [3, TSS],
    [4, TSS + 0x100],
  ]) {
    ram.write32(0x41000 + 8 * k, ((base & 0xffff) << 16) | 0x67);
    ram.write32(0x41000 + 8 * k + 4, (base & 0xff000000) | 0x8900 | ((base >>> 16) & 0xff));
  }
  [cpu.s[at.trSelector], cpu.s[at.trBase], cpu.s[at.trLimit], cpu.s[at.trRights]] = [0x20, TSS + 0x100, 0x67, 0x8b];
  const task = (offset: number, value: number): void => ram.write32(TSS + offset, value);
  task(0x20, CODE + 0x40);
  task(0x24, 2);
  task(0x38, STACK);
  for (const [offset, selector] of [
    [0x48, 16],
    [0x4c, 8],
    [0x50, 16],
    [0x54, 16],
  ])
    task(offset, selector);
  task(0x64, 1);
  cpu.s[at.dr7] |= 0x303;
  program.step();
  expect([program.eip, cpu.s[at.dr7]]).toEqual([CODE + 0x40, 0x602]);
  program.step();
  expect([returnsTo(program), conditions(program)]).toEqual([0x40, BT]);
});
