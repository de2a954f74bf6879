/** The stack: SDM vol 1, 6.2. Its width follows SS.B, not the operand size. */
import { SS } from '../isa/insn.ts';
import type { Cpu } from './cpu.ts';
import { read16, read32, withinLimit, write16, write32, writeAs32, writeLinear } from './memory.ts';
import { RIGHTS_DB, SSV } from './registers.ts';
import { at } from './state.ts';

export const stackMask = (cpu: Cpu): number => ((cpu.s[at.ssRights] & RIGHTS_DB) !== 0 ? -1 : 0xffff);

/** ESP, of which only SP changes when SS.B is 0. */
export function setStackPointer(cpu: Cpu, value: number): void {
  const s = cpu.s;
  if ((s[at.ssRights] & RIGHTS_DB) !== 0) s[at.esp] = value;
  else s[at.esp] = (s[at.esp] & 0xffff0000) | (value & 0xffff);
}

export const stackPointer = (cpu: Cpu): number => cpu.s[at.esp] & stackMask(cpu);

export function push16(cpu: Cpu, value: number): void {
  const pointer = (cpu.s[at.esp] - 2) & stackMask(cpu);
  write16(cpu, SS, pointer, value);
  setStackPointer(cpu, pointer);
}

export function push32(cpu: Cpu, value: number): void {
  const pointer = (cpu.s[at.esp] - 4) & stackMask(cpu);
  write32(cpu, SS, pointer, value);
  setStackPointer(cpu, pointer);
}

/** Pushes all or, when one of them faults, none as far as the stack pointer tells. */
export function pushTogether(cpu: Cpu, size: number, first: number, second: number, third?: number): void {
  const before = cpu.s[at.esp];
  const push = size === 4 ? push32 : push16;
  try {
    push(cpu, first);
    push(cpu, second);
    if (third !== undefined) push(cpu, third);
  } catch (signal) {
    cpu.s[at.esp] = before;
    throw signal;
  }
}

export function pop16(cpu: Cpu): number {
  const pointer = stackPointer(cpu);
  const value = read16(cpu, SS, pointer);
  setStackPointer(cpu, pointer + 2);
  return value;
}

export function pop32(cpu: Cpu): number {
  const pointer = stackPointer(cpu);
  const value = read32(cpu, SS, pointer);
  setStackPointer(cpu, pointer + 4);
  return value;
}

/** Reads `index` items above the stack pointer without moving it. */
export const peek = (cpu: Cpu, offset: number, size: number): number =>
  size === 4
    ? read32(cpu, SS, (stackPointer(cpu) + offset) & stackMask(cpu))
    : read16(cpu, SS, (stackPointer(cpu) + offset) & stackMask(cpu));

/** A stack that is not in SS yet, for gates: pushes are checked against its descriptor and move a pointer of their own. */
export class NewStack {
  base = 0;
  limit = 0;
  rights = 0;
  pointer = 0;
  user = false;
  /** Error code of #SS when there is no room. */
  error = 0;

  set(base: number, limit: number, rights: number, pointer: number, error: number): void {
    this.base = base;
    this.limit = limit;
    this.rights = rights;
    this.pointer = pointer;
    this.error = error;
  }

  /** The stack that is in SS already. */
  setPresent(cpu: Cpu, error: number): void {
    const { s } = cpu;
    this.set(s[at.ssBase], s[at.ssLimit], s[at.ssRights], stackPointer(cpu), error);
    this.user = s[at.cpl] === 3;
  }

  private mask(): number {
    return (this.rights & RIGHTS_DB) !== 0 ? -1 : 0xffff;
  }

  /** #SS when `count` items of `size` bytes do not fit. The pointer may go round through 0, an item may not. */
  need(cpu: Cpu, count: number, size: number): void {
    const mask = this.mask();
    for (let k = 1; k <= count; k++)
      if (!withinLimit((this.pointer - k * size) & mask, size, this.limit, this.rights)) cpu.raise(SSV, this.error);
  }

  push(cpu: Cpu, value: number, size: number): void {
    this.pointer = (this.pointer - size) & this.mask();
    if (size === 4) writeAs32(cpu, (this.base + this.pointer) | 0, value, this.user);
    else writeLinear(cpu, (this.base + this.pointer) | 0, size, value, this.user);
  }
}

export const newStack = new NewStack();
