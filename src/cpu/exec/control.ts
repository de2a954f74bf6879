/** Jumps, calls, returns, interrupts by instruction: SDM vol 2. */
import { Kind, SS } from '../../isa/insn.ts';
import type { Cpu } from '../cpu.ts';
import { callFar, interruptReturn, jumpFar, returnFar } from '../far.ts';
import { condition, flags } from '../flags.ts';
import { deliver, PRIVILEGED_SOFTWARE, SOFTWARE_EXCEPTION, SOFTWARE_INT } from '../interrupts.ts';
import { effectiveAddress, probeWrite, read16, read32, storeAddress, write16, write32 } from '../memory.ts';
import { BP, DB, GP, OF, OFV, UD } from '../registers.ts';
import { isVm86 } from '../segments.ts';
import { ABANDONED, INEXACT } from '../signals.ts';
import { peek, push16, push32, setStackPointer, stackMask } from '../stack.ts';
import { at } from '../state.ts';
import { redirectInterrupt, requireInterruptIopl } from '../vme.ts';
import { type Handlers, type Instruction, rm16, rm32 } from './operands.ts';

/** A near target; #GP(0) beyond the code segment, before anything changes. */
function jumpTo(cpu: Cpu, target: number): void {
  if (target >>> 0 > cpu.s[at.csLimit] >>> 0) cpu.raise(GP, 0);
  cpu.s[at.eip] = target;
}

const near16 = (cpu: Cpu, i: Instruction): number => (cpu.s[at.eip] + i.imm) & 0xffff;
const near32 = (cpu: Cpu, i: Instruction): number => (cpu.s[at.eip] + i.imm) | 0;

export const jmp16 = (cpu: Cpu, i: Instruction): void => jumpTo(cpu, near16(cpu, i));
export const jmp32 = (cpu: Cpu, i: Instruction): void => jumpTo(cpu, near32(cpu, i));
export const jmpNear16 = (cpu: Cpu, i: Instruction): void => jumpTo(cpu, rm16(cpu, i));
export const jmpNear32 = (cpu: Cpu, i: Instruction): void => jumpTo(cpu, rm32(cpu, i));

export function jcc16(cpu: Cpu, i: Instruction): void {
  if (condition(cpu, i.cc)) jumpTo(cpu, near16(cpu, i));
}
export function jcc32(cpu: Cpu, i: Instruction): void {
  if (condition(cpu, i.cc)) jumpTo(cpu, near32(cpu, i));
}

/** LOOP counts in ECX or CX by address size; a target that faults leaves the count alone. */
function loopWhile(cpu: Cpu, i: Instruction, holds: boolean, target: number): void {
  const left = (cpu.s[at.ecx] - 1) & i.mask;
  if (left !== 0 && holds) jumpTo(cpu, target);
  if (i.mask === -1) cpu.s[at.ecx] = left;
  else cpu.w[at.ecx * 2] = left;
}
const ZERO = 4;
export const loop16 = (cpu: Cpu, i: Instruction): void => loopWhile(cpu, i, true, near16(cpu, i));
export const loop32 = (cpu: Cpu, i: Instruction): void => loopWhile(cpu, i, true, near32(cpu, i));
export const loope16 = (cpu: Cpu, i: Instruction): void => loopWhile(cpu, i, condition(cpu, ZERO), near16(cpu, i));
export const loope32 = (cpu: Cpu, i: Instruction): void => loopWhile(cpu, i, condition(cpu, ZERO), near32(cpu, i));
export const loopne16 = (cpu: Cpu, i: Instruction): void => loopWhile(cpu, i, !condition(cpu, ZERO), near16(cpu, i));
export const loopne32 = (cpu: Cpu, i: Instruction): void => loopWhile(cpu, i, !condition(cpu, ZERO), near32(cpu, i));

export function jcxz16(cpu: Cpu, i: Instruction): void {
  if ((cpu.s[at.ecx] & i.mask) === 0) jumpTo(cpu, near16(cpu, i));
}
export function jcxz32(cpu: Cpu, i: Instruction): void {
  if ((cpu.s[at.ecx] & i.mask) === 0) jumpTo(cpu, near32(cpu, i));
}

function callBeyond(cpu: Cpu, size: number): never {
  const before = cpu.s[at.esp];
  if (cpu.profile.habits.likeBochs) {
    if (size === 4) push32(cpu, cpu.s[at.eip]);
    else push16(cpu, cpu.s[at.eip]);
    cpu.s[at.esp] = before;
  }
  return cpu.raise(GP, 0);
}

function callTo(cpu: Cpu, target: number, size: number): void {
  if (target >>> 0 > cpu.s[at.csLimit] >>> 0) callBeyond(cpu, size);
  if (size === 4) push32(cpu, cpu.s[at.eip]);
  else push16(cpu, cpu.s[at.eip]);
  cpu.s[at.eip] = target;
}
export const call16 = (cpu: Cpu, i: Instruction): void => callTo(cpu, near16(cpu, i), 2);
export const call32 = (cpu: Cpu, i: Instruction): void => callTo(cpu, near32(cpu, i), 4);
export const callNear16 = (cpu: Cpu, i: Instruction): void => callTo(cpu, rm16(cpu, i), 2);
export const callNear32 = (cpu: Cpu, i: Instruction): void => callTo(cpu, rm32(cpu, i), 4);

export function ret16(cpu: Cpu, i: Instruction): void {
  jumpTo(cpu, peek(cpu, 0, 2));
  setStackPointer(cpu, cpu.s[at.esp] + 2 + i.imm);
}
export function ret32(cpu: Cpu, i: Instruction): void {
  jumpTo(cpu, peek(cpu, 0, 4));
  setStackPointer(cpu, cpu.s[at.esp] + 4 + i.imm);
}

