/** Passes over the sources until every address holds still, and one more to write the bytes. */
import { say } from '../lib/say.ts';
import { Assembler, type ReadBytes } from './assembler.ts';
import type { Recorder } from './emission.ts';
import { type AsmError, Diagnostics, FatalError } from './errors.ts';
import type { Scope, SymbolValue } from './expression.ts';
import type { Line } from './preprocess/frames.ts';
import { Preprocessor, type ReadText } from './preprocess/preprocessor.ts';
import { NO_ROLE } from './role.ts';
import { Symbols } from './symbols.ts';

/** A pass count beyond any real program; what still changes then never settles. */
const MAX_PASSES = 60;

export interface Inputs {
  readonly main: string;
  readonly readText: ReadText;
  readonly readBytes: ReadBytes;
}

export interface Finished {
  readonly assembler: Assembler;
  readonly symbols: Symbols;
  readonly errors: readonly AsmError[];
  readonly warnings: readonly AsmError[];
  readonly lines: readonly Line[];
}

const NOBODY: Recorder = { emit: () => {}, setRole: () => {}, goal: () => {}, role: NO_ROLE };

/** What the preprocessor sees of the assembler; notes when it looks, for then its lines may differ from pass to pass. */
class Window implements Scope {
  assembler: Assembler | undefined;
  looked = false;

  here(): SymbolValue {
    this.looked = true;
    this.assembler?.mark();
    return this.assembler?.here() ?? { section: 0, offset: 0n };
  }

  lookup(name: string): SymbolValue | undefined {
    this.looked = true;
    return this.assembler?.lookup(name);
  }

  suggest(name: string): string {
    return this.assembler?.suggest(name) ?? '';
  }
}

/** The lines of one run of the preprocessor, and what it found wrong. */
class Source {
  readonly window = new Window();
  readonly diagnostics = new Diagnostics();
  readonly preprocessor: Preprocessor;
  readonly lines: Line[] = [];
  complete = false;

  constructor({ main, readText }: Inputs) {
    this.preprocessor = new Preprocessor(main, readText, this.diagnostics, this.window);
  }

  feed(assembler: Assembler): void {
    if (this.complete) {
      for (const line of this.lines) assembler.assemble(line);
      return;
    }
    this.window.assembler = assembler;
    for (let line = this.preprocessor.next(); line !== undefined; line = this.preprocessor.next()) {
      this.lines.push(line);
      assembler.assemble(line);
      this.preprocessor.bits = assembler.bits;
    }
    this.complete = !this.window.looked;
  }
}

/** Runs all passes. */
export function runPasses(inputs: Inputs, recorder: Recorder): Finished {
  const symbols = new Symbols();
  let source = new Source(inputs);
  for (let pass = 1; ; pass++) {
    const settled = pass > 1 && symbols.changes === 0;
    const final = settled || pass > MAX_PASSES;
    if (!source.complete && pass > 1) source = new Source(inputs);
    symbols.beginPass();
    const diagnostics = new Diagnostics();
    const assembler = new Assembler(symbols, diagnostics, final, inputs.readBytes, final ? recorder : NOBODY, source.preprocessor.macros);
    let fatal = false;
    try {
      source.feed(assembler);
    } catch (error) {
      if (!(error instanceof FatalError)) throw error;
      fatal = true;
      if (error.message !== '') diagnostics.error(source.preprocessor.position(1), error.message, error.hint);
    }
    if (final && !settled)
      diagnostics.error(
        source.preprocessor.position(1),
        say`addresses do not settle within ${MAX_PASSES} passes`,
        say`a times or equ depends on what it moves`,
      );
    if (fatal || final) {
      const order = inSourceOrder(source.lines);
      const errors = [...source.diagnostics.errors, ...diagnostics.errors].sort(order);
      const warnings = [...source.diagnostics.warnings, ...diagnostics.warnings].sort(order);
      return { assembler, symbols, errors, warnings, lines: source.lines };
    }
  }
}

function inSourceOrder(lines: readonly Line[]): (a: AsmError, b: AsmError) => number {
  const files = new Map<string, number>();
  for (const { source } of lines) if (!files.has(source.file)) files.set(source.file, files.size);
  return (a, b) => (files.get(a.file) ?? -1) - (files.get(b.file) ?? -1) || a.line - b.line || a.column - b.column;
}
