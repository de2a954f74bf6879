/** MUL IMUL DIV IDIV: SDM vol 2. SF, ZF, AF and PF after a multiplication are undefined; here they follow the low half, with AF clear. */
import type { Cpu } from '../cpu.ts';
import { setLazy } from '../flags.ts';
import { DE } from '../registers.ts';
import { at } from '../state.ts';
import { type Handlers, type Instruction, rm8, rm16, rm32, signed8, signed16 } from './operands.ts';

/** CF = OF = whether the product did not fit. */
const overflowed = (fits: boolean): number => (fits ? 0 : 1 << 31);

/** High doubleword of an unsigned product. */
export function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const cross = aLow * bHigh + (middle % 0x10000);
  return (aHigh * bHigh + Math.floor(middle / 0x10000) + Math.floor(cross / 0x10000)) | 0;
}

/** High doubleword of a signed product. */
export const multiplyHighSigned = (a: number, b: number): number => (multiplyHigh(a, b) - (a < 0 ? b : 0) - (b < 0 ? a : 0)) | 0;

export function mul8(cpu: Cpu, i: Instruction): void {
  const r = cpu.b[0] * rm8(cpu, i);
  cpu.w[0] = r;
  setLazy(cpu, signed8(r), overflowed(r < 0x100));
}

export function mul16(cpu: Cpu, i: Instruction): void {
  const r = cpu.w[0] * rm16(cpu, i);
  cpu.w[0] = r;
  cpu.w[8] = r >>> 16;
  setLazy(cpu, signed16(r), overflowed(r >>> 16 === 0));
}

export function mul32(cpu: Cpu, i: Instruction): void {
  const a = cpu.s[at.eax];
  const b = rm32(cpu, i);
  const high = multiplyHigh(a, b);
  const low = Math.imul(a, b);
  cpu.s[at.eax] = low;
  cpu.s[at.edx] = high;
  setLazy(cpu, low, overflowed(high === 0));
}

export function imulWide8(cpu: Cpu, i: Instruction): void {
  const r = signed8(cpu.b[0]) * signed8(rm8(cpu, i));
  cpu.w[0] = r;
  setLazy(cpu, signed8(r), overflowed(signed8(r) === r));
}

export function imulWide16(cpu: Cpu, i: Instruction): void {
  const r = signed16(cpu.w[0]) * signed16(rm16(cpu, i));
  cpu.w[0] = r;
  cpu.w[8] = r >> 16;
  setLazy(cpu, signed16(r), overflowed(signed16(r) === r));
}

export function imulWide32(cpu: Cpu, i: Instruction): void {
  const a = cpu.s[at.eax];
  const b = rm32(cpu, i);
  const high = multiplyHighSigned(a, b);
  const low = Math.imul(a, b);
  cpu.s[at.eax] = low;
  cpu.s[at.edx] = high;
  setLazy(cpu, low, overflowed(high === low >> 31));
}

function product16(cpu: Cpu, i: Instruction, a: number, b: number): void {
  const r = signed16(a) * signed16(b);
  cpu.w[i.reg] = r;
  setLazy(cpu, signed16(r), overflowed(signed16(r) === r));
}

function product32(cpu: Cpu, i: Instruction, a: number, b: number): void {
  const low = Math.imul(a, b);
  cpu.s[i.reg] = low;
  setLazy(cpu, low, overflowed(multiplyHighSigned(a, b) === low >> 31));
}

export const imul16 = (cpu: Cpu, i: Instruction): void => product16(cpu, i, cpu.w[i.reg], rm16(cpu, i));
export const imul32 = (cpu: Cpu, i: Instruction): void => product32(cpu, i, cpu.s[i.reg], rm32(cpu, i));
export const imulImm16 = (cpu: Cpu, i: Instruction): void => product16(cpu, i, rm16(cpu, i), i.imm);
export const imulImm32 = (cpu: Cpu, i: Instruction): void => product32(cpu, i, rm32(cpu, i), i.imm);

