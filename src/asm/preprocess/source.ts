import { type LexedLine, lex } from '../lexer.ts';

/** A place where a macro was used: what the reader may want to see beside the line inside the macro. */
export interface Origin {
  readonly file: string;
  readonly line: number;
  readonly macro: string;
  /** The use that this one lies in. */
  readonly parent: Origin | undefined;
}

/** One line of a source file, continuation lines joined; split into tokens when first needed. */
export class SourceLine {
  readonly file: string;
  readonly line: number;
  readonly text: string;
  #lexed: LexedLine | undefined;

  constructor(file: string, line: number, text: string) {
    this.file = file;
    this.line = line;
    this.text = text;
  }

  get lexed(): LexedLine {
    this.#lexed ??= lex(this.text);
    return this.#lexed;
  }
}

export function splitLines(file: string, text: string): SourceLine[] {
  const lines: SourceLine[] = [];
  const raw = text.split(/\r\n|\n|\r/);
  if (raw[raw.length - 1] === '') raw.pop();
  for (let i = 0; i < raw.length; i++) {
    const line = i + 1;
    let joined = raw[i];
    while (joined.endsWith('\\') && i + 1 < raw.length) joined = joined.slice(0, -1) + raw[++i];
    lines.push(new SourceLine(file, line, joined.endsWith('\\') ? joined.slice(0, -1) : joined));
  }
  return lines;
}
