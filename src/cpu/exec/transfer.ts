/** Data transfer and flag instructions: SDM vol 2. */
import { Kind, SS } from '../../isa/insn.ts';
import type { Cpu } from '../cpu.ts';
import { carryFlag, changeFlags, condition, flags, setLazy, settleFlags } from '../flags.ts';
import { checkAlignment, effectiveAddress, modify32, read8, read16, read32, store32, storeAddress, write16, write32 } from '../memory.ts';
import {
  AC,
  AF,
  BLOCKED_BY_MOV_SS,
  BR,
  CF,
  DF,
  GP,
  ID,
  IF,
  IOPL,
  IOPL_SHIFT,
  NT,
  OF,
  PF,
  RF,
  SF,
  TF,
  UD,
  VIF,
  VIP,
  VM,
  ZF,
} from '../registers.ts';
import { isProtected, isVm86, loadSegment } from '../segments.ts';
import { peek, pop16, pop32, push16, push32, setStackPointer, stackMask } from '../stack.ts';
import { at, segmentAt } from '../state.ts';
import { checkVirtualFlags, isVme, loadVirtualFlags, virtualFlags } from '../vme.ts';
import {
  assign8,
  assign16,
  assign32,
  destination8,
  destination16,
  destination32,
  finish8,
  finish16,
  finish32,
  first16,
  first32,
  type Handlers,
  type Instruction,
  rm8,
  rm16,
  rm32,
  signed8,
  signed16,
  source8,
  source16,
  source32,
} from './operands.ts';

export const mov8 = (cpu: Cpu, i: Instruction): void => assign8(cpu, i, source8(cpu, i));
export const mov16 = (cpu: Cpu, i: Instruction): void => assign16(cpu, i, source16(cpu, i));
export const mov32 = (cpu: Cpu, i: Instruction): void => assign32(cpu, i, source32(cpu, i));

/** To memory always a word; to a register the operand's size, upper half zero (P6). */
export function movFromSegment16(cpu: Cpu, i: Instruction): void {
  if (i.reg > 5) cpu.raise(UD);
  const selector = cpu.s[segmentAt(i.reg)];
  if (i.mem !== 0) write16(cpu, i.seg, effectiveAddress(cpu, i), selector);
  else cpu.w[i.rm] = selector;
}
export function movFromSegment32(cpu: Cpu, i: Instruction): void {
  if (i.reg > 5) cpu.raise(UD);
  const selector = cpu.s[segmentAt(i.reg)];
  if (i.mem !== 0) write16(cpu, i.seg, effectiveAddress(cpu, i), selector);
  else cpu.s[i.rm] = selector;
}

export function movToSegment(cpu: Cpu, i: Instruction): void {
  if (i.reg > 5 || i.reg === 1) cpu.raise(UD);
  loadSegment(cpu, i.reg, rm16(cpu, i));
  if (i.reg === SS) shadowMovSs(cpu);
}

function shadowMovSs(cpu: Cpu): void {
  if ((cpu.s[at.interruptibility] & BLOCKED_BY_MOV_SS) === 0) cpu.nextShadow = BLOCKED_BY_MOV_SS;
}

export const movzxByte16 = (cpu: Cpu, i: Instruction): void => void (cpu.w[i.reg] = rm8(cpu, i));
export const movzxByte32 = (cpu: Cpu, i: Instruction): void => void (cpu.s[i.reg] = rm8(cpu, i));
export const movzxWord16 = (cpu: Cpu, i: Instruction): void => void (cpu.w[i.reg] = rm16(cpu, i));
export const movzxWord32 = (cpu: Cpu, i: Instruction): void => void (cpu.s[i.reg] = rm16(cpu, i));
export const movsxByte16 = (cpu: Cpu, i: Instruction): void => void (cpu.w[i.reg] = signed8(rm8(cpu, i)));
export const movsxByte32 = (cpu: Cpu, i: Instruction): void => void (cpu.s[i.reg] = signed8(rm8(cpu, i)));
export const movsxWord16 = (cpu: Cpu, i: Instruction): void => void (cpu.w[i.reg] = rm16(cpu, i));
export const movsxWord32 = (cpu: Cpu, i: Instruction): void => void (cpu.s[i.reg] = signed16(rm16(cpu, i)));

