/** The opcode map, derived from the table: which rows an opcode may be, and what tells them apart. */
import type { Row } from './row.ts';
import { ROWS } from './table.ts';

export interface Candidate {
  readonly row: Row;
  /** A prefix that is part of the opcode: 66h, F2h, F3h or 0. */
  readonly prefix: number;
  /** No 66h, F2h or F3h may stand before it. */
  readonly noPrefix: boolean;
  /** ModRM 5:3, or -1. */
  readonly digit: number;
  /** The ModRM byte, as far as the mask goes, or -1. */
  readonly exact: number;
  readonly exactMask: number;
  readonly modrm: boolean;
  readonly memoryOnly: boolean;
  /** 16 or 32 when only that operand size selects the row, else 0. */
  readonly operandSize: number;
}

const HEX = /^[0-9A-F]{2}$/;

/** The parts of a row's encoding: opcode bytes after a mandatory prefix, and what follows them. */
export interface Encoding {
  readonly prefix: number;
  /** NP: neither 66, F2 nor F3 before it. */
  readonly noPrefix: boolean;
  /** 0F before the opcode byte. */
  readonly twoByte: boolean;
  /** 0F 38 before the opcode byte. */
  readonly threeByte: boolean;
  readonly opcode: number;
  /** `i`: the low three bits of `exact` name a register. */
  readonly plus: '' | 'r' | 'cc' | 'i';
  readonly digit: number;
  readonly exact: number;
}

/** Reads the manual's notation: `F3 0F C7 /6`, `40+r`, `0F 01 C1`. */
export function parseEncoding(text: string): Encoding {
  const tokens = text.split(' ');
  let prefix = 0;
  const noPrefix = tokens[0] === 'NP';
  if (noPrefix) tokens.shift();
  if (tokens.length > 1 && ['66', 'F2', 'F3'].includes(tokens[0]) && tokens[1] !== undefined)
    prefix = Number.parseInt(tokens.shift() as string, 16);
  const twoByte = tokens[0] === '0F';
  if (twoByte) tokens.shift();
  const threeByte = twoByte && tokens.length > 1 && tokens[0] === '38';
  if (threeByte) tokens.shift();
  const [low, own = ''] = (tokens.shift() as string).split('+');
  let plus = own;
  let digit = -1;
  let exact = -1;
  for (const token of tokens) {
    if (token.startsWith('/')) digit = Number(token.slice(1));
    else {
      const [byte, register] = token.split('+');
      if (HEX.test(byte)) exact = Number.parseInt(byte, 16);
      if (register !== undefined) plus = register;
    }
  }
  return { prefix, noPrefix, twoByte, threeByte, opcode: Number.parseInt(low, 16), plus: plus as Encoding['plus'], digit, exact };
}

const MODRM = /^([EGMR]|Sw|Cd|Dd)/;

/** Whether a ModRM byte follows the opcode. `GS` is a fixed register, not a G operand. */
export const hasModrm = (row: Row, encoding: Encoding): boolean =>
  encoding.digit >= 0 || encoding.exact >= 0 || row.operands.some((operand) => operand !== 'GS' && operand !== 'ES' && MODRM.test(operand));

function candidate(row: Row, encoding: Encoding): Candidate {
  return {
    row,
    prefix: encoding.prefix,
    noPrefix: encoding.noPrefix || (encoding.prefix === 0 && (row.gate?.includes('VMX') ?? false)),
    digit: encoding.digit,
    exact: encoding.exact,
    exactMask: encoding.plus === 'i' ? 0xf8 : 0xff,
    modrm: hasModrm(row, encoding),
    memoryOnly: row.operands.some((operand) => operand[0] === 'M'),
    operandSize: row.size === 16 || row.size === 32 ? row.size : 0,
  };
}

function build(): readonly (readonly Candidate[])[] {
  const map: Candidate[][] = Array.from({ length: 768 }, () => []);
  for (const row of ROWS) {
    const encoding = parseEncoding(row.encoding);
    const first = encoding.opcode + (encoding.threeByte ? 512 : encoding.twoByte ? 256 : 0);
    const count = encoding.plus === 'r' ? 8 : encoding.plus === 'cc' ? 16 : 1;
    for (let i = 0; i < count; i++) map[first + i].push(candidate(row, encoding));
  }
  for (const list of map) list.sort((a, b) => Number(b.prefix !== 0) - Number(a.prefix !== 0));
  return map;
}

/** Indexed by the opcode byte, plus 256 after 0F, plus 512 after 0F 38. An empty list is #UD. */
export const OPCODES = build();