export function div8(cpu: Cpu, i: Instruction): void {
  const divisor = rm8(cpu, i);
  const dividend = cpu.w[0];
  if (divisor === 0) cpu.raise(DE);
  const quotient = Math.trunc(dividend / divisor);
  if (quotient > 0xff) cpu.raise(DE);
  cpu.b[0] = quotient;
  cpu.b[1] = dividend % divisor;
}

export function div16(cpu: Cpu, i: Instruction): void {
  const divisor = rm16(cpu, i);
  const dividend = ((cpu.w[8] << 16) | cpu.w[0]) >>> 0;
  if (divisor === 0) cpu.raise(DE);
  const quotient = Math.trunc(dividend / divisor);
  if (quotient > 0xffff) cpu.raise(DE);
  cpu.w[0] = quotient;
  cpu.w[8] = dividend % divisor;
}

export function div32(cpu: Cpu, i: Instruction): void {
  const divisor = rm32(cpu, i) >>> 0;
  const high = cpu.s[at.edx] >>> 0;
  const low = cpu.s[at.eax] >>> 0;
  if (divisor === 0 || high >= divisor) cpu.raise(DE);
  divide(high, low, divisor);
  cpu.s[at.eax] = quotientLow;
  cpu.s[at.edx] = remainderLow;
}

let quotientLow = 0;
let remainderLow = 0;

/** Unsigned high:low by divisor, for high < divisor: exact in doubles while the dividend is below 2^53, else bit by bit. */
function divide(high: number, low: number, divisor: number): void {
  if (high < 0x200000) {
    const dividend = high * 0x100000000 + low;
    const quotient = Math.floor(dividend / divisor);
    quotientLow = quotient | 0;
    remainderLow = (dividend - quotient * divisor) | 0;
    return;
  }
  let remainder = high;
  let quotient = 0;
  for (let bit = 31; bit >= 0; bit--) {
    remainder = remainder * 2 + ((low >>> bit) & 1);
    quotient *= 2;
    if (remainder >= divisor) {
      remainder -= divisor;
      quotient += 1;
    }
  }
  quotientLow = quotient | 0;
  remainderLow = remainder | 0;
}

export function idiv8(cpu: Cpu, i: Instruction): void {
  const divisor = signed8(rm8(cpu, i));
  const dividend = signed16(cpu.w[0]);
  if (divisor === 0) cpu.raise(DE);
  const quotient = Math.trunc(dividend / divisor);
  if (quotient > 127 || quotient < -128) cpu.raise(DE);
  cpu.b[0] = quotient;
  cpu.b[1] = dividend % divisor;
}

export function idiv16(cpu: Cpu, i: Instruction): void {
  const divisor = signed16(rm16(cpu, i));
  const dividend = (cpu.w[8] << 16) | cpu.w[0];
  if (divisor === 0) cpu.raise(DE);
  const quotient = Math.trunc(dividend / divisor);
  if (quotient > 32767 || quotient < -32768) cpu.raise(DE);
  cpu.w[0] = quotient;
  cpu.w[8] = dividend % divisor;
}

export function idiv32(cpu: Cpu, i: Instruction): void {
  const divisor = rm32(cpu, i);
  if (divisor === 0) cpu.raise(DE);
  let low = cpu.s[at.eax];
  let high = cpu.s[at.edx];
  const negative = high < 0;
  if (negative) {
    low = -low | 0;
    high = (~high + (low === 0 ? 1 : 0)) | 0;
  }
  const magnitude = Math.abs(divisor);
  if (high >>> 0 >= magnitude) cpu.raise(DE);
  divide(high >>> 0, low >>> 0, magnitude);
  const sameSign = negative === divisor < 0;
  if (quotientLow >>> 0 > (sameSign ? 0x7fffffff : 0x80000000)) cpu.raise(DE);
  cpu.s[at.eax] = sameSign ? quotientLow : -quotientLow;
  cpu.s[at.edx] = negative ? -remainderLow : remainderLow;
}

export const MULTIPLY: Handlers = {
  mul8,
  mul16,
  mul32,
  imulWide8,
  imulWide16,
  imulWide32,
  imul16,
  imul32,
  imulImm16,
  imulImm32,
  div8,
  div16,
  div32,
  idiv8,
  idiv16,
  idiv32,
};
