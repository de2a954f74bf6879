/** What is said of selectors, held against what the processor does with as many of them as there are kinds of descriptors. */
import { expect, test } from 'vitest';
import type { Cpu } from '../../src/cpu/cpu.ts';
import { NT, SSV } from '../../src/cpu/registers.ts';
import { setCpl, setSegment } from '../../src/cpu/segments.ts';
import { at, LDTR, TR } from '../../src/cpu/state.ts';
import { decode } from '../../src/isa/decode.ts';
import { Insn } from '../../src/isa/insn.ts';
import { selectorRules } from '../../src/session/why/selectors.ts';
import { CODE, GDT, Program, STACK } from '../cpu/program.ts';
import { Random } from '../support/random.ts';

const NP = 11;
const GP = 13;
/** Entries of the GDT: null, those of `Program`, then all sorts. */
const ENTRIES = 64;
const FIRST = 8;
/** Where the stacks of the inner rings would be. */
const TSS = 0x43000;

const SOURCES = [
  'mov ds, ax',
  'mov es, [30000h]',
  'mov ss, ax',
  'pop fs',
  'pop ss',
  'jmp AX:0',
  'jmp AX:50000h',
  'call AX:0',
  'retf',
  'retf 8',
  'o16 retf',
  'iretd',
  'iretw',
];

/** A descriptor of any type, with a limit of 4 GiB or of 64 KiB; a gate leads to any of the table. */
function descriptor(random: Random): readonly [low: number, high: number] {
  const rights = (random.oneIn(4) ? 0 : 0x80) | (random.below(4) << 5) | random.below(32);
  if ((rights & 0x17) === 4) return [((8 * random.below(ENTRIES)) << 16) | 0x100, rights << 8];
  return [0xffff, (rights << 8) | (random.oneIn(2) ? 0xcf0000 : 0x400000)];
}

const selectorOf = (random: Random): number => (random.oneIn(12) ? random.below(4) : 8 * random.below(ENTRIES + 2) + random.below(4));

function bench(source: string, random: Random, cpl: number): Program {
  const selector = selectorOf(random);
  const program = new Program(source.replace('AX', String(selector)), { eax: selector });
  const { cpu, ram } = program;
  const { s } = cpu;
  ram.write32(0x30000, selector);
  for (let entry = FIRST; entry < ENTRIES; entry++) {
    const [low, high] = descriptor(random);
    ram.write32(GDT + 8 * entry, low);
    ram.write32(GDT + 8 * entry + 4, high);
  }
  s[at.gdtrLimit] = 8 * ENTRIES - 1;
  setSegment(cpu, TR, 0x18, TSS, 0x67, 0x8b);
  setSegment(cpu, LDTR, 0, 0, 0, 0x10000);
  setSegment(cpu, 1, 8 | cpl, 0, -1, 0xc09b | (cpl << 5));
  for (const segment of [0, 2, 3, 4, 5]) setSegment(cpu, segment, 0x10 | cpl, 0, -1, 0xc093 | (cpl << 5));
  setCpl(cpu, cpl);
  s[at.esp] = STACK;
  const outer = selectorOf(random);
  const size = source.startsWith('o16') || source.endsWith('w') ? 2 : 4;
  const frame = source.startsWith('pop') ? [selector] : [0x100, selector, 2, 0x5000, outer, outer, outer];
  if (source.startsWith('retf')) frame.splice(2, 1, ...(source === 'retf' ? [] : [0, 0]));
  if (source.startsWith('o16')) frame.splice(2, 1);
  for (const [k, value] of frame.entries())
    if (size === 4) ram.write32(STACK + 4 * k, value);
    else ram.write16(STACK + 2 * k, value);
  return program;
}

function said(cpu: Cpu, program: Program) {
  const insn = new Insn<Cpu>();
  expect(decode(insn, program.ram.bytes, CODE, CODE + 15, true)).toBe(true);
  const asked = selectorRules(cpu, insn);
  const failing = asked?.rules.find(({ holds }) => !holds) ?? null;
  return { asked, failing };
}

test.each(SOURCES)('%s: a check of the selector fails exactly where the processor refuses it', (source) => {
  const random = new Random(SOURCES.indexOf(source));
  const seen = new Set<string>();
  for (let round = 0; round < 200; round++) {
    const program = bench(source, random, random.below(4));
    const { cpu } = program;
    const { asked, failing } = said(cpu, program);
    program.step();
    const fault = program.faults[0];
    const where = `round ${round}: ${failing?.rule ?? 'all hold'}, ${JSON.stringify(fault)}`;
    if (asked === null) continue;
    seen.add(failing?.rule ?? '');
    if (failing === null) expect([GP, NP, SSV].includes(fault?.vector ?? -1) && fault!.errorCode !== 0, where).toBe(false);
    else if (failing.rule === 'the segment is present') expect([NP, SSV], where).toContain(fault?.vector);
    else expect([fault?.vector, fault?.errorCode], where).toEqual([asked.vector, asked.errorCode]);
  }
  expect(seen.size).toBeGreaterThan(3);
});

test('an IRET to another task is nothing that the checks of a selector explain', () => {
  const program = new Program('iretd');
  program.cpu.s[at.eflags] |= NT;
  expect(said(program.cpu, program).asked).toBeNull();
});
