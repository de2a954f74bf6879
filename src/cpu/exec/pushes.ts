/** PUSH and POP, of registers, of segment registers and of all: SDM vol 2. */
import { Kind, SS } from '../../isa/insn.ts';
import type { Cpu } from '../cpu.ts';
import { effectiveAddress, write16, write32 } from '../memory.ts';
import { loadSegment } from '../segments.ts';
import { peek, push16, push32, setStackPointer, stackMask } from '../stack.ts';
import { at, segmentAt } from '../state.ts';
import { assign16, assign32, first16, first32, type Handlers, type Instruction } from './operands.ts';
import { shadowMovSs } from './transfer.ts';

export const push16_ = (cpu: Cpu, i: Instruction): void => push16(cpu, first16(cpu, i));
export const push32_ = (cpu: Cpu, i: Instruction): void => push32(cpu, first32(cpu, i));

/** A destination in memory that is addressed by ESP is found with ESP as it is after the pop. */
export function pop16_(cpu: Cpu, i: Instruction): void {
  const before = cpu.s[at.esp];
  const value = peek(cpu, 0, 2);
  if (i.dst === Kind.G || i.mem === 0) {
    setStackPointer(cpu, before + 2);
    assign16(cpu, i, value);
    return;
  }
  storeAfterPop(cpu, before, 2, () => write16(cpu, i.seg, effectiveAddress(cpu, i), value));
}
export function pop32_(cpu: Cpu, i: Instruction): void {
  const before = cpu.s[at.esp];
  const value = peek(cpu, 0, 4);
  if (i.dst === Kind.G || i.mem === 0) {
    setStackPointer(cpu, before + 4);
    assign32(cpu, i, value);
    return;
  }
  storeAfterPop(cpu, before, 4, () => write32(cpu, i.seg, effectiveAddress(cpu, i), value));
}

function storeAfterPop(cpu: Cpu, before: number, size: number, store: () => void): void {
  setStackPointer(cpu, before + size);
  try {
    store();
  } catch (signal) {
    cpu.s[at.esp] = before;
    throw signal;
  }
}

/** A selector pushed with a 32-bit operand writes a doubleword with an upper half of 0 (docs/deviations.md). */
export const pushSegment16 = (cpu: Cpu, i: Instruction): void => push16(cpu, cpu.s[segmentAt(i.reg)]);
export const pushSegment32 = (cpu: Cpu, i: Instruction): void => push32(cpu, cpu.s[segmentAt(i.reg)]);

export const popSegment16 = (cpu: Cpu, i: Instruction): void => popSegment(cpu, i, 2);
export const popSegment32 = (cpu: Cpu, i: Instruction): void => popSegment(cpu, i, 4);
function popSegment(cpu: Cpu, i: Instruction, size: number): void {
  const selector = peek(cpu, 0, size) & 0xffff;
  const mask = stackMask(cpu);
  const esp = (cpu.s[at.esp] & ~mask) | ((cpu.s[at.esp] + size) & mask);
  loadSegment(cpu, i.reg, selector);
  cpu.s[at.esp] = esp;
  if (i.reg === SS) shadowMovSs(cpu);
}

const ORDER = [at.eax, at.ecx, at.edx, at.ebx, at.esp, at.ebp, at.esi, at.edi];

export function pusha32(cpu: Cpu): void {
  const top = cpu.s[at.esp];
  const mask = stackMask(cpu);
  for (let k = 0; k < 8; k++) write32(cpu, SS, (top - 4 * (k + 1)) & mask, cpu.s[ORDER[k]]);
  setStackPointer(cpu, top - 32);
}
export function pusha16(cpu: Cpu): void {
  const top = cpu.s[at.esp];
  const mask = stackMask(cpu);
  for (let k = 0; k < 8; k++) write16(cpu, SS, (top - 2 * (k + 1)) & mask, cpu.s[ORDER[k]]);
  setStackPointer(cpu, top - 16);
}

const popped = new Int32Array(8);
export function popa32(cpu: Cpu): void {
  for (let k = 7; k >= 0; k--) {
    popped[k] = peek(cpu, 4 * (7 - k), 4);
    if (cpu.profile.habits.popaLoadsAsItReads && k !== 4) cpu.s[ORDER[k]] = popped[k];
  }
  setStackPointer(cpu, cpu.s[at.esp] + 32);
  for (let k = 0; k < 8; k++) if (k !== 4) cpu.s[ORDER[k]] = popped[k];
}
export function popa16(cpu: Cpu): void {
  for (let k = 7; k >= 0; k--) {
    popped[k] = peek(cpu, 2 * (7 - k), 2);
    if (cpu.profile.habits.popaLoadsAsItReads && k !== 4) cpu.w[ORDER[k] * 2] = popped[k];
  }
  setStackPointer(cpu, cpu.s[at.esp] + 16);
  for (let k = 0; k < 8; k++) if (k !== 4) cpu.w[ORDER[k] * 2] = popped[k];
}

export const PUSHES: Handlers = {
  push16: push16_,
  push32: push32_,
  pop16: pop16_,
  pop32: pop32_,
  pushSegment16,
  pushSegment32,
  popSegment16,
  popSegment32,
  pusha16,
  pusha32,
  popa16,
  popa32,
};
