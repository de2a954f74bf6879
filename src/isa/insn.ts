import type { Row } from './row.ts';

/** Where a decoded operand lies. `G` is the register in `reg`, `E` the register in `rm` or memory, `I` the immediate. */
export const Kind = { NONE: 0, G: 1, E: 2, I: 3, CL: 4, DX: 5 } as const;

/** Segment registers by the number the instruction encodings use. */
export const ES = 0;
export const CS = 1;
export const SS = 2;
export const DS = 3;
export const FS = 4;
export const GS = 5;

/** Arena index of a doubleword that is always 0: the base or index that an address does not have. */
export const ZERO_SLOT = 16;

/** What an instruction does. (As a method type, so that a decoder of `Insn<unknown>` may fill an `Insn<C>`.) */
export type Behaviour<C> = { run(cpu: C, insn: Insn<C>): void }['run'];

/**
 * One decoded instruction, of fixed shape. `C` is the processor that executes it; the table of instructions does not know it.
 *
 * General registers lie 8 bytes apart from the start of the processor's arena. `reg` and `rm` index the view of the arena that has
 * their operand's size: doubleword r at 2r, word r at 4r, bytes AL CL DL BL at 8r and AH CH DH BH at 8r + 1.
 */
export class Insn<C = unknown> {
  exec!: Behaviour<C>;
  /** What `exec` does once the exit gate lets it, in guest mode for a row with an exit column. */
  behaviour!: Behaviour<C>;
  row!: Row;
  /** `exec` of the row with its operand size where it has one: `add32`. */
  key = '';
  /** Bytes, prefixes included. */
  length = 0;
  /** 16 or 32. */
  operandSize = 32;
  addressSize = 32;
  /** Index of the ModRM register operand (or of `+r`); the plain number for segment, control and debug registers. */
  reg = 0;
  /** Index of the ModRM r/m operand when it is a register. */
  rm = 0;
  /** 1 when the r/m operand is memory. */
  mem = 0;
  /** Index of the first and of the second operand, where they are registers of the operand's size. */
  to = 0;
  from = 0;
  /** Number by which the loop calls `exec` directly, 0 for none. */
  direct = 0;
  base = ZERO_SLOT;
  index = ZERO_SLOT;
  scale = 0;
  disp = 0;
  /** FFFFh for 16-bit addressing, else -1. */
  mask = -1;
  /** Segment of the memory operand after overrides. */
  seg = DS;
  imm = 0;
  imm2 = 0;
  dst: number = Kind.NONE;
  src: number = Kind.NONE;
  /** Low four bits of the opcode of Jcc, SETcc and CMOVcc. */
  cc = 0;
  /** 0, F2h or F3h. */
  rep = 0;
  lock = 0;
  /** Cycles when nothing stalls. */
  cost = 1;
  /** Of its block, up to its end: bytes, and cycles. */
  behind = 0;
  spent = 0;
}
