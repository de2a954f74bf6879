/** What makes a machine another one than its scenario and technique say. */

/** From line `line` of the text before, from 1, `gone` lines go and these come. */
export type Hunk = readonly [line: number, gone: number, ...come: string[]];

/** What a reader has changed of a source. */
export interface SourceEdit {
  /** In src/guest. */
  readonly path: string;
  /** CRC-32 of the text before; empty where there was none. */
  readonly of: string;
  /** In rising order, apart by at least one line. */
  readonly hunks: readonly Hunk[];
}

/** What was typed at a console (by index of the board's list) when the step count was `n`: a character for each byte, U+0000 to U+00FF. */
export type Typed = readonly [n: number, console: number, text: string];

export interface Setup {
  /** A processor by its name; null is the technique's usual one. */
  readonly cpu: string | null;
  /** A cost profile by its name; null is the usual one. */
  readonly costs: string | null;
  readonly edits: readonly SourceEdit[];
  /** By the reader, in the order of the steps. */
  readonly inputs: readonly Typed[];
}
