/** ADD OR ADC SBB AND SUB XOR CMP TEST: SDM vol 2. Carries: see flags.ts. */
import type { Cpu } from '../cpu.ts';
import { carryFlag, setLazy } from '../flags.ts';
import {
  destination8,
  destination16,
  destination32,
  finish8,
  finish16,
  finish32,
  first8,
  first16,
  first32,
  type Handlers,
  type Instruction,
  signed8,
  signed16,
  source8,
  source16,
  source32,
} from './operands.ts';

export function add8(cpu: Cpu, i: Instruction): void {
  const a = destination8(cpu, i);
  const b = source8(cpu, i);
  const r = (a + b) | 0;
  const c = (a & b) | ((a | b) & ~r);
  finish8(cpu, i, r);
  setLazy(cpu, signed8(r), (c << 24) | (c & 8));
}

export function add16(cpu: Cpu, i: Instruction): void {
  const a = destination16(cpu, i);
  const b = source16(cpu, i);
  const r = (a + b) | 0;
  const c = (a & b) | ((a | b) & ~r);
  finish16(cpu, i, r);
  setLazy(cpu, signed16(r), (c << 16) | (c & 8));
}

export function add32(cpu: Cpu, i: Instruction): void {
  const a = destination32(cpu, i);
  const b = source32(cpu, i);
  const r = (a + b) | 0;
  finish32(cpu, i, r);
  setLazy(cpu, r, (a & b) | ((a | b) & ~r));
}

export function or8(cpu: Cpu, i: Instruction): void {
  const a = destination8(cpu, i);
  const b = source8(cpu, i);
  const r = a | b | 0;
  finish8(cpu, i, r);
  setLazy(cpu, signed8(r), 0);
}

export function or16(cpu: Cpu, i: Instruction): void {
  const a = destination16(cpu, i);
  const b = source16(cpu, i);
  const r = a | b | 0;
  finish16(cpu, i, r);
  setLazy(cpu, signed16(r), 0);
}

export function or32(cpu: Cpu, i: Instruction): void {
  const a = destination32(cpu, i);
  const b = source32(cpu, i);
  const r = a | b | 0;
  finish32(cpu, i, r);
  setLazy(cpu, r, 0);
}

export function adc8(cpu: Cpu, i: Instruction): void {
  const a = destination8(cpu, i);
  const b = source8(cpu, i);
  const r = (a + b + carryFlag(cpu)) | 0;
  const c = (a & b) | ((a | b) & ~r);
  finish8(cpu, i, r);
  setLazy(cpu, signed8(r), (c << 24) | (c & 8));
}

export function adc16(cpu: Cpu, i: Instruction): void {
  const a = destination16(cpu, i);
  const b = source16(cpu, i);
  const r = (a + b + carryFlag(cpu)) | 0;
  const c = (a & b) | ((a | b) & ~r);
  finish16(cpu, i, r);
  setLazy(cpu, signed16(r), (c << 16) | (c & 8));
}

export function adc32(cpu: Cpu, i: Instruction): void {
  const a = destination32(cpu, i);
  const b = source32(cpu, i);
  const r = (a + b + carryFlag(cpu)) | 0;
  finish32(cpu, i, r);
  setLazy(cpu, r, (a & b) | ((a | b) & ~r));
}

export function sbb8(cpu: Cpu, i: Instruction): void {
  const a = destination8(cpu, i);
  const b = source8(cpu, i);
  const r = (a - b - carryFlag(cpu)) | 0;
  const c = (~a & b) | ((~a | b) & r);
  finish8(cpu, i, r);
  setLazy(cpu, signed8(r), (c << 24) | (c & 8));
}

export function sbb16(cpu: Cpu, i: Instruction): void {
  const a = destination16(cpu, i);
  const b = source16(cpu, i);
  const r = (a - b - carryFlag(cpu)) | 0;
  const c = (~a & b) | ((~a | b) & r);
  finish16(cpu, i, r);
  setLazy(cpu, signed16(r), (c << 16) | (c & 8));
}

export function sbb32(cpu: Cpu, i: Instruction): void {
  const a = destination32(cpu, i);
  const b = source32(cpu, i);
  const r = (a - b - carryFlag(cpu)) | 0;
  finish32(cpu, i, r);
  setLazy(cpu, r, (~a & b) | ((~a | b) & r));
}

