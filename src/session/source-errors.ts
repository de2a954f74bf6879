import type { AsmError } from '../asm/index.ts';

/** Sources that do not assemble, with every error found. */
export class SourceErrors extends Error {
  override readonly name = 'SourceErrors';
  readonly errors: readonly AsmError[];
  constructor(errors: readonly AsmError[]) {
    super(errors.map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`).join('\n'));
    this.errors = errors;
  }
}
