/** Operands: where an instruction reads and writes. One function for each size; the decoder has said where each operand lies. */
import { type Insn, Kind } from '../../isa/insn.ts';
import type { Cpu } from '../cpu.ts';
import {
  effectiveAddress,
  modify8,
  modify16,
  modify32,
  read8,
  read16,
  read32,
  store8,
  store16,
  store32,
  write8,
  write16,
  write32,
} from '../memory.ts';
import { at } from '../state.ts';

export type Instruction = Insn<Cpu>;
export type Handler = (cpu: Cpu, insn: Instruction) => void;
export type Handlers = Readonly<Record<string, Handler>>;

/** The r/m operand. */
export const rm8 = (cpu: Cpu, i: Instruction): number => (i.mem !== 0 ? read8(cpu, i.seg, effectiveAddress(cpu, i)) : cpu.b[i.rm]);
export const rm16 = (cpu: Cpu, i: Instruction): number => (i.mem !== 0 ? read16(cpu, i.seg, effectiveAddress(cpu, i)) : cpu.w[i.rm]);
export const rm32 = (cpu: Cpu, i: Instruction): number => (i.mem !== 0 ? read32(cpu, i.seg, effectiveAddress(cpu, i)) : cpu.s[i.rm]);

/** The second operand. */
export function source8(cpu: Cpu, i: Instruction): number {
  if (i.src === Kind.G) return cpu.b[i.reg];
  return i.src === Kind.I ? i.imm & 0xff : rm8(cpu, i);
}
export function source16(cpu: Cpu, i: Instruction): number {
  if (i.src === Kind.G) return cpu.w[i.reg];
  return i.src === Kind.I ? i.imm & 0xffff : rm16(cpu, i);
}
export function source32(cpu: Cpu, i: Instruction): number {
  if (i.src === Kind.G) return cpu.s[i.reg];
  return i.src === Kind.I ? i.imm : rm32(cpu, i);
}

/** The first operand, only read. */
export function first8(cpu: Cpu, i: Instruction): number {
  return i.dst === Kind.G ? cpu.b[i.reg] : rm8(cpu, i);
}
export function first16(cpu: Cpu, i: Instruction): number {
  if (i.dst === Kind.G) return cpu.w[i.reg];
  return i.dst === Kind.I ? i.imm & 0xffff : rm16(cpu, i);
}
export function first32(cpu: Cpu, i: Instruction): number {
  if (i.dst === Kind.G) return cpu.s[i.reg];
  return i.dst === Kind.I ? i.imm : rm32(cpu, i);
}

/** The first operand, read to be written by `store*` below; faults as the write would. */
export function destination8(cpu: Cpu, i: Instruction): number {
  if (i.dst === Kind.G) return cpu.b[i.reg];
  return i.mem !== 0 ? modify8(cpu, i.seg, effectiveAddress(cpu, i)) : cpu.b[i.rm];
}
export function destination16(cpu: Cpu, i: Instruction): number {
  if (i.dst === Kind.G) return cpu.w[i.reg];
  return i.mem !== 0 ? modify16(cpu, i.seg, effectiveAddress(cpu, i)) : cpu.w[i.rm];
}
export function destination32(cpu: Cpu, i: Instruction): number {
  if (i.dst === Kind.G) return cpu.s[i.reg];
  return i.mem !== 0 ? modify32(cpu, i.seg, effectiveAddress(cpu, i)) : cpu.s[i.rm];
}

export function finish8(cpu: Cpu, i: Instruction, value: number): void {
  if (i.dst === Kind.G) cpu.b[i.reg] = value;
  else if (i.mem !== 0) store8(cpu, cpu.storeAddress, value);
  else cpu.b[i.rm] = value;
}
export function finish16(cpu: Cpu, i: Instruction, value: number): void {
  if (i.dst === Kind.G) cpu.w[i.reg] = value;
  else if (i.mem !== 0) store16(cpu, cpu.storeAddress, value);
  else cpu.w[i.rm] = value;
}
export function finish32(cpu: Cpu, i: Instruction, value: number): void {
  if (i.dst === Kind.G) cpu.s[i.reg] = value;
  else if (i.mem !== 0) store32(cpu, cpu.storeAddress, value);
  else cpu.s[i.rm] = value;
}

/** The first operand, written without having been read. */
export function assign8(cpu: Cpu, i: Instruction, value: number): void {
  if (i.dst === Kind.G) cpu.b[i.reg] = value;
  else if (i.mem !== 0) write8(cpu, i.seg, effectiveAddress(cpu, i), value);
  else cpu.b[i.rm] = value;
}
export function assign16(cpu: Cpu, i: Instruction, value: number): void {
  if (i.dst === Kind.G) cpu.w[i.reg] = value;
  else if (i.mem !== 0) write16(cpu, i.seg, effectiveAddress(cpu, i), value);
  else cpu.w[i.rm] = value;
}
export function assign32(cpu: Cpu, i: Instruction, value: number): void {
  if (i.dst === Kind.G) cpu.s[i.reg] = value;
  else if (i.mem !== 0) write32(cpu, i.seg, effectiveAddress(cpu, i), value);
  else cpu.s[i.rm] = value;
}

/** Shift count: CL, or the immediate. */
export const count = (cpu: Cpu, i: Instruction): number => (i.src === Kind.CL ? cpu.s[at.ecx] : i.imm) & 31;

export const signed8 = (value: number): number => (value << 24) >> 24;
export const signed16 = (value: number): number => (value << 16) >> 16;
