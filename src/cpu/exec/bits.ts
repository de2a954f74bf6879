/** Bit tests and scans, SETcc, BSWAP: SDM vol 2. Undefined flags keep their values. */
import type { Cpu } from '../cpu.ts';
import { changeFlags, condition } from '../flags.ts';
import { effectiveAddress, modify16, modify32, read16, read32 } from '../memory.ts';
import { CF, ZF } from '../registers.ts';
import {
  assign8,
  destination16,
  destination32,
  finish16,
  finish32,
  type Handlers,
  type Instruction,
  rm16,
  rm32,
  signed16,
} from './operands.ts';

/** Effective address of the word or doubleword that holds the bit: a register bit offset reaches beyond the operand. */
let bitAddress = 0;

function bitOffset16(cpu: Cpu, i: Instruction): number {
  const offset = signed16(cpu.w[i.reg]);
  if (i.mem !== 0) bitAddress = (effectiveAddress(cpu, i) + 2 * (offset >> 4)) & i.mask;
  return offset & 15;
}

function bitOffset32(cpu: Cpu, i: Instruction): number {
  const offset = cpu.s[i.reg];
  if (i.mem !== 0) bitAddress = (effectiveAddress(cpu, i) + 4 * (offset >> 5)) & i.mask;
  return offset & 31;
}

const modifyBit16 = (cpu: Cpu, i: Instruction): number => (i.mem !== 0 ? modify16(cpu, i.seg, bitAddress) : cpu.w[i.rm]);
const modifyBit32 = (cpu: Cpu, i: Instruction): number => (i.mem !== 0 ? modify32(cpu, i.seg, bitAddress) : cpu.s[i.rm]);

export function bt16(cpu: Cpu, i: Instruction): void {
  const n = bitOffset16(cpu, i);
  const a = i.mem !== 0 ? read16(cpu, i.seg, bitAddress) : cpu.w[i.rm];
  changeFlags(cpu, CF, (a >>> n) & 1);
}

export function bts16(cpu: Cpu, i: Instruction): void {
  const n = bitOffset16(cpu, i);
  const a = modifyBit16(cpu, i);
  finish16(cpu, i, a | (1 << n));
  changeFlags(cpu, CF, (a >>> n) & 1);
}

export function btr16(cpu: Cpu, i: Instruction): void {
  const n = bitOffset16(cpu, i);
  const a = modifyBit16(cpu, i);
  finish16(cpu, i, a & ~(1 << n));
  changeFlags(cpu, CF, (a >>> n) & 1);
}

export function btc16(cpu: Cpu, i: Instruction): void {
  const n = bitOffset16(cpu, i);
  const a = modifyBit16(cpu, i);
  finish16(cpu, i, a ^ (1 << n));
  changeFlags(cpu, CF, (a >>> n) & 1);
}

export function btImm16(cpu: Cpu, i: Instruction): void {
  const a = rm16(cpu, i);
  changeFlags(cpu, CF, (a >>> (i.imm & 15)) & 1);
}

export function btsImm16(cpu: Cpu, i: Instruction): void {
  const a = destination16(cpu, i);
  finish16(cpu, i, a | (1 << (i.imm & 15)));
  changeFlags(cpu, CF, (a >>> (i.imm & 15)) & 1);
}

export function btrImm16(cpu: Cpu, i: Instruction): void {
  const a = destination16(cpu, i);
  finish16(cpu, i, a & ~(1 << (i.imm & 15)));
  changeFlags(cpu, CF, (a >>> (i.imm & 15)) & 1);
}

export function btcImm16(cpu: Cpu, i: Instruction): void {
  const a = destination16(cpu, i);
  finish16(cpu, i, a ^ (1 << (i.imm & 15)));
  changeFlags(cpu, CF, (a >>> (i.imm & 15)) & 1);
}

export function bsf16(cpu: Cpu, i: Instruction): void {
  const a = rm16(cpu, i);
  if (a !== 0) cpu.w[i.reg] = 31 - Math.clz32(a & -a);
  changeFlags(cpu, ZF, a === 0 ? ZF : 0);
}