/** The source is read, and may fault, whether or not the condition holds. */
export function cmov16(cpu: Cpu, i: Instruction): void {
  const value = rm16(cpu, i);
  if (condition(cpu, i.cc)) cpu.w[i.reg] = value;
}
export function cmov32(cpu: Cpu, i: Instruction): void {
  const value = rm32(cpu, i);
  if (condition(cpu, i.cc)) cpu.s[i.reg] = value;
}

export const lea16 = (cpu: Cpu, i: Instruction): void => void (cpu.w[i.reg] = effectiveAddress(cpu, i));
export const lea32 = (cpu: Cpu, i: Instruction): void => void (cpu.s[i.reg] = effectiveAddress(cpu, i));

export function xchg8(cpu: Cpu, i: Instruction): void {
  const a = destination8(cpu, i);
  const b = cpu.b[i.reg];
  finish8(cpu, i, b);
  cpu.b[i.reg] = a;
}
export function xchg16(cpu: Cpu, i: Instruction): void {
  const a = destination16(cpu, i);
  const b = cpu.w[i.reg];
  finish16(cpu, i, b);
  cpu.w[i.reg] = a;
}
export function xchg32(cpu: Cpu, i: Instruction): void {
  const a = destination32(cpu, i);
  const b = cpu.s[i.reg];
  finish32(cpu, i, b);
  cpu.s[i.reg] = a;
}

/** The other register is in the opcode; `reg` was overwritten by the accumulator operand, so it is found from the row's encoding. */
const otherRegister = (i: Instruction): number => Number.parseInt(i.row.encoding, 16) & 7;
export function xchgAccumulator16(cpu: Cpu, i: Instruction): void {
  const other = otherRegister(i) * 4;
  const a = cpu.w[0];
  cpu.w[0] = cpu.w[other];
  cpu.w[other] = a;
}
export function xchgAccumulator32(cpu: Cpu, i: Instruction): void {
  const other = otherRegister(i) * 2;
  const a = cpu.s[0];
  cpu.s[0] = cpu.s[other];
  cpu.s[other] = a;
}

export function nop(): void {}

const compareCarries = (a: number, b: number, r: number): number => (~a & b) | ((~a | b) & r);

/** The destination is written in either case (SDM: it never makes a locked read without a locked write). */
export function cmpxchg8(cpu: Cpu, i: Instruction): void {
  const d = destination8(cpu, i);
  const a = cpu.b[0];
  const r = (a - d) | 0;
  const c = compareCarries(a, d, r);
  finish8(cpu, i, a === d ? cpu.b[i.reg] : d);
  if (a !== d) cpu.b[0] = d;
  setLazy(cpu, signed8(r), (c << 24) | (c & 8));
}
export function cmpxchg16(cpu: Cpu, i: Instruction): void {
  const d = destination16(cpu, i);
  const a = cpu.w[0];
  const r = (a - d) | 0;
  const c = compareCarries(a, d, r);
  finish16(cpu, i, a === d ? cpu.w[i.reg] : d);
  if (a !== d) cpu.w[0] = d;
  setLazy(cpu, signed16(r), (c << 16) | (c & 8));
}
export function cmpxchg32(cpu: Cpu, i: Instruction): void {
  const d = destination32(cpu, i);
  const a = cpu.s[at.eax];
  const r = (a - d) | 0;
  finish32(cpu, i, a === d ? cpu.s[i.reg] : d);
  if (a !== d) cpu.s[at.eax] = d;
  setLazy(cpu, r, compareCarries(a, d, r));
}

