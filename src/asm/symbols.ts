import { say } from '../lib/say.ts';
import { LineError, nearest, type Position } from './errors.ts';
import type { SymbolValue } from './expression.ts';

export type SymbolKind = 'label' | 'constant' | 'field';

interface Entry extends SymbolValue {
  readonly kind: SymbolKind;
  readonly pass: number;
  readonly position: Position;
}

/** Symbols over all passes: a name not yet met in this pass has the value of the pass before. */
export class Symbols {
  readonly #entries = new Map<string, Entry>();
  /** Symbols the output format defines: `section.NAME.start`. */
  readonly #builtin = new Map<string, SymbolValue>();
  #pass = 0;
  /** The label that names beginning with a dot belong to. */
  #base = '';
  /** Symbols whose values differ from the pass before. */
  changes = 0;

  beginPass(): void {
    this.#pass++;
    this.#base = '';
    this.changes = 0;
  }

  defineBuiltin(name: string, value: SymbolValue): void {
    this.#builtin.set(name, value);
  }

  fullName(name: string): string {
    return name[0] === '.' && name[1] !== '.' ? this.#base + name : name;
  }

  lookup(name: string): SymbolValue | undefined {
    const full = this.fullName(name);
    return this.#entries.get(full) ?? this.#builtin.get(full);
  }

  define(name: string, value: SymbolValue, kind: SymbolKind, position: Position): void {
    const full = this.fullName(name);
    const old = this.#entries.get(full);
    if (old?.pass === this.#pass) {
      if (old.offset === value.offset && old.section === value.section) return;
      const { file, line } = old.position;
      throw new LineError(
        say`\`${full}\` is defined twice: first at ${file}:${line}`,
        position.column,
        name[0] === '.' ? say`give one of them another name` : say`make one a local label with a dot before its name`,
      );
    }
    if (old === undefined || old.offset !== value.offset || old.section !== value.section) this.changes++;
    this.#entries.set(full, { section: value.section, offset: value.offset, kind, pass: this.#pass, position });
    if (kind !== 'constant' && name[0] !== '.') this.#base = name;
  }

  suggest(name: string): string {
    const full = this.fullName(name);
    const candidates = [...this.#entries.keys()];
    const own = candidates.find((candidate) => candidate.toLowerCase() === full.toLowerCase());
    if (own !== undefined && own !== full) return say`write it as it is defined: ${own}`;
    const local = name[0] === '.' ? undefined : candidates.find((candidate) => candidate === `${this.#base}.${name}`);
    if (local !== undefined) return say`it is a local label: .${name}`;
    if (name[0] === '.') {
      const elsewhere = candidates.find(
        (candidate) => candidate.endsWith(name) && candidate.indexOf('.') === candidate.length - name.length,
      );
      const near = nearest(
        full,
        candidates.filter((candidate) => candidate.startsWith(`${this.#base}.`)),
      );
      if (near !== undefined) return say`did you mean ${near.slice(this.#base.length)}?`;
      if (elsewhere !== undefined) return say`it belongs to another label: write ${elsewhere}`;
    }
    const fix = nearest(
      name,
      candidates.filter((candidate) => !candidate.startsWith('..@')),
    );
    return fix === undefined ? say`define it as a label or with equ` : say`did you mean ${fix}?`;
  }

  *all(): Iterable<readonly [string, Entry]> {
    yield* this.#entries;
  }
}