export function bsr16(cpu: Cpu, i: Instruction): void {
  const a = rm16(cpu, i);
  if (a !== 0) cpu.w[i.reg] = 31 - Math.clz32(a);
  changeFlags(cpu, ZF, a === 0 ? ZF : 0);
}

export function bt32(cpu: Cpu, i: Instruction): void {
  const n = bitOffset32(cpu, i);
  const a = i.mem !== 0 ? read32(cpu, i.seg, bitAddress) : cpu.s[i.rm];
  changeFlags(cpu, CF, (a >>> n) & 1);
}

export function bts32(cpu: Cpu, i: Instruction): void {
  const n = bitOffset32(cpu, i);
  const a = modifyBit32(cpu, i);
  finish32(cpu, i, a | (1 << n));
  changeFlags(cpu, CF, (a >>> n) & 1);
}

export function btr32(cpu: Cpu, i: Instruction): void {
  const n = bitOffset32(cpu, i);
  const a = modifyBit32(cpu, i);
  finish32(cpu, i, a & ~(1 << n));
  changeFlags(cpu, CF, (a >>> n) & 1);
}

export function btc32(cpu: Cpu, i: Instruction): void {
  const n = bitOffset32(cpu, i);
  const a = modifyBit32(cpu, i);
  finish32(cpu, i, a ^ (1 << n));
  changeFlags(cpu, CF, (a >>> n) & 1);
}

export function btImm32(cpu: Cpu, i: Instruction): void {
  const a = rm32(cpu, i);
  changeFlags(cpu, CF, (a >>> (i.imm & 31)) & 1);
}

export function btsImm32(cpu: Cpu, i: Instruction): void {
  const a = destination32(cpu, i);
  finish32(cpu, i, a | (1 << (i.imm & 31)));
  changeFlags(cpu, CF, (a >>> (i.imm & 31)) & 1);
}

export function btrImm32(cpu: Cpu, i: Instruction): void {
  const a = destination32(cpu, i);
  finish32(cpu, i, a & ~(1 << (i.imm & 31)));
  changeFlags(cpu, CF, (a >>> (i.imm & 31)) & 1);
}

export function btcImm32(cpu: Cpu, i: Instruction): void {
  const a = destination32(cpu, i);
  finish32(cpu, i, a ^ (1 << (i.imm & 31)));
  changeFlags(cpu, CF, (a >>> (i.imm & 31)) & 1);
}

export function bsf32(cpu: Cpu, i: Instruction): void {
  const a = rm32(cpu, i);
  if (a !== 0) cpu.s[i.reg] = 31 - Math.clz32(a & -a);
  changeFlags(cpu, ZF, a === 0 ? ZF : 0);
}

export function bsr32(cpu: Cpu, i: Instruction): void {
  const a = rm32(cpu, i);
  if (a !== 0) cpu.s[i.reg] = 31 - Math.clz32(a);
  changeFlags(cpu, ZF, a === 0 ? ZF : 0);
}

export function setcc(cpu: Cpu, i: Instruction): void {
  assign8(cpu, i, condition(cpu, i.cc) ? 1 : 0);
}

export function bswap32(cpu: Cpu, i: Instruction): void {
  const v = cpu.s[i.reg];
  cpu.s[i.reg] = (v << 24) | ((v & 0xff00) << 8) | ((v >>> 8) & 0xff00) | (v >>> 24);
}

/** Undefined by the manual; processors of the time give 0. */
export function bswap16(cpu: Cpu, i: Instruction): void {
  cpu.w[i.reg] = 0;
}

export const BIT_HANDLERS: Handlers = {
  bt16,
  bt32,
  bts16,
  bts32,
  btr16,
  btr32,
  btc16,
  btc32,
  btImm16,
  btImm32,
  btsImm16,
  btsImm32,
  btrImm16,
  btrImm32,
  btcImm16,
  btcImm32,
  bsf16,
  bsf32,
  bsr16,
  bsr32,
  setcc,
  bswap16,
  bswap32,
};
