/** The floating-point unit as far as systems need it: SDM vol 3, 2.5 (CR0), vol 1, 8.1 (its state) and vol 2 (the images in memory). */
import { describe, expect, test } from 'vitest';
import { CR0_EM, CR0_MP, CR0_NE, CR0_PE, CR0_TS, HALTED, IF, MF, NM, UD } from '../../src/cpu/registers.ts';
import { setSegment } from '../../src/cpu/segments.ts';
import { at } from '../../src/cpu/state.ts';
import { ROWS } from '../../src/isa/table.ts';
import { CODE, DATA, HANDLERS, Program } from './program.ts';

const IMAGE = DATA + 0x100;

/** `cr0` besides PE and ET. The control word is that of FNINIT. */
function program(source: string, cr0 = CR0_NE): Program {
  const made = new Program(`${source}\nhlt`, { ebx: DATA, edi: IMAGE });
  made.cpu.s[at.cr0] |= cr0;
  made.cpu.s[at.fcw] = 0x37f;
  return made;
}

const vectorOf = (made: Program): number | undefined => {
  made.step();
  return made.faults[0]?.vector;
};
const words = (made: Program, address: number, count: number): number[] =>
  Array.from({ length: count }, (_, k) => made.ram.read16(address + 2 * k));
const dwords = (made: Program, address: number, count: number): number[] =>
  Array.from({ length: count }, (_, k) => made.ram.read32(address + 4 * k) >>> 0);

describe('#NM', () => {
  const BITS = [0, CR0_TS, CR0_MP, CR0_MP | CR0_TS, CR0_EM, CR0_EM | CR0_MP | CR0_TS];
  const raised = (source: string): (number | undefined)[] => BITS.map((bits) => vectorOf(program(source, bits)));

  test.each([
    'fninit',
    'fnclex',
    'fldcw [ebx]',
    'fnstcw [ebx]',
    'fnstsw ax',
    'fnsave [ebx]',
    'frstor [ebx]',
    'fnop',
    'ffree st1',
    'fincstp',
  ])('%s: for EM or TS', (source) => {
    expect(raised(source)).toEqual([undefined, NM, undefined, NM, NM, NM]);
  });
  test('FWAIT: for MP and TS', () => {
    expect(raised('fwait')).toEqual([undefined, undefined, undefined, NM, undefined, NM]);
  });
  test('FXSAVE and FXRSTOR: for TS; #UD for EM', () => {
    for (const source of ['fxsave [ebx]', 'fxrstor [ebx]']) expect(raised(source)).toEqual([undefined, NM, undefined, NM, UD, UD]);
  });
  test('arithmetic, and ESC opcodes without a meaning, which else are #UD', () => {
    expect(raised('fadd st0, st1').slice(1, 2)).toEqual([NM]);
    expect(raised('db 0xd9, 0xd1')).toEqual([UD, NM, UD, NM, NM, NM]);
  });
  test('comes before a fault of the operand', () => {
    const made = program('fldcw [ebx]', CR0_TS);
    made.cpu.s[at.dsLimit] = 0;
    made.cpu.flatRead = 0;
    expect(vectorOf(made)).toBe(NM);
  });
  test('CLTS ends it', () => {
    const made = program('clts\nfninit', CR0_TS);
    expect(made.toHalt().faults).toEqual([]);
  });
});

test('what computes is not there, and the machine says so', () => {
  const made = program('fld1');
  expect([made.step(), made.cpu.missing?.what, made.eip]).toEqual(['missing', 'x87 arithmetic (FLD1)', CODE]);
});

test('every ESC byte has rows, and each of them is the unit’s', () => {
  const escapes = ROWS.filter(({ encoding }) => /^D[89A-F] /.test(encoding));
  expect(new Set(escapes.map(({ encoding }) => encoding.slice(0, 2))).size).toBe(8);
  expect(escapes.every(({ since }) => since === 'fpu' || since === 'cmov' || since === 'sse3')).toBe(true);
});

