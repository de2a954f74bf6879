/** The stack of %push: names that begin with %$ belong to its top, with %$$ to the one below. */
export class Contexts {
  readonly #stack: { name: string; readonly number: number }[] = [];
  readonly #next: () => number;

  /** @param next numbers that no macro's use has either */
  constructor(next: () => number) {
    this.#next = next;
  }

  get current(): string | undefined {
    return this.#stack[this.#stack.length - 1]?.name;
  }

  push(name: string): void {
    this.#stack.push({ name, number: this.#next() });
  }

  /** The prefix of the keys that end with it; undefined when there is no context. */
  pop(): string | undefined {
    const context = this.#stack.pop();
    return context === undefined ? undefined : `..@${context.number}.$`;
  }

  rename(name: string): void {
    const context = this.#stack[this.#stack.length - 1];
    if (context !== undefined) context.name = name;
  }

  /** What `%$name` is kept under, and the label it is when no macro has that name; undefined when it is no such name. */
  resolve(text: string): { key: string; label: string } | undefined {
    const match = /^%(\$+)(.+)$/.exec(text);
    if (match === null) return undefined;
    const context = this.#stack[this.#stack.length - match[1].length];
    if (context === undefined) return undefined;
    return { key: `..@${context.number}.$${match[2].toLowerCase()}`, label: `..@${context.number}.${match[2]}` };
  }
}
