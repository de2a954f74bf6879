/** XCHG, CMPXCHG, CMPXCHG8B and XADD: SDM vol 2. */
import type { Cpu } from '../cpu.ts';
import { changeFlags, setLazy } from '../flags.ts';
import { checkAlignment, effectiveAddress, modify32, store32, storeAddress } from '../memory.ts';
import { ZF } from '../registers.ts';
import { at } from '../state.ts';
import {
  destination8,
  destination16,
  destination32,
  finish8,
  finish16,
  finish32,
  type Handlers,
  type Instruction,
  signed8,
  signed16,
} from './operands.ts';

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

export const EXCHANGE: Handlers = {
  xchg8,
  xchg16,
  xchg32,
  xchgAccumulator16,
  xchgAccumulator32,
  cmpxchg8,
  cmpxchg16,
  cmpxchg32,
  cmpxchg8b,
  xadd8,
  xadd16,
  xadd32,
};
