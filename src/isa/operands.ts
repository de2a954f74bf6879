import type { Operand, Row } from './row.ts';

/** The addressing method of an operand's letters, `ST` for a register of the floating-point stack, `=` for a register or number that the row names itself. */
export type Method = 'E' | 'G' | 'M' | 'R' | 'I' | 'sI' | 'J' | 'O' | 'A' | 'S' | 'C' | 'D' | 'X' | 'Y' | 'Z' | 'ST' | '=';

export interface OperandLetters {
  readonly method: Method;
  /** `b`, `w`, `d`, `q`, `t`, `v`, `z`, `p`, `s`, `a`, or empty for bare `M` and for what a row names itself. */
  readonly type: string;
}

const NAMED: ReadonlySet<string> = new Set(['AL', 'AX', 'eAX', 'CL', 'DX', '1', '3', 'ES', 'CS', 'SS', 'DS', 'FS', 'GS', 'ST0']);

/** `Ev` taken apart: method E, type v. */
export function operandLetters(operand: Operand): OperandLetters {
  if (NAMED.has(operand)) return { method: '=', type: '' };
  if (operand === 'STi') return { method: 'ST', type: '' };
  if (operand === 'sIb') return { method: 'sI', type: 'b' };
  return { method: operand[0] as Method, type: operand.slice(1) };
}

/** These write a register of the operand size but always a word of memory (the manual's `Rv/Mw`). */
const WORD_IN_MEMORY: ReadonlySet<string> = new Set(['movFromSegment', 'sldt', 'str', 'smsw']);

/**
 * Bits of an operand in memory; 0 when the row gives it no size that a program would state (`M`, pseudo-descriptors).
 * Far pointers count their offset only, as programs state it.
 */
export function memoryBits(row: Row, operand: Operand, operandSize: 16 | 32): number {
  const { method, type } = operandLetters(operand);
  if (method === 'E' && type === 'v' && WORD_IN_MEMORY.has(row.exec)) return 16;
  return typeBits(type, operandSize);
}

/** Bits that an operand's type letter stands for at an operand size; 0 for none. */
export function typeBits(type: string, operandSize: 16 | 32): number {
  switch (type) {
    case 'b':
      return 8;
    case 'w':
      return 16;
    case 'd':
      return 32;
    case 'q':
      return 64;
    case 't':
      return 80;
    case 'v':
    case 'z':
    case 'p':
      return operandSize;
    default:
      return 0;
  }
}
