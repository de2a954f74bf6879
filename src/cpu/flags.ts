/**
 * Status flags, kept lazily. After an arithmetic instruction the processor holds its result, sign-extended to 32 bits, and the carries out of
 * each bit, moved so that the carry out of the operand's top bit is bit 31 (CF) and the carry into it bit 30 (OF = CF xor bit 30); bit 3 is
 * AF. Every flag is then one expression, whatever the instruction was.
 */
import type { Cpu } from './cpu.ts';
import { CF, OF, PF, SF, STATUS_FLAGS, ZF } from './registers.ts';
import { at } from './state.ts';

/** Bit p is set when p has an even number of ones. */
const evenParity = (value: number): boolean => {
  const v = (value ^ (value >>> 4)) & 15;
  return ((0x9669 >>> v) & 1) !== 0;
};

export function setLazy(cpu: Cpu, result: number, carries: number): void {
  const s = cpu.s;
  s[at.lazyResult] = result;
  s[at.lazyCarries] = carries;
  s[at.lazy] = 1;
}

/** EFLAGS as software would see it, leaving the lazy form as it is. */
export function flags(cpu: Cpu): number {
  const s = cpu.s;
  if (s[at.lazy] === 0) return s[at.eflags];
  const result = s[at.lazyResult];
  const carries = s[at.lazyCarries];
  return (
    (s[at.eflags] & ~STATUS_FLAGS) |
    (carries < 0 ? CF : 0) |
    (evenParity(result & 0xff) ? PF : 0) |
    ((carries & 8) << 1) |
    (result === 0 ? ZF : 0) |
    (result < 0 ? SF : 0) |
    ((carries ^ (carries << 1)) < 0 ? OF : 0)
  );
}

/** Brings the status flags into EFLAGS: the canonical form. */
export function settleFlags(cpu: Cpu): number {
  const s = cpu.s;
  if (s[at.lazy] !== 0) {
    s[at.eflags] = flags(cpu);
    s[at.lazyResult] = 0;
    s[at.lazyCarries] = 0;
    s[at.lazy] = 0;
  }
  return s[at.eflags];
}

/** Replaces all of EFLAGS. */
export function setFlags(cpu: Cpu, value: number): void {
  settleFlags(cpu);
  cpu.s[at.eflags] = value;
}

/** Replaces the flags in `mask`. */
export function changeFlags(cpu: Cpu, mask: number, value: number): void {
  cpu.s[at.eflags] = (settleFlags(cpu) & ~mask) | (value & mask);
}

export const carryFlag = (cpu: Cpu): number => (cpu.s[at.lazy] !== 0 ? cpu.s[at.lazyCarries] >>> 31 : cpu.s[at.eflags] & CF);
const zeroFlag = (cpu: Cpu): boolean => (cpu.s[at.lazy] !== 0 ? cpu.s[at.lazyResult] === 0 : (cpu.s[at.eflags] & ZF) !== 0);
const signFlag = (cpu: Cpu): boolean => (cpu.s[at.lazy] !== 0 ? cpu.s[at.lazyResult] < 0 : (cpu.s[at.eflags] & SF) !== 0);
const overflowFlag = (cpu: Cpu): boolean =>
  cpu.s[at.lazy] !== 0 ? (cpu.s[at.lazyCarries] ^ (cpu.s[at.lazyCarries] << 1)) < 0 : (cpu.s[at.eflags] & OF) !== 0;
const parityFlag = (cpu: Cpu): boolean => (cpu.s[at.lazy] !== 0 ? evenParity(cpu.s[at.lazyResult] & 0xff) : (cpu.s[at.eflags] & PF) !== 0);

/** The sixteen conditions of Jcc, SETcc and CMOVcc, by the low four opcode bits (SDM vol 1, appendix B). */
export function condition(cpu: Cpu, cc: number): boolean {
  switch (cc) {
    case 0:
      return overflowFlag(cpu);
    case 1:
      return !overflowFlag(cpu);
    case 2:
      return carryFlag(cpu) !== 0;
    case 3:
      return carryFlag(cpu) === 0;
    case 4:
      return zeroFlag(cpu);
    case 5:
      return !zeroFlag(cpu);
    case 6:
      return carryFlag(cpu) !== 0 || zeroFlag(cpu);
    case 7:
      return carryFlag(cpu) === 0 && !zeroFlag(cpu);
    case 8:
      return signFlag(cpu);
    case 9:
      return !signFlag(cpu);
    case 10:
      return parityFlag(cpu);
    case 11:
      return !parityFlag(cpu);
    case 12:
      return signFlag(cpu) !== overflowFlag(cpu);
    case 13:
      return signFlag(cpu) === overflowFlag(cpu);
    case 14:
      return zeroFlag(cpu) || signFlag(cpu) !== overflowFlag(cpu);
    default:
      return !zeroFlag(cpu) && signFlag(cpu) === overflowFlag(cpu);
  }
}
