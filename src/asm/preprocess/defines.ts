import { say } from '../../lib/say.ts';
import { FatalError } from '../errors.ts';
import { lex, type Token, trimTokens, unbraced } from '../lexer.ts';

/** A single-line macro: `%define name body` or `%define name(a,b) body`. */
export interface Define {
  readonly name: string;
  readonly caseSensitive: boolean;
  /** Undefined when it takes no parentheses. */
  readonly parameters: readonly string[] | undefined;
  readonly body: readonly Token[];
  /** Its body is being expanded, in which it does not mean itself. */
  busy: boolean;
}

/** Names that change from line to line. */
export type Dynamic = (name: string) => string | undefined;

const MAX_TOKENS = 50_000;
const MAX_DEPTH = 128;

/** The single-line macros in force, and their expansion. */
export class Defines {
  readonly #byName = new Map<string, Define[]>();
  readonly #dynamic: Dynamic;
  /** The key of a `%$name`, and what it is when nothing defines it: a label of its context. */
  readonly #local: (text: string) => { key: string; label: string } | undefined;
  #produced = 0;

  constructor(dynamic: Dynamic, local: (text: string) => { key: string; label: string } | undefined) {
    this.#dynamic = dynamic;
    this.#local = local;
  }

  define(define: Define): void {
    const key = define.name.toLowerCase();
    const list = (this.#byName.get(key) ?? []).filter((other) => !this.#replaces(define, other));
    list.unshift(define);
    this.#byName.set(key, list);
  }

  #replaces(define: Define, other: Define): boolean {
    if (define.parameters?.length !== other.parameters?.length) return false;
    return define.name === other.name || !define.caseSensitive || !other.caseSensitive;
  }

