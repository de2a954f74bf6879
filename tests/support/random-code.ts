/** Random instructions made from the table: every row, prefixes now and then, every form of ModRM and SIB. */
import { hasModrm, parseEncoding } from '../../src/isa/opcodes.ts';
import type { Operand, Row } from '../../src/isa/row.ts';
import { ROWS } from '../../src/isa/table.ts';
import type { Random } from './random.ts';

const PREFIXES = [0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65, 0x66, 0x67, 0xf0, 0xf2, 0xf3];

interface Template {
  readonly row: Row;
  readonly prefix: number;
  readonly opcode: readonly number[];
  readonly plus: '' | 'r' | 'cc' | 'i';
  readonly modrm: boolean;
  readonly digit: number;
  readonly operands: readonly Operand[];
}

function templateOf(row: Row): Template {
  const encoding = parseEncoding(row.encoding);
  const { prefix, plus, digit } = encoding;
  const opcode = [...(encoding.twoByte ? [0x0f] : []), ...(encoding.threeByte ? [0x38] : []), encoding.opcode];
  const exact = encoding.exact >= 0;
  return {
    row,
    prefix,
    opcode: exact ? [...opcode, encoding.exact] : opcode,
    plus,
    modrm: !exact && hasModrm(row, encoding),
    digit,
    operands: row.operands,
  };
}

const TEMPLATES = ROWS.map(templateOf);

/** Bytes of one instruction. */
class Writer {
  at = 0;
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  put(value: number, size = 1): void {
    for (let k = 0; k < size && this.at < this.bytes.length; k++) this.bytes[this.at++] = value >>> (8 * k);
  }
}

/** A number that is often small, and often one at the edge of a range. */
function number(random: Random): number {
  switch (random.below(6)) {
    case 0:
      return random.dword();
    case 1:
      return random.below(65536);
    case 2:
      return random.pick([0, 1, -1, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0x7fffffff, 0x80000000]);
    default:
      return random.below(256) - 128;
  }
}

/** What the caller knows that makes an instruction do more than fault. */
export interface Hints {
  /** Selectors worth loading. */
  readonly selectors?: readonly number[];
  /** Addresses worth reading, jumping to or writing: below this. */
  readonly memory?: number;
}

function displacement(random: Random, size: 2 | 4, { memory = 65536 }: Hints): number {
  if (random.oneIn(4)) return number(random);
  return random.below(size === 2 ? Math.min(memory, 65536) : memory);
}

function address(w: Writer, random: Random, addressSize: 16 | 32, reg: number, hints: Hints): void {
  const mod = random.oneIn(3) ? 3 : random.below(3);
  const low = random.below(8);
  w.put((mod << 6) | (reg << 3) | low);
  if (mod === 3) return;
  if (addressSize === 16) {
    if (mod === 2 || (mod === 0 && low === 6)) w.put(displacement(random, 2, hints), 2);
    else if (mod === 1) w.put(random.below(256));
    return;
  }
  let base = low;
  if (low === 4) {
    const sib = random.below(256);
    w.put(sib);
    base = sib & 7;
  }
  if (mod === 2 || (mod === 0 && base === 5)) w.put(displacement(random, 4, hints), 4);
  else if (mod === 1) w.put(random.below(256));
}

function immediate(w: Writer, random: Random, operand: Operand, operandSize: 16 | 32, addressSize: 16 | 32, hints: Hints): void {
  const wide = operandSize === 32 ? 4 : 2;
  switch (operand) {
    case 'Ib':
    case 'sIb':
    case 'Jb':
      w.put(random.below(256));
      break;
    case 'Iw':
      w.put(random.oneIn(4) ? number(random) : random.below(32), 2);
      break;
    case 'Iz':
    case 'Iv':
      w.put(random.oneIn(4) && hints.selectors !== undefined ? random.pick(hints.selectors) : number(random), wide);
      break;
    case 'Jz':
      w.put(random.oneIn(6) ? number(random) : random.below(1024) - 512, wide);
      break;
    case 'Ap':
      w.put(displacement(random, wide, hints), wide);
      w.put(hints.selectors === undefined || random.oneIn(4) ? number(random) : random.pick(hints.selectors), 2);
      break;
    case 'Ob':
    case 'Ov':
      w.put(displacement(random, addressSize === 32 ? 4 : 2, hints), addressSize === 32 ? 4 : 2);
      break;
    default:
  }
}

/**
 * Writes one instruction at the start of `bytes` and returns its length; it is cut where they end.
 *
 * @param bits 16 or 32, of the code segment
 */
export function randomInstruction(random: Random, bits: 16 | 32, bytes: Uint8Array, hints: Hints = {}): number {
  const template = random.pick(TEMPLATES);
  const { row } = template;
  const w = new Writer(bytes);
  let size66 = template.prefix === 0x66 || (row.size === 16 && bits === 32) || (row.size === 32 && bits === 16);
  let size67 = false;
  const prefixes = random.oneIn(4) ? 1 + random.below(random.oneIn(8) ? 13 : 2) : 0;
  if (size66) w.put(0x66);
  for (let k = 0; k < prefixes; k++) {
    const prefix = random.pick(PREFIXES);
    if (prefix === 0x66) size66 = true;
    if (prefix === 0x67) size67 = true;
    w.put(prefix);
  }
  if (template.prefix !== 0 && template.prefix !== 0x66) w.put(template.prefix);
  else if (row.rep !== undefined && random.oneIn(3)) w.put(random.oneIn(2) ? 0xf2 : 0xf3);
  const operandSize = (bits === 32) !== size66 ? 32 : 16;
  const addressSize = (bits === 32) !== size67 ? 32 : 16;
  const { opcode, plus } = template;
  opcode.forEach((byte, k) => {
    const last = k === opcode.length - 1;
    w.put(last && (plus === 'r' || plus === 'i') ? byte + random.below(8) : last && plus === 'cc' ? byte + random.below(16) : byte);
  });
  if (template.modrm) address(w, random, addressSize, template.digit >= 0 ? template.digit : random.below(8), hints);
  for (const operand of template.operands) immediate(w, random, operand, operandSize, addressSize, hints);
  return w.at;
}