export function cmpxchg8b(cpu: Cpu, i: Instruction): void {
  const s = cpu.s;
  const address = effectiveAddress(cpu, i);
  checkAlignment(cpu, storeAddress(cpu, i.seg, address, 8), 8, s[at.cpl] === 3);
  const low = modify32(cpu, i.seg, address);
  const lowAddress = cpu.storeAddress;
  const high = modify32(cpu, i.seg, (address + 4) | 0);
  const highAddress = cpu.storeAddress;
  const same = low === s[at.eax] && high === s[at.edx];
  store32(cpu, lowAddress, same ? s[at.ebx] : low);
  store32(cpu, highAddress, same ? s[at.ecx] : high);
  if (!same) {
    s[at.eax] = low;
    s[at.edx] = high;
  }
  changeFlags(cpu, ZF, same ? ZF : 0);
}

const addCarries = (a: number, b: number, r: number): number => (a & b) | ((a | b) & ~r);

export function xadd8(cpu: Cpu, i: Instruction): void {
  const a = destination8(cpu, i);
  const b = cpu.b[i.reg];
  const r = a + b;
  const c = addCarries(a, b, r);
  if (i.mem === 0) cpu.b[i.reg] = a;
  finish8(cpu, i, r);
  if (i.mem !== 0) cpu.b[i.reg] = a;
  setLazy(cpu, signed8(r), (c << 24) | (c & 8));
}
export function xadd16(cpu: Cpu, i: Instruction): void {
  const a = destination16(cpu, i);
  const b = cpu.w[i.reg];
  const r = a + b;
  const c = addCarries(a, b, r);
  if (i.mem === 0) cpu.w[i.reg] = a;
  finish16(cpu, i, r);
  if (i.mem !== 0) cpu.w[i.reg] = a;
  setLazy(cpu, signed16(r), (c << 16) | (c & 8));
}
export function xadd32(cpu: Cpu, i: Instruction): void {
  const a = destination32(cpu, i);
  const b = cpu.s[i.reg];
  const r = (a + b) | 0;
  if (i.mem === 0) cpu.s[i.reg] = a;
  finish32(cpu, i, r);
  if (i.mem !== 0) cpu.s[i.reg] = a;
  setLazy(cpu, r, addCarries(a, b, r));
}

export function xlat(cpu: Cpu, i: Instruction): void {
  cpu.b[0] = read8(cpu, i.seg, (cpu.s[at.ebx] + cpu.b[0]) & i.mask);
}

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

const iopl = (cpu: Cpu): number => (cpu.s[at.eflags] & IOPL) >> IOPL_SHIFT;

export function pushf32(cpu: Cpu): void {
  if (isVm86(cpu) && iopl(cpu) < 3) cpu.raise(GP, 0);
  push32(cpu, flags(cpu) & ~(VM | RF));
}
export function pushf16(cpu: Cpu): void {
  const virtual = isVme(cpu);
  if (!virtual && isVm86(cpu) && iopl(cpu) < 3) cpu.raise(GP, 0);
  push16(cpu, virtual ? virtualFlags(cpu) : flags(cpu));
}

const ALWAYS_POPPED = OF | SF | ZF | AF | PF | CF | TF | DF | NT;

/** Flags that POPF and IRET may change at the present CPL and IOPL. What they may not change is kept without a fault. */
export function writableFlags(cpu: Cpu, wide: boolean): number {
  let mask = ALWAYS_POPPED | (wide ? AC | ID : 0);
  const cpl = cpu.s[at.cpl];
  if (!isProtected(cpu) || cpl <= iopl(cpu)) mask |= IF;
  if (!isVm86(cpu) && cpl === 0) mask |= IOPL;
  return mask;
}

export function popf32(cpu: Cpu): void {
  if (isVm86(cpu) && iopl(cpu) < 3) cpu.raise(GP, 0);
  const mask = writableFlags(cpu, true);
  const value = pop32(cpu);
  settleFlags(cpu);
  const cleared = isVm86(cpu) ? RF : RF | VIF | VIP;
  cpu.s[at.eflags] = (cpu.s[at.eflags] & ~(mask | cleared)) | (value & mask);
}
export function popf16(cpu: Cpu): void {
  const virtual = isVme(cpu);
  if (!virtual && isVm86(cpu) && iopl(cpu) < 3) cpu.raise(GP, 0);
  const mask = writableFlags(cpu, false);
  if (virtual) {
    checkVirtualFlags(cpu, peek(cpu, 0, 2));
    loadVirtualFlags(cpu, mask, pop16(cpu));
    return;
  }
  const value = pop16(cpu);
  changeFlags(cpu, mask, value);
}

