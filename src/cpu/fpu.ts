/** The state of the floating-point unit, and its images in memory: SDM vol 1, 8.1 and 10.5.1, vol 2 FNSTENV, FNSAVE and FXSAVE. */
import type { Cpu } from './cpu.ts';
import { CR0_NE } from './registers.ts';
import { isProtected } from './segments.ts';
import { MUST_END } from './signals.ts';
import { at } from './state.ts';

/*
 * Status word
 *
 *   15  14  13  11  10  9   8   7   6   5       0
 *   [B] [C3][ TOP ] [C2][C1][C0][ES][SF][ P U O Z D I ]
 *
 * ES (and B with it) says that an exception of bits 5:0 is not masked by the same bit of the control word.
 */
const EXCEPTIONS = 0x3f;
const SUMMARY = (1 << 7) | (1 << 15);
const TOP_SHIFT = 11;
const TOP = 7 << TOP_SHIFT;
/** FNCLEX leaves TOP and the condition codes. */
const CLEARED_BY_FNCLEX = SUMMARY | (1 << 6) | EXCEPTIONS;

/* Control word: masks 5:0, 1 6, precision 9:8, rounding 11:10, infinity 12. */
const FCW_DEFINED = 0x1f3f;
const FCW_FIXED = 0x40;
const FCW_INIT = 0x37f;
const FOP_DEFINED = 0x7ff;

/** Registers of 80 bits lie 12 bytes apart: significand 31:0 and 63:32, then sign and exponent. */
const REGISTERS = 8;
const WORDS = 3;
const registerAt = (cpu: Cpu, n: number): number => at.r0Low + WORDS * ((top(cpu) + n) & 7);

const top = (cpu: Cpu): number => (cpu.s[at.fsw] & TOP) >> TOP_SHIFT;

export function setTop(cpu: Cpu, delta: number): void {
  const { s } = cpu;
  s[at.fsw] = (s[at.fsw] & ~TOP) | (((top(cpu) + delta) & 7) << TOP_SHIFT);
}

/** Marks ST(n) empty. */
export function free(cpu: Cpu, n: number): void {
  cpu.s[at.ftw] &= ~(1 << ((top(cpu) + n) & 7));
}

/** After a change of either word. */
function summarize(cpu: Cpu): void {
  const { s } = cpu;
  const pending = (s[at.fsw] & ~s[at.fcw] & EXCEPTIONS) !== 0;
  s[at.fsw] = pending ? s[at.fsw] | SUMMARY : s[at.fsw] & ~SUMMARY;
  driveError(cpu);
}

/** After a change of either word, or of CR0.NE: FERR#, at once (SDM vol 1, D.2.2). What it leads to may interrupt. */
export function driveError(cpu: Cpu): void {
  const error = hasPendingError(cpu) && (cpu.s[at.cr0] & CR0_NE) === 0;
  cpu.bus.reportError(error);
  if (error) cpu.attention |= MUST_END;
}

/** Whether an exception waits for the next instruction that looks. */
export const hasPendingError = (cpu: Cpu): boolean => (cpu.s[at.fsw] & SUMMARY) !== 0;

export function setControlWord(cpu: Cpu, value: number): void {
  cpu.s[at.fcw] = (value & FCW_DEFINED) | FCW_FIXED;
  summarize(cpu);
}

/** FNINIT; the registers keep what they have, but count as empty. */
export function initialize(cpu: Cpu): void {
  const { s } = cpu;
  for (const item of [at.fsw, at.ftw, at.fop, at.fip, at.fcs, at.fdp, at.fds]) s[item] = 0;
  s[at.fcw] = FCW_INIT;
  driveError(cpu);
}

/** RESET: SDM vol 3, table 9-1. */
export function resetFpu(cpu: Cpu): void {
  const { s } = cpu;
  s[at.fcw] = FCW_FIXED;
  s[at.ftw] = 0xff;
}

export function clearExceptions(cpu: Cpu): void {
  cpu.s[at.fsw] &= ~CLEARED_BY_FNCLEX;
  driveError(cpu);
}

/** A piece of memory, taken apart from how it is reached. */
export class Image {
  readonly view: DataView;
  constructor(size: number) {
    this.view = new DataView(new ArrayBuffer(size));
  }
  word(offset: number): number {
    return this.view.getUint16(offset, true);
  }
  dword(offset: number): number {
    return this.view.getInt32(offset, true);
  }
  setWord(offset: number, value: number): void {
    this.view.setUint16(offset, value, true);
  }
  setDword(offset: number, value: number): void {
    this.view.setInt32(offset, value, true);
  }
}

const VALID = 0;
const ZERO = 1;
const SPECIAL = 2;
const EMPTY = 3;
const MAX_EXPONENT = 0x7fff;

/** What the tag word says of physical register `n`. */
function tagOf({ s }: Cpu, n: number): number {
  if (((s[at.ftw] >> n) & 1) === 0) return EMPTY;
  const register = at.r0Low + WORDS * n;
  const exponent = s[register + 2] & MAX_EXPONENT;
  if (exponent === 0) return (s[register] | s[register + 1]) === 0 ? ZERO : SPECIAL;
  return exponent !== MAX_EXPONENT && s[register + 1] < 0 ? VALID : SPECIAL;
}

function tagWord(cpu: Cpu): number {
  let tags = 0;
  for (let n = 0; n < REGISTERS; n++) tags |= tagOf(cpu, n) << (2 * n);
  return tags;
}

