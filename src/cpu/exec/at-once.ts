/**
 * Iterations of a repeated MOVS or STOS done at once, where between them nothing could be seen: flat segments, aligned items, and both ends of the
 * run in one page that the TLB has at hand for such accesses.
 */
import { ES } from '../../isa/insn.ts';
import type { Cpu } from '../cpu.ts';
import { DF } from '../registers.ts';
import { at, TLB_SIZE } from '../state.ts';
import type { Instruction } from './operands.ts';

/** Does at most `most` iterations, and leaves at least one for the instruction itself; returns how many it did. */
export type AtOnce = (cpu: Cpu, insn: Instruction, most: number) => number;

const PAGE_SIZE = 4096;

const slotOf = (linear: number): number => (linear >>> 12) & (TLB_SIZE - 1);
const isBackward = (cpu: Cpu): boolean => (cpu.s[at.eflags] & DF) !== 0;
const isFlat = (segments: number, segment: number): boolean => ((segments >> segment) & 1) !== 0;

/** How many items of 2^shift bytes lie between an address and the end of its page, in the direction of DF; 0 if it is no address for a quick access. */
function reach(cpu: Cpu, tags: Int32Array, linear: number, shift: number): number {
  if (tags[slotOf(linear) + cpu.translation.userSlots] !== (linear & (0xfffff000 | ((1 << shift) - 1)))) return 0;
  const inPage = linear & (PAGE_SIZE - 1);
  return (isBackward(cpu) ? inPage + (1 << shift) : PAGE_SIZE - inPage) >>> shift;
}

const physicalOf = (cpu: Cpu, linear: number): number => (cpu.translation.page[slotOf(linear)] >>> 0) + (linear & (PAGE_SIZE - 1));

/** Lowest address of `count` items that begin at `physical`. */
const lowest = (cpu: Cpu, physical: number, count: number, shift: number): number =>
  isBackward(cpu) ? physical - ((count - 1) << shift) : physical;

function advance(cpu: Cpu, register: number, count: number, shift: number): void {
  cpu.s[register] += isBackward(cpu) ? -(count << shift) : count << shift;
}

function limited(cpu: Cpu, most: number): number {
  return Math.min(most, (cpu.s[at.ecx] >>> 0) - 1);
}

function moveAtOnce(cpu: Cpu, i: Instruction, most: number, shift: number): number {
  const { s, translation } = cpu;
  if (i.mask !== -1 || !isFlat(cpu.flatRead, i.seg) || !isFlat(cpu.flatWrite, ES)) return 0;
  let count = Math.min(
    limited(cpu, most),
    reach(cpu, translation.readTag, s[at.esi], shift),
    reach(cpu, translation.writeTag, s[at.edi], shift),
  );
  if (count <= 0) return 0;
  const from = physicalOf(cpu, s[at.esi]);
  const to = physicalOf(cpu, s[at.edi]);
  // An item that is written and read again later repeats itself: no further than up to there.
  const ahead = isBackward(cpu) ? from - to : to - from;
  if (ahead > 0) count = Math.min(count, ahead >>> shift);
  if (count === 0) return 0;
  const first = lowest(cpu, from, count, shift);
  cpu.memory.bytes.copyWithin(lowest(cpu, to, count, shift), first, first + (count << shift));
  advance(cpu, at.esi, count, shift);
  advance(cpu, at.edi, count, shift);
  s[at.ecx] -= count;
  return count;
}

function fillAtOnce(cpu: Cpu, i: Instruction, most: number, shift: number, view: Uint8Array | Uint16Array | Int32Array): number {
  const { s } = cpu;
  if (i.mask !== -1 || !isFlat(cpu.flatWrite, ES)) return 0;
  const count = Math.min(limited(cpu, most), reach(cpu, cpu.translation.writeTag, s[at.edi], shift));
  if (count <= 0) return 0;
  const first = lowest(cpu, physicalOf(cpu, s[at.edi]), count, shift) >>> shift;
  view.fill(s[at.eax], first, first + count);
  advance(cpu, at.edi, count, shift);
  s[at.ecx] -= count;
  return count;
}

export const AT_ONCE: Readonly<Record<string, AtOnce | undefined>> = {
  movs8: (cpu, i, most) => moveAtOnce(cpu, i, most, 0),
  movs16: (cpu, i, most) => moveAtOnce(cpu, i, most, 1),
  movs32: (cpu, i, most) => moveAtOnce(cpu, i, most, 2),
  stos8: (cpu, i, most) => fillAtOnce(cpu, i, most, 0, cpu.memory.bytes),
  stos16: (cpu, i, most) => fillAtOnce(cpu, i, most, 1, cpu.memory.words),
  stos32: (cpu, i, most) => fillAtOnce(cpu, i, most, 2, cpu.memory.dwords),
};