export function and8(cpu: Cpu, i: Instruction): void {
  const a = destination8(cpu, i);
  const b = source8(cpu, i);
  const r = (a & b) | 0;
  finish8(cpu, i, r);
  setLazy(cpu, signed8(r), 0);
}

export function and16(cpu: Cpu, i: Instruction): void {
  const a = destination16(cpu, i);
  const b = source16(cpu, i);
  const r = (a & b) | 0;
  finish16(cpu, i, r);
  setLazy(cpu, signed16(r), 0);
}

export function and32(cpu: Cpu, i: Instruction): void {
  const a = destination32(cpu, i);
  const b = source32(cpu, i);
  const r = (a & b) | 0;
  finish32(cpu, i, r);
  setLazy(cpu, r, 0);
}

export function sub8(cpu: Cpu, i: Instruction): void {
  const a = destination8(cpu, i);
  const b = source8(cpu, i);
  const r = (a - b) | 0;
  const c = (~a & b) | ((~a | b) & r);
  finish8(cpu, i, r);
  setLazy(cpu, signed8(r), (c << 24) | (c & 8));
}

export function sub16(cpu: Cpu, i: Instruction): void {
  const a = destination16(cpu, i);
  const b = source16(cpu, i);
  const r = (a - b) | 0;
  const c = (~a & b) | ((~a | b) & r);
  finish16(cpu, i, r);
  setLazy(cpu, signed16(r), (c << 16) | (c & 8));
}

export function sub32(cpu: Cpu, i: Instruction): void {
  const a = destination32(cpu, i);
  const b = source32(cpu, i);
  const r = (a - b) | 0;
  finish32(cpu, i, r);
  setLazy(cpu, r, (~a & b) | ((~a | b) & r));
}

export function xor8(cpu: Cpu, i: Instruction): void {
  const a = destination8(cpu, i);
  const b = source8(cpu, i);
  const r = (a ^ b) | 0;
  finish8(cpu, i, r);
  setLazy(cpu, signed8(r), 0);
}

export function xor16(cpu: Cpu, i: Instruction): void {
  const a = destination16(cpu, i);
  const b = source16(cpu, i);
  const r = (a ^ b) | 0;
  finish16(cpu, i, r);
  setLazy(cpu, signed16(r), 0);
}

export function xor32(cpu: Cpu, i: Instruction): void {
  const a = destination32(cpu, i);
  const b = source32(cpu, i);
  const r = (a ^ b) | 0;
  finish32(cpu, i, r);
  setLazy(cpu, r, 0);
}

export function cmp8(cpu: Cpu, i: Instruction): void {
  const a = first8(cpu, i);
  const b = source8(cpu, i);
  const r = (a - b) | 0;
  const c = (~a & b) | ((~a | b) & r);
  setLazy(cpu, signed8(r), (c << 24) | (c & 8));
}

export function cmp16(cpu: Cpu, i: Instruction): void {
  const a = first16(cpu, i);
  const b = source16(cpu, i);
  const r = (a - b) | 0;
  const c = (~a & b) | ((~a | b) & r);
  setLazy(cpu, signed16(r), (c << 16) | (c & 8));
}

export function cmp32(cpu: Cpu, i: Instruction): void {
  const a = first32(cpu, i);
  const b = source32(cpu, i);
  const r = (a - b) | 0;
  setLazy(cpu, r, (~a & b) | ((~a | b) & r));
}

export function test8(cpu: Cpu, i: Instruction): void {
  const a = first8(cpu, i);
  const b = source8(cpu, i);
  const r = (a & b) | 0;
  setLazy(cpu, signed8(r), 0);
}

export function test16(cpu: Cpu, i: Instruction): void {
  const a = first16(cpu, i);
  const b = source16(cpu, i);
  const r = (a & b) | 0;
  setLazy(cpu, signed16(r), 0);
}

export function test32(cpu: Cpu, i: Instruction): void {
  const a = first32(cpu, i);
  const b = source32(cpu, i);
  const r = (a & b) | 0;
  setLazy(cpu, r, 0);
}

export const ALU: Handlers = {
  add8,
  add16,
  add32,
  or8,
  or16,
  or32,
  adc8,
  adc16,
  adc32,
  sbb8,
  sbb16,
  sbb32,
  and8,
  and16,
  and32,
  sub8,
  sub16,
  sub32,
  xor8,
  xor16,
  xor32,
  cmp8,
  cmp16,
  cmp32,
  test8,
  test16,
  test32,
};