/** All that counts of a tag word that is loaded is which registers are empty. */
function setTagWord(cpu: Cpu, tags: number): void {
  let full = 0;
  for (let n = 0; n < REGISTERS; n++) if (((tags >> (2 * n)) & 3) !== EMPTY) full |= 1 << n;
  cpu.s[at.ftw] = full;
}

/** Bytes of the environment, and of all state, at each operand size. */
export const environmentSize = (wide: boolean): number => (wide ? 28 : 14);
export const STACK_SIZE = 80;
const RESERVED_HIGH = 0xffff0000 | 0;

/*
 * The environment has seven items of the operand size: FCW, FSW, FTW, then where the last instruction and its operand were. In protected mode these
 * are offset, selector with the opcode above it (32-bit form), offset, selector; in real and virtual-8086 mode linear addresses, whose upper bits
 * stand above bit 11 of the next item, the instruction's with the opcode below them.
 */
export function storeEnvironment(cpu: Cpu, image: Image, wide: boolean): void {
  const { s } = cpu;
  const item = (n: number, value: number): void => (wide ? image.setDword(4 * n, value) : image.setWord(2 * n, value));
  const words = [s[at.fcw], s[at.fsw], tagWord(cpu)];
  words.forEach((word, n) => {
    item(n, word | RESERVED_HIGH);
  });
  if (isProtected(cpu)) {
    item(3, s[at.fip]);
    item(4, (s[at.fcs] & 0xffff) | (s[at.fop] << 16));
    item(5, s[at.fdp]);
    item(6, s[at.fds] | RESERVED_HIGH);
    return;
  }
  const instruction = (s[at.fcs] << 4) + s[at.fip];
  const operand = (s[at.fds] << 4) + s[at.fdp];
  item(3, (instruction & 0xffff) | RESERVED_HIGH);
  item(4, s[at.fop] | ((instruction >>> 16) << 12));
  item(5, (operand & 0xffff) | RESERVED_HIGH);
  item(6, (operand >>> 16) << 12);
}

export function loadEnvironment(cpu: Cpu, image: Image, wide: boolean): void {
  const { s } = cpu;
  const item = (n: number): number => (wide ? image.dword(4 * n) : image.word(2 * n));
  s[at.fsw] = item(1) & 0xffff;
  setTagWord(cpu, item(2));
  setControlWord(cpu, item(0));
  if (isProtected(cpu)) {
    s[at.fip] = item(3);
    s[at.fcs] = item(4) & 0xffff;
    s[at.fop] = wide ? (item(4) >>> 16) & FOP_DEFINED : 0;
    s[at.fdp] = item(5);
    s[at.fds] = item(6) & 0xffff;
    return;
  }
  s[at.fip] = (item(3) & 0xffff) | ((item(4) >>> 12) << 16);
  s[at.fcs] = 0;
  s[at.fop] = item(4) & FOP_DEFINED;
  s[at.fdp] = (item(5) & 0xffff) | ((item(6) >>> 12) << 16);
  s[at.fds] = 0;
}

/** ST(0) to ST(7), `distance` bytes apart. */
export function storeStack(cpu: Cpu, image: Image, start: number, distance: number): void {
  for (let n = 0; n < REGISTERS; n++) {
    const from = registerAt(cpu, n);
    image.setDword(start + n * distance, cpu.s[from]);
    image.setDword(start + n * distance + 4, cpu.s[from + 1]);
    image.setWord(start + n * distance + 8, cpu.s[from + 2]);
  }
}

export function loadStack(cpu: Cpu, image: Image, start: number, distance: number): void {
  for (let n = 0; n < REGISTERS; n++) {
    const to = registerAt(cpu, n);
    cpu.s[to] = image.dword(start + n * distance);
    cpu.s[to + 1] = image.dword(start + n * distance + 4);
    cpu.s[to + 2] = image.word(start + n * distance + 8);
  }
}

/*
 * FXSAVE, 512 bytes: FCW 0, FSW 2, which registers are full 4, FOP 6, FIP 8, CS 12, FDP 16, DS 20, then ST(n) at 32 + 16 n. MXCSR at 24 and the
 * registers of SSE from 160 on belong to processors that have SSE.
 */
export const FX_SIZE = 512;
export const FX_STACK = 32;
export const FX_DISTANCE = 16;
export const FX_HEAD_END = 24;
export const FX_STACK_END = FX_STACK + FX_DISTANCE * REGISTERS;

export function storeFx(cpu: Cpu, image: Image): void {
  const { s } = cpu;
  image.setWord(0, s[at.fcw]);
  image.setWord(2, s[at.fsw]);
  image.setWord(4, s[at.ftw]);
  image.setWord(6, s[at.fop]);
  image.setDword(8, s[at.fip]);
  image.setDword(12, s[at.fcs]);
  image.setDword(16, s[at.fdp]);
  image.setDword(20, s[at.fds]);
  storeStack(cpu, image, FX_STACK, FX_DISTANCE);
}

export function loadFx(cpu: Cpu, image: Image): void {
  const { s } = cpu;
  s[at.fsw] = image.word(2);
  s[at.ftw] = image.word(4) & 0xff;
  s[at.fop] = image.word(6) & FOP_DEFINED;
  s[at.fip] = image.dword(8);
  s[at.fcs] = image.word(12);
  s[at.fdp] = image.dword(16);
  s[at.fds] = image.word(20);
  setControlWord(cpu, image.word(0));
  loadStack(cpu, image, FX_STACK, FX_DISTANCE);
}