const AH_FLAGS = SF | ZF | AF | PF | CF;
export const sahf = (cpu: Cpu): void => changeFlags(cpu, AH_FLAGS, cpu.b[1]);
export const lahf = (cpu: Cpu): void => void (cpu.b[1] = (flags(cpu) & AH_FLAGS) | 2);
/** Undocumented, and in every processor: AL becomes CF in all bits. */
export const salc = (cpu: Cpu): void => {
  cpu.b[0] = carryFlag(cpu) !== 0 ? 0xff : 0;
};
export const clc = (cpu: Cpu): void => changeFlags(cpu, CF, 0);
export const stc = (cpu: Cpu): void => changeFlags(cpu, CF, CF);
export const cmc = (cpu: Cpu): void => changeFlags(cpu, CF, carryFlag(cpu) ^ CF);
export const cld = (cpu: Cpu): void => changeFlags(cpu, DF, 0);
export const std = (cpu: Cpu): void => changeFlags(cpu, DF, DF);

const LOADED: Readonly<Record<string, number>> = { LES: 0, LSS: 2, LDS: 3, LFS: 4, LGS: 5 };

export function loadFar16(cpu: Cpu, i: Instruction): void {
  const address = effectiveAddress(cpu, i);
  const offset = read16(cpu, i.seg, address);
  loadSegment(cpu, LOADED[i.row.mnemonic], read16(cpu, i.seg, (address + 2) & i.mask));
  cpu.w[i.reg] = offset;
}
export function loadFar32(cpu: Cpu, i: Instruction): void {
  const address = effectiveAddress(cpu, i);
  const offset = read32(cpu, i.seg, address);
  loadSegment(cpu, LOADED[i.row.mnemonic], read16(cpu, i.seg, (address + 4) & i.mask));
  cpu.s[i.reg] = offset;
}

export function bound16(cpu: Cpu, i: Instruction): void {
  const address = effectiveAddress(cpu, i);
  const index = signed16(cpu.w[i.reg]);
  const lower = signed16(read16(cpu, i.seg, address));
  const upper = signed16(read16(cpu, i.seg, (address + 2) & i.mask));
  if (index < lower || index > upper) cpu.raise(BR);
}
export function bound32(cpu: Cpu, i: Instruction): void {
  const address = effectiveAddress(cpu, i);
  const index = cpu.s[i.reg];
  const lower = read32(cpu, i.seg, address);
  const upper = read32(cpu, i.seg, (address + 4) & i.mask);
  if (index < lower || index > upper) cpu.raise(BR);
}

export function arpl(cpu: Cpu, i: Instruction): void {
  if (!isProtected(cpu)) cpu.raise(UD);
  const a = destination16(cpu, i);
  const rpl = cpu.w[i.reg] & 3;
  const lower = (a & 3) < rpl;
  finish16(cpu, i, lower ? (a & ~3) | rpl : a);
  changeFlags(cpu, ZF, lower ? ZF : 0);
}

export const TRANSFER: Handlers = {
  mov8,
  mov16,
  mov32,
  movFromSegment16,
  movFromSegment32,
  movToSegment,
  movzxByte16,
  movzxByte32,
  movzxWord16,
  movzxWord32,
  movsxByte16,
  movsxByte32,
  movsxWord16,
  movsxWord32,
  cmov16,
  cmov32,
  lea16,
  lea32,
  xchg8,
  xchg16,
  xchg32,
  xchgAccumulator16,
  xchgAccumulator32,
  nop,
  cmpxchg8,
  cmpxchg16,
  cmpxchg32,
  cmpxchg8b,
  xadd8,
  xadd16,
  xadd32,
  xlat,
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
  pushf16,
  pushf32,
  popf16,
  popf32,
  sahf,
  salc,
  lahf,
  clc,
  stc,
  cmc,
  cld,
  std,
  loadFar16,
  loadFar32,
  bound16,
  bound32,
  arpl,
};
