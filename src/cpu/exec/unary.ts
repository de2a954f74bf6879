/** INC DEC NOT NEG: SDM vol 2. */
import type { Cpu } from '../cpu.ts';
import { carryFlag, setLazy } from '../flags.ts';
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

/** INC and DEC leave CF alone: it goes to bit 31, and bit 30 is chosen so that OF stays right. */
export function stepFlags(cpu: Cpu, result: number, carries: number, low: number): void {
  const cf = carryFlag(cpu);
  const overflow = ((carries ^ (carries << 1)) >>> 31) & 1;
  setLazy(cpu, result, (cf << 31) | ((cf ^ overflow) << 30) | (low & 8));
}

export function inc8(cpu: Cpu, i: Instruction): void {
  const a = destination8(cpu, i);
  const r = (a + 1) | 0;
  finish8(cpu, i, r);
  stepFlags(cpu, signed8(r), (a & ~r) << 24, a & ~r);
}

export function dec8(cpu: Cpu, i: Instruction): void {
  const a = destination8(cpu, i);
  const r = (a - 1) | 0;
  finish8(cpu, i, r);
  stepFlags(cpu, signed8(r), (~a & r) << 24, ~a & r);
}

export function not8(cpu: Cpu, i: Instruction): void {
  finish8(cpu, i, ~destination8(cpu, i));
}

export function neg8(cpu: Cpu, i: Instruction): void {
  const b = destination8(cpu, i);
  const r = -b | 0;
  const c = b | r;
  finish8(cpu, i, r);
  setLazy(cpu, signed8(r), (c << 24) | (c & 8));
}

export function inc16(cpu: Cpu, i: Instruction): void {
  const a = destination16(cpu, i);
  const r = (a + 1) | 0;
  finish16(cpu, i, r);
  stepFlags(cpu, signed16(r), (a & ~r) << 16, a & ~r);
}

export function dec16(cpu: Cpu, i: Instruction): void {
  const a = destination16(cpu, i);
  const r = (a - 1) | 0;
  finish16(cpu, i, r);
  stepFlags(cpu, signed16(r), (~a & r) << 16, ~a & r);
}

export function not16(cpu: Cpu, i: Instruction): void {
  finish16(cpu, i, ~destination16(cpu, i));
}

export function neg16(cpu: Cpu, i: Instruction): void {
  const b = destination16(cpu, i);
  const r = -b | 0;
  const c = b | r;
  finish16(cpu, i, r);
  setLazy(cpu, signed16(r), (c << 16) | (c & 8));
}

export function inc32(cpu: Cpu, i: Instruction): void {
  const a = destination32(cpu, i);
  const r = (a + 1) | 0;
  finish32(cpu, i, r);
  stepFlags(cpu, r, a & ~r, a & ~r);
}

export function dec32(cpu: Cpu, i: Instruction): void {
  const a = destination32(cpu, i);
  const r = (a - 1) | 0;
  finish32(cpu, i, r);
  stepFlags(cpu, r, ~a & r, ~a & r);
}

export function not32(cpu: Cpu, i: Instruction): void {
  finish32(cpu, i, ~destination32(cpu, i));
}

export function neg32(cpu: Cpu, i: Instruction): void {
  const b = destination32(cpu, i);
  const r = -b | 0;
  const c = b | r;
  finish32(cpu, i, r);
  setLazy(cpu, r, c);
}

export const UNARY: Handlers = {
  inc8,
  inc16,
  inc32,
  dec8,
  dec16,
  dec32,
  not8,
  not16,
  not32,
  neg8,
  neg16,
  neg32,
};
