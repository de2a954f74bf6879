/** Moves, and what loads or checks in passing (LDS and its kin, BOUND, ARPL): SDM vol 2. */
import { SS } from '../../isa/insn.ts';
import type { Cpu } from '../cpu.ts';
import { changeFlags, condition } from '../flags.ts';
import { effectiveAddress, read8, read16, read32, write16 } from '../memory.ts';
import { BLOCKED_BY_MOV_SS, BR, UD, ZF } from '../registers.ts';
import { isProtected, loadSegment } from '../segments.ts';
import { at, segmentAt } from '../state.ts';
import {
  assign8,
  assign16,
  assign32,
  destination16,
  finish16,
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

export function shadowMovSs(cpu: Cpu): void {
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

export function nop(): void {}

export function xlat(cpu: Cpu, i: Instruction): void {
  cpu.b[0] = read8(cpu, i.seg, (cpu.s[at.ebx] + cpu.b[0]) & i.mask);
}

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
  nop,
  xlat,
  loadFar16,
  loadFar32,
  bound16,
  bound32,
  arpl,
};
