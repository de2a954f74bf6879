/** #AC whose delivery raises #AC: a real processor never ends it, and here it is a step. */
import { expect, test } from 'vitest';
import { AC, CR0_AM, CR0_PE } from '../../src/cpu/registers.ts';
import { setCpl, setSegment } from '../../src/cpu/segments.ts';
import { at } from '../../src/cpu/state.ts';
import { CODE, GDT, IDT, Program } from './program.ts';

const CONFORMING = 0x00cf9f00;
const gate = (selector: number, offset: number): [number, number] => [(selector << 16) | (offset & 0xffff), (offset & 0xffff0000) | 0xee00];

/** At CPL 3 with alignment checks, the stack at an odd address, and handlers that stay at CPL 3. */
function misaligned(gateOf17: [number, number]): Program {
  const program = new Program('mov eax, [30001h]');
  const { cpu, ram } = program;
  ram.write32(GDT + 8, 0x0000ffff);
  ram.write32(GDT + 12, CONFORMING);
  for (let vector = 0; vector < 32; vector++) {
    const [low, high] = vector === 17 ? gateOf17 : gate(8, CODE);
    ram.write32(IDT + 8 * vector, low);
    ram.write32(IDT + 8 * vector + 4, high);
  }
  setSegment(cpu, 1, 0x0b, 0, -1, 0xc09f);
  for (const segment of [0, 2, 3, 4, 5]) setSegment(cpu, segment, 0x13, 0, -1, 0xc0f3);
  cpu.s[at.cr0] = CR0_PE | CR0_AM | 0x10;
  cpu.s[at.esp] = 0x20001;
  cpu.s[at.eflags] |= AC;
  setCpl(cpu, 3);
  return program;
}

test.each([
  ['by itself', gate(8, CODE)],
  ['by way of the gate, which is no gate', [0, 0] as [number, number]],
])('%s', (_, gateOf17) => {
  const program = misaligned(gateOf17);
  expect(program.step(3)).toBe('limit');
  expect([program.eip, program.steps, program.cpu.s[at.cpl]]).toEqual([CODE, 3, 3]);
  program.cpu.s[at.esp] = 0x20000;
  if (gateOf17[0] !== 0) program.step();
  expect(program.faults.every(({ vector }) => vector === 17 || vector === 13)).toBe(true);
});