  undefine(name: string): void {
    const key = name.toLowerCase();
    const left = (this.#byName.get(key) ?? []).filter((other) => other.caseSensitive && other.name !== name);
    if (left.length > 0) this.#byName.set(key, left);
    else this.#byName.delete(key);
  }

  /** All of them with a prefix go: a context has ended. */
  undefinePrefix(prefix: string): void {
    for (const key of [...this.#byName.keys()]) if (key.startsWith(prefix)) this.#byName.delete(key);
  }

  isDefined(name: string): boolean {
    return this.#candidates(name).length > 0 || this.#dynamic(name) !== undefined;
  }

  *names(): Iterable<string> {
    for (const list of this.#byName.values()) for (const define of list) yield define.name;
  }

  #candidates(name: string): readonly Define[] {
    const list = this.#byName.get(name.toLowerCase());
    return list === undefined ? [] : list.filter((define) => !define.caseSensitive || define.name === name);
  }

  #mayExpand(token: Token): boolean {
    if (token.kind === 'pp') return true;
    return token.kind === 'id' && (this.#byName.has(token.text.toLowerCase()) || token.text.startsWith('__'));
  }

  /** The line with every single-line macro replaced. Returns the same array when there is none. */
  expand(tokens: readonly Token[]): readonly Token[] {
    if (!tokens.some((token) => this.#mayExpand(token))) return tokens;
    this.#produced = 0;
    let result: readonly Token[] = this.#scan(tokens, 0);
    for (let round = 0; round < 16; round++) {
      const pasted = joinNeighbours(paste(result));
      if (pasted === result) break;
      result = this.#scan(pasted, 0);
    }
    return result;
  }

  #scan(tokens: readonly Token[], depth: number): Token[] {
    if (depth > MAX_DEPTH)
      throw new FatalError(say`single-line macros are nested too deeply`, say`a %define refers to itself through others`);
    const out: Token[] = [];
    for (let i = 0; i < tokens.length; i++) {
      const token = tokens[i];
      if (++this.#produced > MAX_TOKENS)
        throw new FatalError(say`single-line macros make this line too long`, say`a %define grows at each use of itself`);
      if (token.kind === 'pp') this.#percent(token, out, depth);
      else if (token.kind === 'id' && this.#mayExpand(token)) i = this.#use(tokens, i, token.text, undefined, out, depth);
      else out.push(token);
    }
    return out;
  }

  #percent(token: Token, out: Token[], depth: number): void {
    const text = unbraced(token.text);
    if (text[1] === '[') {
      const inner = lex(text.slice(2, -1)).tokens.map((t) => ({ ...t, column: token.column }));
      out.push(...this.#scan(inner, depth + 1));
      return;
    }
    const local = text[1] === '$' ? this.#local(text) : undefined;
    if (local === undefined) {
      out.push(token.text === text ? token : { ...token, text });
      return;
    }
    const before = out.length;
    this.#use([token], 0, local.key, local.label, out, depth);
    if (out.length === before + 1 && out[before] === token) out[before] = { kind: 'id', text: local.label, column: token.column };
  }

  /** Expands the use at `i` if it is one; returns the index of its last token. */
  #use(tokens: readonly Token[], i: number, name: string, label: string | undefined, out: Token[], depth: number): number {
    const token = tokens[i];
    const candidates = this.#candidates(name).filter((define) => !define.busy);
    if (candidates.length === 0) {
      const text = label === undefined ? this.#dynamic(name) : undefined;
      if (text === undefined) out.push(token);
      else out.push(...lex(text).tokens.map((t) => ({ ...t, column: token.column })));
      return i;
    }
    const plain = candidates.find((define) => define.parameters === undefined);
    const call = candidates.some((define) => define.parameters !== undefined) ? callArguments(tokens, i + 1) : undefined;
    let define = call === undefined ? undefined : candidates.find((c) => c.parameters?.length === call.args.length);
    if (define === undefined && call !== undefined && call.args.length === 1 && call.args[0].length === 0) {
      define = candidates.find((c) => c.parameters?.length === 0);
    }
    if (define === undefined || call === undefined) {
      if (plain === undefined) {
        out.push(token);
        return i;
      }
      this.#body(plain, plain.body, token.column, out, depth);
      return i;
    }
    const parameters = define.parameters as readonly string[];
    const args = call.args.map((arg) => this.#scan(arg, depth + 1));
    const substituted = define.body.flatMap((part) => {
      const at = part.kind === 'id' ? parameters.indexOf(part.text) : -1;
      return at < 0 ? [part] : args[at];
    });
    this.#body(define, substituted, token.column, out, depth);
    return call.end;
  }

  #body(define: Define, body: readonly Token[], column: number, out: Token[], depth: number): void {
    define.busy = true;
    try {
      for (const token of this.#scan(body, depth + 1)) out.push({ ...token, column });
    } finally {
      define.busy = false;
    }
  }
}

/** The arguments between parentheses after a macro's name, and the index of the closing one. */
function callArguments(tokens: readonly Token[], from: number): { args: (readonly Token[])[]; end: number } | undefined {
  let i = from;
  while (tokens[i]?.kind === 'ws') i++;
  if (tokens[i]?.kind !== 'op' || tokens[i].text !== '(') return undefined;
  const args: (readonly Token[])[] = [];
  let current: Token[] = [];
  let parentheses = 0;
  let braces = 0;
  for (i++; i < tokens.length; i++) {
    const { kind, text } = tokens[i];
    if (kind === 'op' && braces === 0) {
      if (text === ')' && parentheses === 0) {
        args.push(withoutBraces(current));
        return { args, end: i };
      }
      if (text === ',' && parentheses === 0) {
        args.push(withoutBraces(current));
        current = [];
        continue;
      }
      if (text === '(' || text === '[') parentheses++;
      if (text === ')' || text === ']') parentheses--;
    }
    if (kind === 'op' && text === '{') braces++;
    if (kind === 'op' && text === '}') braces--;
    current.push(tokens[i]);
  }
  return undefined;
}

/** `{a, b}` is one argument: a, b. */
export function withoutBraces(tokens: readonly Token[]): readonly Token[] {
  const inner = trimTokens(tokens);
  if (inner.length < 2 || inner[0].text !== '{' || inner[0].kind !== 'op' || inner[inner.length - 1].text !== '}') return inner;
  return trimTokens(inner.slice(1, -1));
}

/** Joins what stands around `%+`. Returns the same array when there is none. */
function paste(tokens: readonly Token[]): readonly Token[] {
  if (!tokens.some((token) => token.kind === 'pp' && token.text === '%+')) return tokens;
  const out: Token[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    if (token.kind !== 'pp' || token.text !== '%+') {
      out.push(token);
      continue;
    }
    while (out[out.length - 1]?.kind === 'ws') out.pop();
    while (tokens[i + 1]?.kind === 'ws') i++;
    const left = out.pop();
    const right = tokens[++i];
    const column = left?.column ?? token.column;
    for (const joined of lex((left?.text ?? '') + (right?.text ?? '')).tokens) out.push({ ...joined, column });
  }
  return out;
}

const sticks = (token: Token): boolean => token.kind === 'id' || token.kind === 'num' || token.kind === 'float';

/** Joins names and numbers that came to stand side by side by substitution: `label` and `3` are `label3`. */
export function joinNeighbours(tokens: readonly Token[]): readonly Token[] {
  let needed = false;
  for (let i = 1; i < tokens.length && !needed; i++) needed = sticks(tokens[i - 1]) && sticks(tokens[i]);
  if (!needed) return tokens;
  const out: Token[] = [];
  for (let i = 0; i < tokens.length; i++) {
    let text = tokens[i].text;
    let j = i;
    while (sticks(tokens[i]) && j + 1 < tokens.length && sticks(tokens[j + 1])) text += tokens[++j].text;
    if (j === i) out.push(tokens[i]);
    else for (const joined of lex(text).tokens) out.push({ ...joined, column: tokens[i].column });
    i = j;
  }
  return out;
}
