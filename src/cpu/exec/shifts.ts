/**
 * Shifts: SDM vol 2. A masked count of 0 changes no flag, but a memory operand is written all the same. OF is defined for counts of 1; here it is what
 * the last single step would have given.
 */
import type { Cpu } from '../cpu.ts';
import { setLazy } from '../flags.ts';
import {
  count,
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

const shiftFlags = (cpu: Cpu, result: number, cf: number, of: number): void => setLazy(cpu, result, (cf << 31) | ((cf ^ of) << 30));

export function shl8(cpu: Cpu, i: Instruction): void {
  const n = count(cpu, i);
  const a = destination8(cpu, i);
  if (n === 0) {
    finish8(cpu, i, a);
    return;
  }
  const r = a << n;
  finish8(cpu, i, r);
  const cf = n > 8 ? 0 : (a >>> (8 - n)) & 1;
  shiftFlags(cpu, signed8(r), cf, cf ^ ((r >>> 7) & 1));
}

export function shr8(cpu: Cpu, i: Instruction): void {
  const n = count(cpu, i);
  const a = destination8(cpu, i);
  if (n === 0) {
    finish8(cpu, i, a);
    return;
  }
  const r = a >>> n;
  finish8(cpu, i, r);
  shiftFlags(cpu, signed8(r), (a >>> (n - 1)) & 1, (a >>> 7) & 1);
}

export function sar8(cpu: Cpu, i: Instruction): void {
  const n = count(cpu, i);
  const a = signed8(destination8(cpu, i));
  if (n === 0) {
    finish8(cpu, i, a);
    return;
  }
  const r = a >> n;
  finish8(cpu, i, r);
  shiftFlags(cpu, signed8(r), (a >> (n - 1)) & 1, 0);
}

export function shl16(cpu: Cpu, i: Instruction): void {
  const n = count(cpu, i);
  const a = destination16(cpu, i);
  if (n === 0) {
    finish16(cpu, i, a);
    return;
  }
  const r = a << n;
  finish16(cpu, i, r);
  const cf = n > 16 ? 0 : (a >>> (16 - n)) & 1;
  shiftFlags(cpu, signed16(r), cf, cf ^ ((r >>> 15) & 1));
}

export function shr16(cpu: Cpu, i: Instruction): void {
  const n = count(cpu, i);
  const a = destination16(cpu, i);
  if (n === 0) {
    finish16(cpu, i, a);
    return;
  }
  const r = a >>> n;
  finish16(cpu, i, r);
  shiftFlags(cpu, signed16(r), (a >>> (n - 1)) & 1, (a >>> 15) & 1);
}

export function sar16(cpu: Cpu, i: Instruction): void {
  const n = count(cpu, i);
  const a = signed16(destination16(cpu, i));
  if (n === 0) {
    finish16(cpu, i, a);
    return;
  }
  const r = a >> n;
  finish16(cpu, i, r);
  shiftFlags(cpu, signed16(r), (a >> (n - 1)) & 1, 0);
}

export function shl32(cpu: Cpu, i: Instruction): void {
  const n = count(cpu, i);
  const a = destination32(cpu, i);
  if (n === 0) {
    finish32(cpu, i, a);
    return;
  }
  const r = a << n;
  finish32(cpu, i, r);
  const cf = n > 32 ? 0 : (a >>> (32 - n)) & 1;
  shiftFlags(cpu, r | 0, cf, cf ^ ((r >>> 31) & 1));
}

export function shr32(cpu: Cpu, i: Instruction): void {
  const n = count(cpu, i);
  const a = destination32(cpu, i);
  if (n === 0) {
    finish32(cpu, i, a);
    return;
  }
  const r = a >>> n;
  finish32(cpu, i, r);
  shiftFlags(cpu, r | 0, (a >>> (n - 1)) & 1, (a >>> 31) & 1);
}

export function sar32(cpu: Cpu, i: Instruction): void {
  const n = count(cpu, i);
  const a = destination32(cpu, i);
  if (n === 0) {
    finish32(cpu, i, a);
    return;
  }
  const r = a >> n;
  finish32(cpu, i, r);
  shiftFlags(cpu, r | 0, (a >> (n - 1)) & 1, 0);
}

/** SHLD and SHRD take CL when `imm2` is -1, else the immediate. */
const doubleCount = (cpu: Cpu, i: Instruction): number => (i.imm2 < 0 ? cpu.b[8] : i.imm) & 31;

export function shld16(cpu: Cpu, i: Instruction): void {
  const n = doubleCount(cpu, i);
  const a = destination16(cpu, i);
  if (n === 0) {
    finish16(cpu, i, a);
    return;
  }
  const b = cpu.w[i.reg];
  const wide = (a << 16) | b;
  const r = n <= 16 ? (wide << n) >>> 16 : ((b << 16) | a) >>> (32 - n);
  const cf = n <= 16 ? (a >>> (16 - n)) & 1 : (b >>> (32 - n)) & 1;
  finish16(cpu, i, r);
  shiftFlags(cpu, signed16(r), cf, ((r ^ a) >>> 15) & 1);
}

export function shld32(cpu: Cpu, i: Instruction): void {
  const n = doubleCount(cpu, i);
  const a = destination32(cpu, i);
  if (n === 0) {
    finish32(cpu, i, a);
    return;
  }
  const r = (a << n) | (cpu.s[i.reg] >>> (32 - n));
  finish32(cpu, i, r);
  shiftFlags(cpu, r, (a >>> (32 - n)) & 1, ((r ^ a) >>> 31) & 1);
}

export function shrd16(cpu: Cpu, i: Instruction): void {
  const n = doubleCount(cpu, i);
  const a = destination16(cpu, i);
  if (n === 0) {
    finish16(cpu, i, a);
    return;
  }
  const b = cpu.w[i.reg];
  const r = n <= 16 ? ((b << 16) | a) >>> n : (((a << 16) | b) >>> (n - 16)) & 0xffff;
  const cf = n <= 16 ? (a >>> (n - 1)) & 1 : (b >>> (n - 17)) & 1;
  finish16(cpu, i, r);
  shiftFlags(cpu, signed16(r), cf, ((r ^ a) >>> 15) & 1);
}

export function shrd32(cpu: Cpu, i: Instruction): void {
  const n = doubleCount(cpu, i);
  const a = destination32(cpu, i);
  if (n === 0) {
    finish32(cpu, i, a);
    return;
  }
  const r = (a >>> n) | (cpu.s[i.reg] << (32 - n));
  finish32(cpu, i, r);
  shiftFlags(cpu, r, (a >>> (n - 1)) & 1, ((r ^ a) >>> 31) & 1);
}

export const SHIFTS: Handlers = {
  shl8,
  shr8,
  sar8,
  shl16,
  shr16,
  sar16,
  shl32,
  shr32,
  sar32,
  shld16,
  shld32,
  shrd16,
  shrd32,
};