/** Selector and offset of a far operand: immediate, or in memory. */
function far(cpu: Cpu, i: Instruction, go: (cpu: Cpu, selector: number, offset: number, size: number) => void): void {
  const size = i.operandSize >> 3;
  if (i.dst !== Kind.E) {
    go(cpu, i.imm2, i.imm, size);
    return;
  }
  const address = effectiveAddress(cpu, i);
  const offset = size === 4 ? read32(cpu, i.seg, address) : read16(cpu, i.seg, address);
  go(cpu, read16(cpu, i.seg, (address + size) & i.mask), offset, size);
}
export const jmpFar16 = (cpu: Cpu, i: Instruction): void => far(cpu, i, jumpFar);
export const jmpFar32 = jmpFar16;
export const callFar16 = (cpu: Cpu, i: Instruction): void => far(cpu, i, callFar);
export const callFar32 = callFar16;
export const retFar16 = (cpu: Cpu, i: Instruction): void => returnFar(cpu, 2, i.imm);
export const retFar32 = (cpu: Cpu, i: Instruction): void => returnFar(cpu, 4, i.imm);
export const iret16 = (cpu: Cpu): void => interruptReturn(cpu, 2);
export const iret32 = (cpu: Cpu): void => interruptReturn(cpu, 4);

/** ENTER: SDM vol 2; nested levels copy the display. What it pushes may lie over the display it has yet to read, so it must not begin twice. */
function enter(cpu: Cpu, i: Instruction, size: number): void {
  const s = cpu.s;
  const level = i.imm2 & 31;
  if (level > 1 && !cpu.exact) throw INEXACT;
  const mask = stackMask(cpu);
  const wide = size === 4;
  const write = (pointer: number, value: number) =>
    wide ? write32(cpu, SS, pointer & mask, value) : write16(cpu, SS, pointer & mask, value);
  let pointer = s[at.esp] - size;
  write(pointer, s[at.ebp]);
  const frame = (s[at.esp] & ~mask) | (pointer & mask);
  for (let k = 1; k < level; k++) {
    const from = (s[at.ebp] - size * k) & mask;
    pointer -= size;
    write(pointer, wide ? read32(cpu, SS, from) : read16(cpu, SS, from));
  }
  if (level > 0) {
    pointer -= size;
    write(pointer, frame);
  }
  const final = (pointer - i.imm) & mask;
  if (wide) {
    probeWrite(cpu, storeAddress(cpu, SS, final, 4), 4);
    s[at.ebp] = frame;
  } else {
    probeWrite(cpu, storeAddress(cpu, SS, final, 2), 2);
    cpu.w[at.ebp * 2] = frame;
  }
  setStackPointer(cpu, final);
}
export const enter16 = (cpu: Cpu, i: Instruction): void => enter(cpu, i, 2);
export const enter32 = (cpu: Cpu, i: Instruction): void => enter(cpu, i, 4);

export function leave16(cpu: Cpu): void {
  const pointer = cpu.s[at.ebp] & stackMask(cpu);
  const value = read16(cpu, SS, pointer);
  setStackPointer(cpu, pointer + 2);
  cpu.w[at.ebp * 2] = value;
}
export function leave32(cpu: Cpu): void {
  const pointer = cpu.s[at.ebp] & stackMask(cpu);
  const value = read32(cpu, SS, pointer);
  setStackPointer(cpu, pointer + 4);
  cpu.s[at.ebp] = value;
}

/** An exception that an instruction asks for: in guest mode it may exit instead. */
function trap(cpu: Cpu, i: Instruction, vector: number, kind: number): void {
  const { s } = cpu;
  if (s[at.guest] !== 0 && kind !== SOFTWARE_INT && cpu.virt !== null) {
    const behind = s[at.eip];
    s[at.eip] = (behind - i.length) | 0;
    if (cpu.virt.exception(cpu, vector, 0, false, kind, i.length)) throw ABANDONED;
    s[at.eip] = behind;
  }
  deliver(cpu, vector, 0, false, kind, i.length, s[at.eip], flags(cpu));
}

export const int3 = (cpu: Cpu, i: Instruction): void => trap(cpu, i, BP, SOFTWARE_EXCEPTION);
export const int1 = (cpu: Cpu, i: Instruction): void => trap(cpu, i, DB, PRIVILEGED_SOFTWARE);
export function into(cpu: Cpu, i: Instruction): void {
  if ((flags(cpu) & OF) !== 0) trap(cpu, i, OFV, SOFTWARE_EXCEPTION);
}
export function int(cpu: Cpu, i: Instruction): void {
  if (isVm86(cpu) && redirectInterrupt(cpu, i.imm)) return;
  requireInterruptIopl(cpu);
  trap(cpu, i, i.imm, SOFTWARE_INT);
}

export const ud2 = (cpu: Cpu): void => cpu.raise(UD);

export const CONTROL: Handlers = {
  jmp16,
  jmp32,
  jmpNear16,
  jmpNear32,
  jcc16,
  jcc32,
  loop16,
  loop32,
  loope16,
  loope32,
  loopne16,
  loopne32,
  jcxz16,
  jcxz32,
  call16,
  call32,
  callNear16,
  callNear32,
  ret16,
  ret32,
  jmpFar16,
  jmpFar32,
  callFar16,
  callFar32,
  retFar16,
  retFar32,
  iret16,
  iret32,
  enter16,
  enter32,
  leave16,
  leave32,
  int3,
  int1,
  into,
  int,
  ud2,
};
