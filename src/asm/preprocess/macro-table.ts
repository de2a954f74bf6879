import { either } from '../../lib/counted.ts';
import { say } from '../../lib/say.ts';
import { significant, type Token } from '../lexer.ts';
import { type Macro, parseMacroHead } from './macros.ts';

/** The multi-line macros in force, by name and number of parameters. */
export class MacroTable {
  readonly #byName = new Map<string, Macro[]>();

  get empty(): boolean {
    return this.#byName.size === 0;
  }

  /** Those a name may mean, the newest first. */
  named(name: string): readonly Macro[] {
    const list = this.#byName.get(name.toLowerCase());
    return list === undefined ? [] : list.filter((macro) => !macro.caseSensitive || macro.name === name);
  }

  define(macro: Macro): void {
    const key = macro.name.toLowerCase();
    const kept = (this.#byName.get(key) ?? []).filter(
      (other) => other.minimum !== macro.minimum || other.maximum !== macro.maximum || (other.name !== macro.name && macro.caseSensitive),
    );
    this.#byName.set(key, [macro, ...kept]);
  }

  /** Takes away the one of this name and number of parameters. */
  remove(head: readonly Token[], column: number): void {
    const { name, minimum, maximum } = parseMacroHead(head, column);
    const key = name.toLowerCase();
    const left = (this.#byName.get(key) ?? []).filter((macro) => macro.minimum !== minimum || macro.maximum !== maximum);
    if (left.length > 0) this.#byName.set(key, left);
    else this.#byName.delete(key);
  }

  /** Whether there is one of this name that takes this number of parameters, if a number is given. */
  has(head: readonly Token[], column: number): boolean {
    const text = significant(head);
    if (text.length === 1) return this.named(text[0].text).length > 0;
    const { name, minimum, maximum } = parseMacroHead(head, column);
    return this.named(name).some((macro) => macro.minimum <= maximum && macro.maximum >= minimum);
  }

  *names(): Iterable<string> {
    for (const list of this.#byName.values()) yield list[0].name;
  }

  /** The numbers of parameters that macros of this name take, in words; empty when there is none. */
  counts(name: string): string {
    const words = this.named(name).map(({ minimum, maximum }) => {
      if (maximum === minimum) return `${minimum}`;
      return maximum === Number.POSITIVE_INFINITY ? say`${minimum} to any number` : say`${minimum} to ${maximum}`;
    });
    return words.length === 0 ? '' : either(words);
  }
}
