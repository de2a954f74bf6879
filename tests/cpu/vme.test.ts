/** Virtual-8086 mode extensions and protected-mode virtual interrupts: SDM vol 3, 20.3 and 20.4, table 20-2. */
import { describe, expect, test } from 'vitest';
import { CR4_PVI, CR4_VME, IF, IOPL, TF, VIF, VIP, VM } from '../../src/cpu/registers.ts';
import { setCpl, setSegment } from '../../src/cpu/segments.ts';
import { at, TR } from '../../src/cpu/state.ts';
import { CODE, HANDLERS, IDT, Program } from './program.ts';

const TSS = 0x50000;
const IO_MAP = 0x88;
const STACK_16 = 0x20000;
const RING_0_STACK = 0x60000;
const VECTOR = 0x21;
/** What the program's own table at address 0 has for it. */
const OWN = { segment: 0x3000, offset: 0x123 };
const GP_HANDLER = HANDLERS + 13;

function taskState(program: Program): void {
  const { cpu, ram } = program;
  setSegment(cpu, TR, 0x18, TSS, 0xfff, 0x8b);
  ram.write32(TSS + 4, RING_0_STACK);
  ram.write32(TSS + 8, 0x10);
  ram.write32(TSS + 0x64, IO_MAP << 16);
  for (const vector of [3, VECTOR]) ram.write8(IDT + 8 * vector + 5, 0xee);
}

/** A program in virtual-8086 mode at 1000h:0, SS:SP 2000h:1000h. */
function vm86(source: string, eflags: number, { vme = true, redirected = true } = {}): Program {
  const program = new Program(source, { bits: 16, eflags: eflags | VM | 2, esp: 0x1000 });
  const { cpu, ram } = program;
  taskState(program);
  if (vme) cpu.s[at.cr4] |= CR4_VME;
  setSegment(cpu, 1, CODE >>> 4, CODE, 0xffff, 0xf3);
  for (const segment of [0, 3, 4, 5]) setSegment(cpu, segment, 0, 0, 0xffff, 0xf3);
  setSegment(cpu, 2, STACK_16 >>> 4, STACK_16, 0xffff, 0xf3);
  setCpl(cpu, 3);
  cpu.s[at.eip] = 0;
  ram.write32(4 * VECTOR, (OWN.segment << 16) | OWN.offset);
  ram.write8(TSS + IO_MAP - 32 + (VECTOR >> 3), redirected ? 0 : 1 << (VECTOR & 7));
  return program;
}

/** IP, CS and FLAGS on the stack of the program. */
const frame = ({ ram, cpu }: Program): number[] => [0, 2, 4].map((k) => ram.read16(STACK_16 + (cpu.s[at.esp] & 0xffff) + k));
const place = ({ cpu }: Program): string => `${(cpu.s[at.csSelector] & 0xffff).toString(16)}:${(cpu.s[at.eip] >>> 0).toString(16)}`;
const isInGp = (program: Program): boolean => program.eip === GP_HANDLER;

describe('INT n in virtual-8086 mode', () => {
  const int = (eflags: number, options = {}): Program => {
    const program = vm86(`int ${VECTOR}`, eflags, options);
    program.step();
    return program;
  };

  test('method 1, without VME at IOPL 3: the system, by its gate', () => {
    expect(int(IOPL, { vme: false }).eip).toBe(HANDLERS + VECTOR);
  });
  test('method 3, without VME below IOPL 3: #GP(0)', () => {
    expect(isInGp(int(0, { vme: false }))).toBe(true);
  });
  test('method 4, the bit set, at IOPL 3: the system, by its gate', () => {
    expect(int(IOPL, { redirected: false }).eip).toBe(HANDLERS + VECTOR);
  });
  test('method 2, the bit set, below IOPL 3: #GP(0)', () => {
    expect(isInGp(int(VIF, { redirected: false }))).toBe(true);
  });
  test('method 5, the bit clear, at IOPL 3: the program itself, with IF', () => {
    const program = int(IOPL | IF | TF);
    expect([place(program), ...frame(program)]).toEqual(['3000:123', 2, CODE >>> 4, IOPL | IF | TF | 2]);
    expect(program.eflags & (IF | TF | IOPL)).toBe(IOPL);
  });
  test.each([
    [VIF, IF],
    [IF, 0],
  ])('method 6, the bit clear, below IOPL 3: the program itself, with VIF in the place of IF (%i)', (before, pushed) => {
    const program = int(before);
    expect([place(program), ...frame(program)]).toEqual(['3000:123', 2, CODE >>> 4, pushed | IOPL | 2]);
    expect(program.eflags & (IF | VIF)).toBe(before & IF);
  });
  test('a bitmap beyond the limit of the TSS is #GP(0)', () => {
    const program = vm86(`int ${VECTOR}`, 0);
    program.ram.write16(TSS + 0x66, 0x1100);
    program.step();
    expect(isInGp(program)).toBe(true);
  });
  test('INT3 and INTO are not redirected', () => {
    const program = vm86('int3', 0);
    program.ram.write32(12, 0x30000123);
    program.step();
    expect(program.eip).toBe(HANDLERS + 3);
  });
});

describe('CLI and STI', () => {
  const behind = (source: string, eflags: number): number | 'gp' => {
    const program = vm86(source, eflags);
    program.step();
    return isInGp(program) ? 'gp' : program.eflags & (IF | VIF | VIP);
  };

  test('below IOPL 3 change VIF alone', () => {
    expect([behind('sti', 0), behind('cli', IF | VIF)]).toEqual([VIF, IF]);
  });
  test('STI while VIP is 1 is #GP(0), CLI is not', () => {
    expect([behind('sti', VIP), behind('cli', VIP)]).toEqual(['gp', VIP]);
  });
  test('at IOPL 3 change IF', () => {
    expect([behind('sti', IOPL | VIP), behind('cli', IOPL | IF | VIF)]).toEqual([IF | VIP, VIF]);
  });
});

