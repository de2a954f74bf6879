/** Decimal arithmetic and sign extension: SDM vol 2. Undefined flags keep their values, but for OF after DAA and DAS, which is cleared. */
import type { Cpu } from '../cpu.ts';
import { carryFlag, changeFlags, flags, setLazy } from '../flags.ts';
import { AF, CF, DE, OF, PF, SF, ZF } from '../registers.ts';
import { at } from '../state.ts';
import { type Handlers, type Instruction, signed8, signed16 } from './operands.ts';

const RESULT = SF | ZF | PF;

/** SF, ZF, PF of AL, and the given AF and CF. */
function adjusted(cpu: Cpu, af: boolean, cf: boolean): void {
  setLazy(cpu, signed8(cpu.b[0]), 0);
  changeFlags(cpu, AF | CF | OF, (af ? AF : 0) | (cf ? CF : 0));
}

export function daa(cpu: Cpu): void {
  const old = cpu.b[0];
  const low = (old & 15) > 9 || (flags(cpu) & AF) !== 0;
  const high = old > 0x99 || carryFlag(cpu) !== 0;
  cpu.b[0] = old + (low ? 6 : 0) + (high ? 0x60 : 0);
  adjusted(cpu, low, high);
}

export function das(cpu: Cpu): void {
  const old = cpu.b[0];
  const low = (old & 15) > 9 || (flags(cpu) & AF) !== 0;
  const borrow = carryFlag(cpu) !== 0 || (low && old < 6);
  const high = old > 0x99 || carryFlag(cpu) !== 0;
  cpu.b[0] = old - (low ? 6 : 0) - (high ? 0x60 : 0);
  adjusted(cpu, low, high || borrow);
}

function unpacked(cpu: Cpu, sign: 1 | -1): void {
  const adjust = (cpu.b[0] & 15) > 9 || (flags(cpu) & AF) !== 0;
  if (adjust) cpu.w[0] = cpu.w[0] + sign * 0x106;
  cpu.b[0] &= 15;
  changeFlags(cpu, AF | CF, adjust ? AF | CF : 0);
}

export const aaa = (cpu: Cpu): void => unpacked(cpu, 1);
export const aas = (cpu: Cpu): void => unpacked(cpu, -1);

export function aam(cpu: Cpu, i: Instruction): void {
  if (i.imm === 0) cpu.raise(DE);
  const al = cpu.b[0];
  cpu.b[1] = Math.trunc(al / i.imm);
  cpu.b[0] = al % i.imm;
  resultFlags(cpu);
}

export function aad(cpu: Cpu, i: Instruction): void {
  cpu.w[0] = (cpu.b[0] + cpu.b[1] * i.imm) & 0xff;
  resultFlags(cpu);
}

function resultFlags(cpu: Cpu): void {
  const kept = flags(cpu) & ~RESULT;
  setLazy(cpu, signed8(cpu.b[0]), 0);
  changeFlags(cpu, AF | CF | OF, kept);
}

export const cbw16 = (cpu: Cpu): void => void (cpu.w[0] = signed8(cpu.b[0]));
export const cwde32 = (cpu: Cpu): void => void (cpu.s[at.eax] = signed16(cpu.w[0]));
export const cwd16 = (cpu: Cpu): void => void (cpu.w[8] = signed16(cpu.w[0]) >> 15);
export const cdq32 = (cpu: Cpu): void => void (cpu.s[at.edx] = cpu.s[at.eax] >> 31);

export const DECIMAL: Handlers = { daa, das, aaa, aas, aam, aad, cbw16, cwde32, cwd16, cdq32 };
