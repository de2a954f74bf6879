/** Where in the sources: 1-based line and column. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** What is wrong, in words that say what was found and what was expected; and the shortest fix. */
export interface AsmError extends Position {
  readonly message: string;
  /** Empty when there is none to offer. */
  readonly hint: string;
}

/** Thrown inside the assembler to give up on one line; never leaves it. */
export class LineError extends Error {
  readonly column: number;
  readonly hint: string;

  constructor(message: string, column: number, hint = '') {
    super(message);
    this.column = column;
    this.hint = hint;
  }
}

/** Thrown inside the assembler when going on makes no sense (limits, an interminable recursion); never leaves it. */
export class FatalError extends Error {
  readonly hint: string;

  constructor(message: string, hint = '') {
    super(message);
    this.hint = hint;
  }
}

const MAXIMUM = 200;

/** Collects errors and warnings of one pass, each once, up to a limit. */
export class Diagnostics {
  readonly errors: AsmError[] = [];
  readonly warnings: AsmError[] = [];
  readonly #seen = new Set<string>();

  error(position: Position, message: string, hint = ''): void {
    this.#add(this.errors, position, message, hint);
  }

  warning(position: Position, message: string, hint = ''): void {
    this.#add(this.warnings, position, message, hint);
  }

  get full(): boolean {
    return this.errors.length >= MAXIMUM;
  }

  #add(list: AsmError[], { file, line, column }: Position, message: string, hint: string): void {
    const key = `${file}:${line}:${column}:${message}`;
    if (list.length >= MAXIMUM || this.#seen.has(key)) return;
    this.#seen.add(key);
    list.push({ file, line, column, message, hint });
  }
}

/** `file:line:column: message (hint)`, one line, as compilers print it. */
export function formatError({ file, line, column, message, hint }: AsmError): string {
  return `${file}:${line}:${column}: ${message}${hint ? ` (${hint})` : ''}`;
}

/** The candidate nearest to a word by edit distance, or undefined when none is near enough to be meant. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const low = word.toLowerCase();
  let best: string | undefined;
  let bestDistance = Math.min(3, Math.ceil(low.length / 3)) + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - low.length) >= bestDistance) continue;
    const d = distance(low, candidate.toLowerCase(), bestDistance);
    if (d < bestDistance) {
      bestDistance = d;
      best = candidate;
    }
  }
  return best;
}

/** Edit distance in which swapping two neighbours counts once. */
function distance(a: string, b: string, limit: number): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      let d = Math.min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) d = Math.min(d, before[j - 2] + 1);
      row.push(d);
      least = Math.min(least, d);
    }
    if (least > limit) return least;
    before = previous;
    previous = row;
  }
  return previous[b.length];
}