describe('PUSHF, POPF and IRET below IOPL 3', () => {
  test('PUSHF pushes VIF as IF, and IOPL as 3', () => {
    const program = vm86('pushf', VIF);
    program.step();
    expect(program.ram.read16(STACK_16 + 0xffe)).toBe(IF | IOPL | 2);
  });
  test.each(['pushfd', 'popfd', 'iretd'])('%s is #GP(0) as ever', (source) => {
    const program = vm86(source, VIF);
    program.step();
    expect(isInGp(program)).toBe(true);
  });
  const popped = (source: string, value: number, eflags: number): number | 'gp' => {
    const program = vm86(source, eflags);
    const { ram, cpu } = program;
    ram.write16(STACK_16 + 0x1000, source === 'popf' ? value : 0x40);
    ram.write16(STACK_16 + 0x1002, 0x2000);
    ram.write16(STACK_16 + 0x1004, value);
    program.step();
    if (isInGp(program)) return 'gp';
    expect([cpu.s[at.esp], place(program)]).toEqual(source === 'popf' ? [0x1002, '1000:1'] : [0x1006, '2000:40']);
    return program.eflags & (IF | VIF | VIP | IOPL | 0x41);
  };
  test.each(['popf', 'iret'])('%s loads IF into VIF, and neither IF nor IOPL', (source) => {
    expect(popped(source, IF | IOPL | 0x41, 0)).toBe(VIF | 0x41);
    expect([popped(source, 0, IF | VIF), popped(source, 0, IF | VIP)]).toEqual([IF, IF | VIP]);
  });
  test.each(['popf', 'iret'])('%s of IF while VIP is 1, or of TF, is #GP(0)', (source) => {
    expect([popped(source, IF, VIP), popped(source, TF, 0)]).toEqual(['gp', 'gp']);
  });
});

describe('CR4.PVI', () => {
  const behind = (source: string, eflags: number, cpl = 3, pvi = true): number | 'gp' => {
    const program = new Program(source, { eflags: eflags | 2 });
    taskState(program);
    if (pvi) program.cpu.s[at.cr4] |= CR4_PVI;
    setSegment(program.cpu, 1, 8 | cpl, 0, -1, 0xc09b | (cpl << 5));
    setSegment(program.cpu, 2, 16 | cpl, 0, -1, 0xc093 | (cpl << 5));
    setCpl(program.cpu, cpl);
    program.step();
    return isInGp(program) ? 'gp' : program.eflags & (IF | VIF | VIP);
  };

  test('gives programs at CPL 3 a VIF', () => {
    expect([behind('sti', 0), behind('cli', IF | VIF), behind('sti', VIP)]).toEqual([VIF, IF, 'gp']);
  });
  test('changes nothing at IOPL 3, at other levels, or for PUSHF', () => {
    expect([behind('sti', IOPL), behind('sti', 0, 2), behind('sti', 0, 3, false), behind('pushf', VIF)]).toEqual([IF, 'gp', 'gp', VIF]);
  });
});

describe('VIF and VIP both 1 where an instruction is to begin', () => {
  const BOTH = VIF | VIP;
  const gp = ({ faults }: Program, eip: number): void => expect(faults).toEqual([{ vector: 13, errorCode: 0, eip }]);

  test('in virtual-8086 mode with CR4.VME below IOPL 3 it is #GP(0), and the instruction has not begun', () => {
    const program = vm86('mov al, 1', BOTH);
    program.step();
    expect(isInGp(program)).toBe(true);
    gp(program, 0);
    expect(program.cpu.s[at.eax] & 0xff).toBe(0);
  });
  test.each([
    ['at IOPL 3', BOTH | IOPL, {}],
    ['without CR4.VME', BOTH, { vme: false }],
  ])('%s it is nothing', (_, eflags, options) => {
    const program = vm86('mov al, 1', eflags, options);
    program.step();
    expect([isInGp(program), program.cpu.s[at.eax] & 0xff]).toEqual([false, 1]);
  });
  test.each([
    ['in steps', 1],
    ['in one run', 2],
  ])('IRET of the system to such a program is the last instruction before it, %s', (_, steps) => {
    const program = new Program('iretd', { esp: STACK_16 });
    const { cpu, ram } = program;
    taskState(program);
    cpu.s[at.cr4] |= CR4_VME;
    [0x100, 0x3000, BOTH | VM | 2, 0x1000, 0x2000, 0, 0, 0, 0].forEach((item, k) => {
      ram.write32(STACK_16 + 4 * k, item);
    });
    for (let k = 0; k < 2; k += steps) program.step(steps);
    gp(program, 0x100);
    expect([isInGp(program), cpu.steps]).toEqual([true, 2]);
  });
  test('with CR4.PVI it is so at CPL 3, and nowhere else', () => {
    const fault = (cpl: number): boolean => {
      const program = new Program('nop', { eflags: BOTH | 2 });
      taskState(program);
      program.cpu.s[at.cr4] |= CR4_PVI;
      setSegment(program.cpu, 1, 8 | cpl, 0, -1, 0xc09b | (cpl << 5));
      setSegment(program.cpu, 2, 16 | cpl, 0, -1, 0xc093 | (cpl << 5));
      setCpl(program.cpu, cpl);
      program.step();
      return isInGp(program);
    };
    expect([fault(3), fault(2), fault(0)]).toEqual([true, false, false]);
  });
});
