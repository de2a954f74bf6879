/** Bytes to instructions: SDM vol 2, chapter 2. */
import { CS, DS, ES, FS, GS, type Insn, Kind, SS, ZERO_SLOT } from './insn.ts';
import { type Candidate, OPCODES } from './opcodes.ts';
import type { Operand, Row } from './row.ts';

/** An instruction is at most this long, prefixes included (SDM vol 2, 2.3.11). */
export const MAX_LENGTH = 15;

export const UNDEFINED_ROW: Row = { mnemonic: '(undefined)', encoding: '', operands: [], exec: 'undefined', ends: true };
/** The same after an ESC byte, D8 to DF. */
export const UNDEFINED_ESCAPE_ROW: Row = { mnemonic: '(undefined)', encoding: '', operands: [], exec: 'undefinedEscape', ends: true };
export const TOO_LONG_ROW: Row = { mnemonic: '(too long)', encoding: '', operands: [], exec: 'tooLong', ends: true };

const SEGMENT_NUMBER: Record<string, number> = { ES, CS, SS, DS, FS, GS };
const ESP = 4;
const EBP = 5;
/** Base and index of the eight 16-bit addressing forms (SDM vol 2, table 2-1), as register numbers; -1 is none. */
const BASE_16 = [3, 3, 5, 5, 6, 7, 5, 3];
const INDEX_16 = [6, 7, 6, 7, -1, -1, -1, -1];

/** D8 to DF, without their low three bits. */
const ESCAPES = 0xd8 >> 3;
/** 0F 38: another opcode byte follows. */
const ESCAPE_38 = 256 + 0x38;

let bytes: Uint8Array;
let position = 0;
let end = 0;
/** Set when more bytes were asked for than there are. */
let short = false;

function byte(): number {
  if (position >= end) {
    short = true;
    return 0;
  }
  return bytes[position++];
}

const word = (): number => byte() | (byte() << 8);
const dword = (): number => word() | (word() << 16);
const signed = (): number => (byte() << 24) >> 24;

const byteRegister = (r: number): number => (r & 3) * 8 + (r >> 2);
const slot = (r: number): number => (r < 0 ? ZERO_SLOT : r * 2);

/** Index of register `r` in the view of the operand's size. */
function registerIndex(operand: Operand, r: number, operandSize: number): number {
  switch (operand[1]) {
    case 'b':
      return byteRegister(r);
    case 'w':
      return r * 4;
    case 'v':
      return operandSize === 16 ? r * 4 : r * 2;
    default:
      return r * 2;
  }
}

function memory32(insn: Insn, mod: number, low: number, override: number): void {
  let base = low;
  let index = -1;
  if (low === ESP) {
    const sib = byte();
    base = sib & 7;
    index = (sib >> 3) & 7;
    if (index === ESP) index = -1;
    else insn.scale = sib >> 6;
  }
  if (base === EBP && mod === 0) {
    base = -1;
    insn.disp = dword();
  } else if (mod === 1) insn.disp = signed();
  else if (mod === 2) insn.disp = dword();
  insn.base = slot(base);
  insn.index = slot(index);
  insn.seg = override >= 0 ? override : base === ESP || base === EBP ? SS : DS;
}

function memory16(insn: Insn, mod: number, low: number, override: number): void {
  let base = BASE_16[low];
  if (low === 6 && mod === 0) {
    base = -1;
    insn.disp = word();
  } else if (mod === 1) insn.disp = signed();
  else if (mod === 2) insn.disp = word();
  insn.base = slot(base);
  insn.index = slot(INDEX_16[low]);
  insn.seg = override >= 0 ? override : base === EBP ? SS : DS;
}

function matches(c: Candidate, modrm: number, rep: number, size66: boolean, operandSize: number): boolean {
  if (c.prefix === 0x66 ? !size66 || rep !== 0 : c.prefix !== 0 && rep !== c.prefix) return false;
  if (c.noPrefix && (size66 || rep !== 0)) return false;
  if (c.exact >= 0 && (modrm & c.exactMask) !== c.exact) return false;
  if (c.digit >= 0 && ((modrm >> 3) & 7) !== c.digit) return false;
  if (c.memoryOnly && modrm >= 0xc0) return false;
  return c.operandSize === 0 || c.operandSize === operandSize;
}

/** Decodes one operand; returns where it lies. */
function operand(insn: Insn, letters: Operand, modrm: number, opcode: number, override: number): number {
  switch (letters) {
    case 'AL':
    case 'AX':
    case 'eAX':
      insn.reg = 0;
      return Kind.G;
    case 'CL':
      return Kind.CL;
    case 'DX':
      return Kind.DX;
    case '1':
    case '3':
      insn.imm = Number(letters);
      return Kind.I;
    case 'ES':
    case 'CS':
    case 'SS':
    case 'DS':
    case 'FS':
    case 'GS':
      insn.reg = SEGMENT_NUMBER[letters];
      return Kind.G;
    case 'Ib':
      if (insn.row.exec === 'enter') insn.imm2 = byte();
      else insn.imm = byte();
      return Kind.I;
    case 'sIb':
    case 'Jb':
      insn.imm = signed();
      return Kind.I;
    case 'Iw':
      insn.imm = word();
      return Kind.I;
    case 'Iz':
    case 'Iv':
      insn.imm = insn.operandSize === 16 ? word() : dword();
      return Kind.I;
    case 'Jz':
      insn.imm = insn.operandSize === 16 ? (word() << 16) >> 16 : dword();
      return Kind.I;
    case 'Ap':
      insn.imm = insn.operandSize === 16 ? word() : dword();
      insn.imm2 = word();
      return Kind.I;
    case 'Ob':
    case 'Ov':
      insn.mem = 1;
      insn.disp = insn.addressSize === 16 ? word() : dword();
      insn.seg = override >= 0 ? override : DS;
      return Kind.E;
    case 'Sw':
    case 'Cd':
    case 'Dd':
      insn.reg = (modrm >> 3) & 7;
      return Kind.G;
    case 'STi':
      insn.rm = modrm & 7;
      return Kind.E;
    case 'ST0':
      return Kind.NONE;
    case 'Zb':
    case 'Zv':
      insn.reg = registerIndex(letters, opcode & 7, insn.operandSize);
      return Kind.G;
    default:
      if (letters[0] === 'G') {
        insn.reg = registerIndex(letters, (modrm >> 3) & 7, insn.operandSize);
        return Kind.G;
      }
      if (insn.mem === 0) insn.rm = registerIndex(letters, modrm & 7, insn.operandSize);
      return Kind.E;
  }
}