describe('control and status', () => {
  test('after RESET, and after FNINIT', () => {
    const made = new Program('fnstcw [ebx]\nfnstsw [ebx+2]\nfninit\nfnstcw [ebx+4]\nfnstsw ax\nhlt', { ebx: DATA, eax: -1 });
    made.toHalt();
    expect([...words(made, DATA, 3), made.register('eax')]).toEqual([0x40, 0, 0x37f, 0xffff0000]);
  });
  test('FLDCW keeps what is defined', () => {
    const made = program('fldcw [ebx]\nfnstcw [ebx]');
    made.ram.write16(DATA, 0xff00);
    made.toHalt();
    expect(made.ram.read16(DATA)).toBe(0x1f40);
  });
  test('FINCSTP and FDECSTP turn the stack', () => {
    const made = program('fdecstp\nfnstsw ax\nfincstp\nfincstp\nfnstsw [ebx]');
    made.toHalt();
    expect([made.register('eax') & 0xffff, made.ram.read16(DATA)]).toEqual([0x3800, 0x0800]);
  });
});

describe('#MF', () => {
  /** An exception is pending from here on: #D, which the control word does not mask. */
  const pending = (source: string, cr0 = CR0_NE): Program => {
    const made = program(source, cr0);
    made.cpu.s[at.fcw] = 0x37d;
    made.cpu.s[at.fsw] = 0x8082;
    return made;
  };

  test.each(['fwait', 'fldcw [ebx]', 'fldenv [ebx]', 'frstor [ebx]', 'fnop', 'fld1', 'fincstp'])('%s meets it', (source) => {
    const made = pending(source);
    expect([vectorOf(made), made.faults[0].eip]).toEqual([MF, CODE]);
  });
  test.each(['fninit', 'fnclex', 'fnstcw [ebx]', 'fnstsw ax', 'fnstenv [ebx]', 'fnsave [ebx]', 'fxsave [ebx]', 'fxrstor [ebx]'])(
    '%s does not look',
    (source) => {
      expect(vectorOf(pending(source))).toBeUndefined();
    },
  );
  describe('with NE = 0', () => {
    test('is not raised: the processor freezes in front of the instruction until an interrupt comes, and begins it again then', () => {
      const made = pending('fwait\nmov al, 7', 0);
      const { cpu, bus, ram } = made;
      cpu.s[at.eflags] |= IF;
      ram.write8(HANDLERS + 0x20, 0xcf);
      made.step(2);
      expect([made.faults, made.eip, cpu.s[at.activity]]).toEqual([[], CODE, HALTED]);
      bus.intr = true;
      expect(made.step(3)).toBe('limit');
      expect([made.eip, cpu.s[at.activity], cpu.s[at.eax] & 0xff]).toEqual([CODE, HALTED, 0]);
      cpu.s[at.fsw] = 0;
      bus.intr = true;
      made.step(4);
      expect(cpu.s[at.eax] & 0xff).toBe(7);
    });
    test('IGNNE# lets it pass; instructions that do not wait pass anyhow', () => {
      const ignoring = pending('fwait', 0);
      ignoring.bus.ignoresErrors = true;
      expect([ignoring.step(), ignoring.eip]).toEqual(['limit', CODE + 1]);
      const noWait = pending('fnstsw ax', 0);
      expect([noWait.step(), noWait.eip]).toEqual(['limit', CODE + 2]);
    });
    test('FERR# is asserted by what unmasks an error, withdrawn by what clears it, and never with NE = 1', () => {
      const levels = (source: string, cr0 = 0): boolean[] => {
        const made = program(`fldcw [ebx]\n${source}`, cr0);
        made.cpu.s[at.fsw] = 2;
        made.ram.write16(DATA, 0x37d);
        return [1, source.split('\n').length].map((count) => {
          made.step(count);
          return made.bus.error;
        });
      };
      for (const source of ['fnclex', 'fninit', 'fnsave [edi]', 'fnstenv [edi]', 'mov eax, cr0\nor al, 20h\nmov cr0, eax'])
        expect([source, ...levels(source)]).toEqual([source, true, false]);
      expect(levels('nop', CR0_NE)).toEqual([false, false]);
    });
  });
  test('FLDCW that unmasks one makes it pending, FNCLEX ends it', () => {
    const made = program('fldcw [ebx]\nfnstsw ax\nfnclex\nfnstsw [ebx]\nfwait');
    made.cpu.s[at.fsw] = 0x4702;
    made.ram.write16(DATA, 0x37d);
    made.toHalt();
    expect([made.register('eax') & 0xffff, made.ram.read16(DATA)]).toEqual([0xc782, 0x4700]);
  });
});

