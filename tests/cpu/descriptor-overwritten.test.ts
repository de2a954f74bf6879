/** A stack that lies over the descriptor of the code that is called: what was read and checked counts, not what the pushes made of it. */
import { expect, test } from 'vitest';
import { setSegment } from '../../src/cpu/segments.ts';
import { at } from '../../src/cpu/state.ts';
import { GDT, HANDLERS, Program } from './program.ts';

const CODE_SELECTOR = 8;

test.each([
  ['an interrupt', 'int 40h', HANDLERS + 0x40],
  ['a far call', 'call 8:42040h', HANDLERS + 0x40],
  ['a call gate', 'call 20h:0', HANDLERS + 0x40],
])('%s', (_, source, eip) => {
  const program = new Program(source);
  const { cpu, ram } = program;
  cpu.s[at.gdtrLimit] = 0x27;
  setSegment(cpu, 1, 0x18, 0, -1, 0xc09b);
  ram.write32(GDT + 0x18, 0x0000ffff);
  ram.write32(GDT + 0x1c, 0x00cf9b00);
  ram.write32(GDT + 0x20, (CODE_SELECTOR << 16) | (eip & 0xffff));
  ram.write32(GDT + 0x24, (eip & 0xffff0000) | 0x8c00);
  cpu.s[at.esp] = GDT + 16;
  program.step();
  expect(program.faults).toEqual([]);
  expect(ram.read32(GDT + 12)).not.toBe(0x00cf9b00);
  expect([program.eip, cpu.s[at.csSelector], cpu.s[at.csRights], cpu.s[at.csLimit]]).toEqual([eip, CODE_SELECTOR, 0xc09b, -1]);
});
