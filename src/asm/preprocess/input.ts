import { say } from '../../lib/say.ts';
import { type Diagnostics, FatalError, LineError, type Position } from '../errors.ts';
import type { Token } from '../lexer.ts';
import { type Frame, MAX_FRAMES } from './frames.ts';
import type { SourceLine } from './source.ts';

/** The stack that lines are read from: files, uses of macros, repetitions. */
export class Input {
  readonly #frames: Frame[] = [];
  readonly #diagnostics: Diagnostics;
  /** What the line read last came from, even when that has ended. */
  frame: Frame;
  line: SourceLine;

  constructor(diagnostics: Diagnostics, first: Frame, line: SourceLine) {
    this.#diagnostics = diagnostics;
    this.#frames.push(first);
    this.frame = first;
    this.line = line;
  }

  /** The line to show: not one of ours inside the standard macros. */
  get shown(): SourceLine {
    return this.frame.hidden ?? this.line;
  }

  get top(): Frame {
    return this.#frames[this.#frames.length - 1];
  }

  /** Macros and repetitions around the current line. */
  get depth(): number {
    let depth = 0;
    for (const frame of this.#frames) if (frame.kind !== 'file') depth++;
    return depth;
  }

  position(column: number): Position {
    const { file, line } = this.shown;
    return { file, line, column };
  }

  error(column: number, message: string, hint = ''): void {
    const { origin } = this.frame;
    const text = origin === undefined ? message : say`${message} (in macro \`${origin.macro}\`, used at ${origin.file}:${origin.line})`;
    this.#diagnostics.error(this.position(column), text, hint);
  }

  warning(column: number, message: string): void {
    this.#diagnostics.warning(this.position(column), message);
  }

  push(frame: Pick<Frame, 'kind' | 'lines'> & Partial<Frame>): void {
    if (this.#frames.length >= MAX_FRAMES)
      throw new FatalError(say`macros and includes are nested too deeply`, say`a macro or file uses itself`);
    this.#frames.push({ at: 0, conditions: [], call: undefined, origin: undefined, hidden: undefined, repeats: 0, ...frame });
  }

  /** The next line of the innermost frame that has one. */
  next(): SourceLine | undefined {
    for (;;) {
      const frame = this.top;
      if (frame.at < frame.lines.length) {
        this.frame = frame;
        this.line = frame.lines[frame.at++];
        return this.line;
      }
      if (frame.kind === 'repeat' && frame.repeats > 1) {
        frame.repeats--;
        frame.at = 0;
        continue;
      }
      this.#pop();
      if (this.#frames.length === 0) return undefined;
    }
  }

  #pop(): void {
    const frame = this.#frames.pop() as Frame;
    this.frame = frame;
    const open = frame.conditions[frame.conditions.length - 1];
    if (open !== undefined)
      this.#diagnostics.error(open.position, say`this condition has no %endif`, say`write %endif after its last line`);
    if (frame.kind === 'macro' && frame.call !== undefined) frame.call.macro.active--;
  }

  /** Gives up the innermost macro or repetition, and what lies in it. */
  leave(kind: 'macro' | 'repeat', directive: Token): void {
    const index = this.#frames.findLastIndex((frame) => frame.kind === kind);
    if (index < 0)
      throw new LineError(
        kind === 'macro' ? say`${directive.text} outside a macro` : say`${directive.text} outside %rep`,
        directive.column,
      );
    while (this.#frames.length > index) {
      this.top.conditions.length = 0;
      this.#pop();
    }
  }

  /** The lines up to the end directive, which is taken too. */
  collect(open: readonly string[], close: readonly string[], directive: Token): SourceLine[] {
    const { frame } = this;
    const lines: SourceLine[] = [];
    let depth = 1;
    while (frame.at < frame.lines.length) {
      const line = frame.lines[frame.at++];
      const { tokens } = line.lexed;
      const head = tokens[0]?.kind === 'ws' ? tokens[1] : tokens[0];
      const word = head?.kind === 'pp' ? head.text.toLowerCase() : '';
      if (open.includes(word)) depth++;
      else if (close.includes(word) && --depth === 0) return lines;
      lines.push(line);
    }
    throw new LineError(say`${directive.text} without ${close[0]}`, directive.column, say`write ${close[0]} after its last line`);
  }
}
