/** Registers and flags. */

export interface RegisterView {
  readonly name: string;
  readonly value: number;
  readonly previous: number;
  readonly changed: boolean;
  /** Read or written by the current instruction. */
  readonly used: boolean;
}

export interface FlagView {
  readonly name: string;
  readonly set: boolean;
  readonly changed: boolean;
}
