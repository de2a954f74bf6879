/**
 * Rotates: SDM vol 2. A masked count of 0 changes no flag, but a memory operand is written all the same. OF is defined for counts of 1; here it is what
 * the last single step would have given.
 */
import type { Cpu } from '../cpu.ts';
import { carryFlag, changeFlags } from '../flags.ts';
import { CF, OF } from '../registers.ts';
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
} from './operands.ts';

const rotateFlags = (cpu: Cpu, cf: number, of: number): void => changeFlags(cpu, CF | OF, (cf !== 0 ? CF : 0) | (of !== 0 ? OF : 0));

export function rol8(cpu: Cpu, i: Instruction): void {
  const n = count(cpu, i);
  const a = destination8(cpu, i);
  if (n === 0) {
    finish8(cpu, i, a);
    return;
  }
  const k = n & 7;
  const r = k === 0 ? a : (a << k) | (a >>> (8 - k));
  finish8(cpu, i, r);
  rotateFlags(cpu, r & 1, (r & 1) ^ ((r >>> 7) & 1));
}

export function ror8(cpu: Cpu, i: Instruction): void {
  const n = count(cpu, i);
  const a = destination8(cpu, i);
  if (n === 0) {
    finish8(cpu, i, a);
    return;
  }
  const k = n & 7;
  const r = k === 0 ? a : (a >>> k) | (a << (8 - k));
  finish8(cpu, i, r);
  const top = (r >>> 7) & 1;
  rotateFlags(cpu, top, top ^ ((r >>> 6) & 1));
}

export function rcl8(cpu: Cpu, i: Instruction): void {
  const n = count(cpu, i) % 9;
  let r = destination8(cpu, i);
  if (n === 0) {
    finish8(cpu, i, r);
    return;
  }
  let cf = carryFlag(cpu);
  for (let k = 0; k < n; k++) {
    const top = (r >>> 7) & 1;
    r = (r << 1) | cf;
    cf = top;
  }
  finish8(cpu, i, r);
  rotateFlags(cpu, cf, cf ^ ((r >>> 7) & 1));
}

export function rcr8(cpu: Cpu, i: Instruction): void {
  const n = count(cpu, i) % 9;
  let r = destination8(cpu, i);
  if (n === 0) {
    finish8(cpu, i, r);
    return;
  }
  let cf = carryFlag(cpu);
  for (let k = 0; k < n; k++) {
    const low = r & 1;
    r = ((r >>> 1) & 0x7f) | (cf << 7);
    cf = low;
  }
  finish8(cpu, i, r);
  rotateFlags(cpu, cf, ((r >>> 7) ^ (r >>> 6)) & 1);
}

export function rol16(cpu: Cpu, i: Instruction): void {
  const n = count(cpu, i);
  const a = destination16(cpu, i);
  if (n === 0) {
    finish16(cpu, i, a);
    return;
  }
  const k = n & 15;
  const r = k === 0 ? a : (a << k) | (a >>> (16 - k));
  finish16(cpu, i, r);
  rotateFlags(cpu, r & 1, (r & 1) ^ ((r >>> 15) & 1));
}

export function ror16(cpu: Cpu, i: Instruction): void {
  const n = count(cpu, i);
  const a = destination16(cpu, i);
  if (n === 0) {
    finish16(cpu, i, a);
    return;
  }
  const k = n & 15;
  const r = k === 0 ? a : (a >>> k) | (a << (16 - k));
  finish16(cpu, i, r);
  const top = (r >>> 15) & 1;
  rotateFlags(cpu, top, top ^ ((r >>> 14) & 1));
}

export function rcl16(cpu: Cpu, i: Instruction): void {
  const n = count(cpu, i) % 17;
  let r = destination16(cpu, i);
  if (n === 0) {
    finish16(cpu, i, r);
    return;
  }
  let cf = carryFlag(cpu);
  for (let k = 0; k < n; k++) {
    const top = (r >>> 15) & 1;
    r = (r << 1) | cf;
    cf = top;
  }
  finish16(cpu, i, r);
  rotateFlags(cpu, cf, cf ^ ((r >>> 15) & 1));
}

export function rcr16(cpu: Cpu, i: Instruction): void {
  const n = count(cpu, i) % 17;
  let r = destination16(cpu, i);
  if (n === 0) {
    finish16(cpu, i, r);
    return;
  }
  let cf = carryFlag(cpu);
  for (let k = 0; k < n; k++) {
    const low = r & 1;
    r = ((r >>> 1) & 0x7fff) | (cf << 15);
    cf = low;
  }
  finish16(cpu, i, r);
  rotateFlags(cpu, cf, ((r >>> 15) ^ (r >>> 14)) & 1);
}

export function rol32(cpu: Cpu, i: Instruction): void {
  const n = count(cpu, i);
  const a = destination32(cpu, i);
  if (n === 0) {
    finish32(cpu, i, a);
    return;
  }
  const k = n & 31;
  const r = k === 0 ? a : (a << k) | (a >>> (32 - k));
  finish32(cpu, i, r);
  rotateFlags(cpu, r & 1, (r & 1) ^ ((r >>> 31) & 1));
}

export function ror32(cpu: Cpu, i: Instruction): void {
  const n = count(cpu, i);
  const a = destination32(cpu, i);
  if (n === 0) {
    finish32(cpu, i, a);
    return;
  }
  const k = n & 31;
  const r = k === 0 ? a : (a >>> k) | (a << (32 - k));
  finish32(cpu, i, r);
  const top = (r >>> 31) & 1;
  rotateFlags(cpu, top, top ^ ((r >>> 30) & 1));
}

export function rcl32(cpu: Cpu, i: Instruction): void {
  const n = count(cpu, i);
  let r = destination32(cpu, i);
  if (n === 0) {
    finish32(cpu, i, r);
    return;
  }
  let cf = carryFlag(cpu);
  for (let k = 0; k < n; k++) {
    const top = (r >>> 31) & 1;
    r = (r << 1) | cf;
    cf = top;
  }
  finish32(cpu, i, r);
  rotateFlags(cpu, cf, cf ^ ((r >>> 31) & 1));
}

export function rcr32(cpu: Cpu, i: Instruction): void {
  const n = count(cpu, i);
  let r = destination32(cpu, i);
  if (n === 0) {
    finish32(cpu, i, r);
    return;
  }
  let cf = carryFlag(cpu);
  for (let k = 0; k < n; k++) {
    const low = r & 1;
    r = ((r >>> 1) & 0x7fffffff) | (cf << 31);
    cf = low;
  }
  finish32(cpu, i, r);
  rotateFlags(cpu, cf, ((r >>> 31) ^ (r >>> 30)) & 1);
}

export const ROTATES: Handlers = {
  rol8,
  ror8,
  rcl8,
  rcr8,
  rol16,
  ror16,
  rcl16,
  rcr16,
  rol32,
  ror32,
  rcl32,
  rcr32,
};
