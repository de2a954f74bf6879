/** Registers and flags. */

export interface RegisterView {
  readonly name: string;
  readonly value: number;
  readonly previous: number;
  readonly changed: boolean;
  /** Read or written by the current instruction. */
  readonly used: boolean;
  /** Of a control register: the names of its bits that are 1. */
  readonly bits: string;
  /** Of a control register, where a guest and the processor have different ones: the other side's, and whose it is. */
  readonly other: { readonly whose: string; readonly value: number } | null;
}

export interface FlagView {
  readonly name: string;
  readonly set: boolean;
  readonly changed: boolean;
}
