/** Instructions one line at a time: a reader's tour of what the vectors hold in thousands. */
import { describe, expect, test } from 'vitest';
import { AF, CF, DF, OF, PF, SF, ZF } from '../../src/cpu/registers.ts';
import { at } from '../../src/cpu/state.ts';
import { DATA, Program, run, STACK } from './program.ts';

const STATUS = CF | PF | AF | ZF | SF | OF;
const statusOf = (source: string, start = {}): number => run(source, start).eflags & STATUS;

describe('arithmetic', () => {
  test('ADC adds the carry', () => {
    const { eax, eflags } = run('adc eax, ebx', { eax: 0xffffffff, ebx: 0, eflags: CF | 2 });
    expect([eax, eflags & STATUS]).toEqual([0, CF | PF | AF | ZF]);
  });

  test('SUB of equal numbers, INC that keeps CF, NEG of the least number', () => {
    expect(statusOf('sub eax, eax')).toBe(ZF | PF);
    expect(statusOf('stc\ninc eax', { eax: 0x7fffffff })).toBe(CF | OF | SF | AF | PF);
    expect(statusOf('neg al', { eax: 0x80 })).toBe(CF | OF | SF);
  });

  test('MUL and DIV are each other’s inverse', () => {
    const { eax, edx } = run('mul ebx\ndiv ebx', { eax: 0x89abcdef, ebx: 0xfedcba98 });
    expect([eax, edx]).toEqual([0x89abcdef, 0]);
  });

  test.each([
    ['div bl', { eax: 0x100, ebx: 0 }],
    ['div bl', { eax: 0x100, ebx: 1 }],
    ['idiv ebx', { eax: 0x80000000 | 0, edx: -1, ebx: -1 }],
    ['aam 0', {}],
  ])('%s with a quotient that does not fit is #DE and changes nothing', (source, start) => {
    const { program, eax } = run(source, start);
    expect(program.faults[0].vector).toBe(0);
    expect(eax).toBe((start as { eax?: number }).eax === undefined ? eax : (start as { eax: number }).eax >>> 0);
  });

  test('RCL goes through the carry, SHLD brings bits in', () => {
    expect(run('rcl eax, 4', { eax: 0x10000000, eflags: CF | 2 }).eax).toBe(8);
    expect(run('shld eax, ebx, 8', { eax: 0x11223344, ebx: 0xaabbccdd }).eax).toBe(0x223344aa);
  });
});

describe('the stack', () => {
  test('PUSH ESP pushes what it was; POP into [ESP] goes where ESP is afterwards', () => {
    expect(run('push esp\npop eax').eax).toBe(STACK);
    const { program, esp } = run('push dword 12345678h\npop dword [esp]');
    expect([program.ram.read32(STACK), esp]).toEqual([0x12345678, STACK]);
  });

  test('ENTER makes a frame with a display, LEAVE takes it away', () => {
    const { ebp, esp, program } = run('enter 8, 2', { ebp: DATA });
    expect([ebp, esp]).toEqual([STACK - 4, STACK - 20]);
    expect([program.ram.read32(STACK - 4), program.ram.read32(STACK - 12)]).toEqual([DATA, STACK - 4]);
    expect(run('enter 8, 0\nleave', { ebp: DATA })).toMatchObject({ ebp: DATA, esp: STACK });
  });

  test('PUSHA and POPA', () => {
    const { eax, ebx, esp } = run('pusha\nxor eax, eax\nxor ebx, ebx\npopa', { eax: 1, ebx: 2 });
    expect([eax, ebx, esp]).toEqual([1, 2, STACK]);
  });
});

describe('addresses', () => {
  test('LEA adds base, index times scale, displacement; 16-bit addresses wrap', () => {
    expect(run('lea eax, [ebx + ecx*8 - 4]', { ebx: 0x1000, ecx: 2 }).eax).toBe(0x100c);
    expect(run('lea eax, [bx + si]', { ebx: 0xfff0, esi: 0x20 }).eax).toBe(0x10);
  });

  test('a bit string reaches beyond its operand', () => {
    const { program, eflags } = run(`bts dword [${DATA}], eax`, { eax: -1 });
    expect([program.ram.read32(DATA - 4), eflags & CF]).toEqual([0x80000000, 0]);
  });
});

describe('strings', () => {
  test('REP MOVSD copies, CLD and STD say which way', () => {
    const forward = run('mov dword [esi], 1\nmov dword [esi+4], 2\nrep movsd', { esi: DATA, edi: DATA + 64, ecx: 2 });
    expect([forward.program.ram.read32(DATA + 68), forward.esi, forward.ecx]).toEqual([2, DATA + 8, 0]);
    expect(run('movsb', { esi: DATA, edi: DATA, eflags: DF | 2 })).toMatchObject({ esi: DATA - 1, edi: DATA - 1 });
  });

  test('REPNE SCASB stops at the byte it looks for', () => {
    const { ecx, eflags } = run('mov byte [edi+2], 7\nmov al, 7\nrepne scasb', { edi: DATA, ecx: 10 });
    expect([ecx, eflags & ZF]).toEqual([7, ZF]);
  });

  test('a count of 0 does nothing, and is one step', () => {
    expect(run('rep lodsb', { esi: DATA, ecx: 0, eax: 5 })).toMatchObject({ eax: 5, esi: DATA, steps: 1 });
  });
});

describe('what is no instruction', () => {
  test.each([
    ['lock nop', 'db 0F0h, 90h'],
    ['mov cs, ax', 'db 8Eh, 0C8h'],
    ['lea eax, eax', 'db 8Dh, 0C0h'],
    ['0F FF', 'db 0Fh, 0FFh'],
    ['an SSE instruction', 'db 0Fh, 28h, 0C1h'],
  ])('%s is #UD', (_, source) => {
    expect(run(source).program.faults[0]).toMatchObject({ vector: 6, errorCode: 0, eip: 0x10000 });
  });

  test('sixteen bytes are #GP(0)', () => {
    expect(run('times 15 db 66h\nnop').program.faults[0]).toMatchObject({ vector: 13, errorCode: 0 });
  });
});

test('the upper half of an operand of 64 bits lies behind the lower one, also where 16-bit addresses end', () => {
  const program = new Program('a16 cmpxchg8b [bx]\nhlt', { ebx: 0xfffc, eax: 1, edx: 2, ecx: 4 });
  program.ram.write32(0xfffc, 1);
  program.ram.write32(0x10000, 2);
  program.cpu.s[at.eip] = 0x18000;
  program.ram.write(0x18000, [0x67, 0x0f, 0xc7, 0x0f, 0xf4]);
  program.toHalt();
  expect([program.ram.read32(0xfffc), program.ram.read32(0x10000)]).toEqual([0xfffc, 4]);
});