function finish(insn: Insn, row: Row, start: number): boolean {
  if (short && end - start < MAX_LENGTH) return false;
  insn.length = position - start;
  if (short || insn.length > MAX_LENGTH) {
    row = TOO_LONG_ROW;
    insn.length = MAX_LENGTH;
  }
  insn.to = insn.dst === Kind.G ? insn.reg : insn.rm;
  insn.from = insn.src === Kind.G ? insn.reg : insn.rm;
  insn.row = row;
  insn.key = keyOf(row, insn.operandSize);
  return true;
}

/** Keys of the rows seen, for 16-bit and 32-bit operands: making a string anew would cost as much as decoding. */
const keys = new Map<Row, readonly [string, string]>();

function keyOf(row: Row, operandSize: number): string {
  if (row.size === undefined) return row.exec;
  let pair = keys.get(row);
  if (pair === undefined) {
    pair = row.size === 'b' ? [`${row.exec}8`, `${row.exec}8`] : [`${row.exec}16`, `${row.exec}32`];
    keys.set(row, pair);
  }
  return pair[operandSize === 16 ? 0 : 1];
}

/**
 * Decodes the instruction at `start` into `insn`, a fresh one.
 *
 * @param code the bytes; those from `limit` on are not looked at
 * @param is32 the D bit of the code segment
 * @returns false when the instruction goes on past `limit`
 */
export function decode(insn: Insn, code: Uint8Array, start: number, limit: number, is32: boolean): boolean {
  bytes = code;
  position = start;
  end = Math.min(limit, start + MAX_LENGTH);
  short = false;
  let override = -1;
  let rep = 0;
  let lock = false;
  let size66 = false;
  let size67 = false;
  let opcode = 0;
  for (;;) {
    opcode = byte();
    if (short) return finish(insn, UNDEFINED_ROW, start);
    if (opcode === 0x26) override = ES;
    else if (opcode === 0x2e) override = CS;
    else if (opcode === 0x36) override = SS;
    else if (opcode === 0x3e) override = DS;
    else if (opcode === 0x64) override = FS;
    else if (opcode === 0x65) override = GS;
    else if (opcode === 0x66) size66 = true;
    else if (opcode === 0x67) size67 = true;
    else if (opcode === 0xf0) lock = true;
    else if (opcode === 0xf2 || opcode === 0xf3) rep = opcode;
    else break;
  }
  insn.operandSize = is32 !== size66 ? 32 : 16;
  insn.addressSize = is32 !== size67 ? 32 : 16;
  insn.mask = insn.addressSize === 32 ? -1 : 0xffff;
  insn.seg = override >= 0 ? override : DS;
  if (opcode === 0x0f) {
    opcode = 256 + byte();
    if (opcode === ESCAPE_38) opcode = 512 + byte();
  }
  const candidates = OPCODES[opcode];
  if (short || candidates.length === 0) return finish(insn, UNDEFINED_ROW, start);

  let modrm = 0;
  if (candidates[0].modrm) modrm = byte();
  if (short) return finish(insn, UNDEFINED_ROW, start);
  let found: Candidate | undefined;
  for (const c of candidates) {
    if (matches(c, modrm, rep, size66, insn.operandSize)) {
      found = c;
      break;
    }
  }
  if (found === undefined) return finish(insn, !lock && opcode >> 3 === ESCAPES ? UNDEFINED_ESCAPE_ROW : UNDEFINED_ROW, start);

  const row = found.row;
  const { operands } = row;
  insn.row = row;
  if (found.modrm && modrm < 0xc0 && operands[0] !== 'Rd' && operands[1] !== 'Rd') {
    insn.mem = 1;
    if (insn.addressSize === 32) memory32(insn, modrm >> 6, modrm & 7, override);
    else memory16(insn, modrm >> 6, modrm & 7, override);
  }
  insn.cc = opcode & 15;
  insn.rep = row.rep !== undefined ? rep : 0;
  insn.lock = lock ? 1 : 0;
  if (operands.length > 0) insn.dst = operand(insn, operands[0], modrm, opcode, override);
  if (operands.length > 1) insn.src = operand(insn, operands[1], modrm, opcode, override);
  if (operands.length > 2) {
    const third = operand(insn, operands[2], modrm, opcode, override);
    if (third === Kind.CL) insn.imm2 = -1;
  }
  const lockable = row.lock === true && insn.mem === 1 && insn.dst === Kind.E;
  return finish(insn, lock && !lockable ? UNDEFINED_ROW : row, start);
}
