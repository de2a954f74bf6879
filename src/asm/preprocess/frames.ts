import type { Position } from '../errors.ts';
import type { Token } from '../lexer.ts';
import type { MacroCall } from './macros.ts';
import type { Origin, SourceLine } from './source.ts';

export const MAX_FRAMES = 512;
export const MAX_LINES = 200_000;
export const MAX_REPEATS = 1_000_000;

/** One open %if. */
export interface Condition {
  /** Lines are taken now. */
  active: boolean;
  /** Some branch was, or may no longer be. */
  taken: boolean;
  /** %else was met. */
  closed: boolean;
  readonly position: Position;
}

/** Where lines are read from: a file, one use of a macro, or the body of %rep. */
export interface Frame {
  readonly kind: 'file' | 'macro' | 'repeat';
  readonly lines: readonly SourceLine[];
  at: number;
  readonly conditions: Condition[];
  /** The use whose parameters are in force. */
  readonly call: MacroCall | undefined;
  readonly origin: Origin | undefined;
  /** The line to show in place of ours, inside the standard macros. */
  readonly hidden: SourceLine | undefined;
  /** Times a %rep body is still to be read, this one included. */
  repeats: number;
}

/** A line as the assembler reads it. */
export interface Line {
  /** Without white space and comment; empty when there is nothing to assemble. */
  readonly tokens: readonly Token[];
  readonly source: SourceLine;
  readonly comment: string | undefined;
  readonly origin: Origin | undefined;
  /** Macros and repetitions around it; -1 when it repeats a line that was shown. */
  readonly depth: number;
}
