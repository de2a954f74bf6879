/** What the loop calls by name is what stands in the record: a program of all of it, at full speed and step by step. */
import { expect, test } from 'vitest';
import { bind } from '../../src/cpu/blocks.ts';
import { DIRECT } from '../../src/cpu/direct.ts';
import { flags } from '../../src/cpu/flags.ts';
import { at } from '../../src/cpu/state.ts';
import { decode } from '../../src/isa/decode.ts';
import { Insn } from '../../src/isa/insn.ts';
import { CODE, DATA, Program, REGISTERS } from './program.ts';

const CASES: Readonly<Record<string, string>> = {
  mov: 'mov eax, ebx\nmov edx, 12345678h',
  load: 'mov eax, [esi + 4]',
  store: 'mov [esi], ebx\nmov dword [esi + 4], 7',
  add: 'add eax, ebx\nadd ecx, 80000000h',
  sub: 'sub eax, ebx\nsub ecx, 80000000h',
  cmp: 'cmp eax, ebx',
  and: 'and eax, ebx',
  or: 'or eax, ebx',
  xor: 'xor eax, ebx',
  test: 'test eax, ebx',
  inc: 'inc eax',
  dec: 'dec eax',
  shl: 'shl eax, 3',
  shr: 'shr eax, 3',
  sar: 'sar eax, 3\nsar ecx, 31',
  lea: 'lea eax, [ebx + ecx*4 + 5]',
  push: 'push ebx\npush 7',
  pop: 'pop eax',
  jcc: 'jz .there\ninc ebx\n.there:',
  jmp: 'jmp .there\ninc ebx\n.there:',
  call: 'call .there\ninc ebx\n.there:',
  ret: 'push .there\nret\ninc ebx\n.there:',
  movzx: 'movzx eax, byte [esi]',
  'mov byte': 'mov al, bh\nmov [esi], cl',
};

const start = { eax: 0x80000001 | 0, ebx: 0x7fffff00, ecx: 0x12345688, esi: DATA };
const state = ({ cpu, ram }: Program): unknown => [
  REGISTERS.map((name) => cpu.s[at[name]]),
  flags(cpu),
  ram.read32(DATA),
  ram.read32(DATA + 4),
  cpu.steps,
];

test.each(Object.entries(CASES))('%s', (_, source) => {
  const program = `${source}\npushfd\npop edx\nhlt`;
  const fast = new Program(program, start).toHalt();
  const slow = new Program(program, start);
  while (slow.steps < fast.steps) slow.step();
  expect(state(fast)).toEqual(state(slow));
});

test('all of them are in one of the cases', () => {
  const seen = new Set<unknown>();
  for (const source of Object.values(CASES)) {
    const { cpu, ram, size } = new Program(source);
    for (let place = CODE; place < CODE + size; ) {
      const insn = new Insn<typeof cpu>();
      decode(insn, ram.bytes, place, CODE + size, true);
      bind(cpu, insn);
      if (insn.direct > 0) seen.add(insn.exec);
      place += insn.length;
    }
  }
  expect(DIRECT.filter((handler) => !seen.has(handler)).map(({ name }) => name)).toEqual([]);
});

test('ENTER that ends outside RAM, and whose pushes lie over the display it reads', () => {
  const source = 'nop\nenter 0ffffh, 8\nmov esp, 20000h\nhlt';
  const registers = { esp: 0x108, ebp: 0xf0 };
  const display = ({ ram }: Program): number[] => Array.from({ length: 32 }, (_, k) => ram.read32(0x90 + 4 * k));
  const begun = () => {
    const program = new Program(source, registers);
    for (let k = 0; k < 32; k++) program.ram.write32(0x90 + 4 * k, 0x1000 + k);
    return program;
  };
  const fast = begun().toHalt();
  const slow = begun();
  while (slow.steps < fast.steps) slow.step();
  expect(display(fast)).toEqual(display(slow));
});