describe('images in memory', () => {
  /** Register n holds n + 1, but 3 which is empty; TOP is 2. */
  function filled(source: string): Program {
    const made = program(source);
    const { s } = made.cpu;
    [s[at.fcw], s[at.fsw], s[at.ftw]] = [0x27f, 2 << 11, 0xf7];
    [s[at.fop], s[at.fip], s[at.fcs], s[at.fdp], s[at.fds]] = [0x5d9, 0x12345678, 8, 0x9abcdef0 | 0, 16];
    for (let n = 0; n < 8; n++)
      [s[at.r0Low + 3 * n], s[at.r0Low + 3 * n + 1], s[at.r0Low + 3 * n + 2]] = [n + 1, 0x80000000 | 0, 0x4000 + n];
    s[at.r0Low + 3 * 6 + 1] = 0;
    s[at.r0Low + 3 * 7] = 0;
    s[at.r0Low + 3 * 7 + 1] = 0;
    s[at.r0Low + 3 * 7 + 2] = 0;
    return made;
  }
  /** Valid, but 3 empty, 6 without its leading 1, 7 zero. */
  const TAGS = 0b01_10_00_00_11_00_00_00;

  test('FNSTENV, 32 bits, and all exceptions are masked afterwards', () => {
    const made = filled('fnstenv [edi]');
    made.toHalt();
    expect(dwords(made, IMAGE, 8)).toEqual(
      [0xffff027f, 0xffff1000, 0xffff0000 | TAGS, 0x12345678, 0x05d90008, 0x9abcdef0, 0xffff0010, 0].map((n) => n >>> 0),
    );
    expect(made.cpu.s[at.fcw]).toBe(0x27f);
  });
  test('FNSTENV, 16 bits', () => {
    const made = filled('o16 fnstenv [edi]');
    made.toHalt();
    expect(words(made, IMAGE, 8)).toEqual([0x27f, 0x1000, TAGS, 0x5678, 8, 0xdef0, 16, 0]);
  });
  test('FNSTENV in real mode has linear addresses', () => {
    const made = filled('fnstenv [edi]');
    const { s } = made.cpu;
    s[at.cr0] &= ~CR0_PE;
    [s[at.fip], s[at.fcs], s[at.fdp], s[at.fds]] = [0x5678, 0x1234, 0xdef0, 0x2000];
    made.step();
    expect(dwords(made, IMAGE + 12, 4)).toEqual([0xffff79b8, 0x000015d9, 0xffffdef0, 0x00002000]);
  });
  test.each(['', 'o16 '])('%sFNSAVE and FRSTOR bring back what they took', (size) => {
    const made = filled(`${size}fnsave [edi]\nfnstcw [ebx]\n${size}frstor [edi]`);
    const { s } = made.cpu;
    if (size !== '') [s[at.fip], s[at.fdp], s[at.fop]] = [0x5678, 0xdef0, 0];
    const before = s.slice(at.fcw, at.r0Low + 24);
    made.step(2);
    expect([s[at.ftw], made.ram.read16(DATA)]).toEqual([0, 0x37f]);
    made.toHalt();
    expect(s.slice(at.fcw, at.r0Low + 24)).toEqual(before);
    expect(dwords(made, IMAGE + (size === '' ? 28 : 14), 2)).toEqual([3, 0x80000000]);
  });
  test('FXSAVE and FXRSTOR', () => {
    const made = filled('fxsave [edi]\nfninit\nfxrstor [edi]');
    const { s } = made.cpu;
    const before = s.slice(at.fcw, at.r0Low + 24);
    made.ram.fill(IMAGE, 512, 0xee);
    made.toHalt();
    expect(s.slice(at.fcw, at.r0Low + 24)).toEqual(before);
    expect(words(made, IMAGE, 4)).toEqual([0x27f, 0x1000, 0xf7, 0x5d9]);
    expect(dwords(made, IMAGE + 8, 6)).toEqual([0x12345678, 8, 0x9abcdef0, 16, 0xeeeeeeee, 0xeeeeeeee]);
    expect([...dwords(made, IMAGE + 32, 2), made.ram.read16(IMAGE + 40)]).toEqual([3, 0x80000000, 0x4002]);
    expect(dwords(made, IMAGE + 160, 1)).toEqual([0xeeeeeeee]);
  });
  test('FXSAVE of an area that is not aligned is #GP(0)', () => {
    expect(vectorOf(program('fxsave [edi+8]'))).toBe(13);
  });
  test('what does not fit its segment writes nothing', () => {
    const made = filled('fnsave [edi]');
    setSegment(made.cpu, 3, 16, 0, IMAGE + 107 - 1, 0xc093);
    expect([vectorOf(made), made.ram.read32(IMAGE), made.cpu.s[at.fcw]]).toEqual([13, 0, 0x27f]);
  });
});
