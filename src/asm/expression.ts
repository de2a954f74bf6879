import { say, told, worded } from '../lib/say.ts';
import { LineError } from './errors.ts';
import { nameOf, type Token } from './lexer.ts';
import { readNumber, stringBytes, stringNumber } from './numbers.ts';
import {
  add,
  type Hint,
  isJustUnknown,
  isUnknown,
  multiply,
  plain,
  relocatable,
  SCALAR,
  scalar,
  sectionTerms,
  UNKNOWN_VECTOR,
  type Vector,
} from './vector.ts';
import { isReserved, register } from './words.ts';

export interface SymbolValue {
  readonly section: number;
  readonly offset: bigint;
}

/** What names mean where an expression stands. */
export interface Scope {
  /** `$` */
  here(): SymbolValue;
  lookup(name: string): SymbolValue | undefined;
  /** The shortest fix for a name that means nothing. */
  suggest(name: string): string;
}

/** Reads tokens of one line in order; white space has been left out. */
export class Cursor {
  readonly tokens: readonly Token[];
  /** The column after the last token, for errors about what is missing. */
  readonly endColumn: number;
  at = 0;

  constructor(tokens: readonly Token[], endColumn = 1) {
    this.tokens = tokens;
    const last = tokens[tokens.length - 1];
    this.endColumn = last === undefined ? endColumn : last.column + last.text.length;
  }

  get token(): Token | undefined {
    return this.tokens[this.at];
  }

  get text(): string {
    return this.tokens[this.at]?.text ?? '';
  }

  get column(): number {
    return this.tokens[this.at]?.column ?? this.endColumn;
  }

  get ended(): boolean {
    return this.at >= this.tokens.length;
  }

  /** Steps over an operator if it comes next. */
  skip(text: string): boolean {
    const token = this.tokens[this.at];
    if (token === undefined || token.kind === 'str' || token.text !== text) return false;
    this.at++;
    return true;
  }

  isOperator(text: string): boolean {
    const token = this.tokens[this.at];
    return token !== undefined && token.kind === 'op' && token.text === text;
  }

  expect(text: string, after: string): void {
    if (!this.skip(text))
      throw new LineError(say`expected ${text} after ${told(after)}, found ${this.found()}`, this.column, say`write ${text} here`);
  }

  /** The next token as an error message names it. */
  found(): string {
    const token = this.token;
    if (token === undefined) return say`the end of the line`;
    if (token.kind === 'bad' && /^["'`]/.test(token.text)) return say`a string without its closing quote`;
    return token.kind === 'str' ? say`the string ${token.text}` : `\`${token.text}\``;
  }
}

export interface Evaluated {
  readonly vector: Vector;
  readonly hint: Hint;
  readonly column: number;
}

const MAX_DEPTH = 200;

/** Reads one expression, up to what cannot belong to it. With `critical`, unknown symbols are errors. */
export function evaluate(cursor: Cursor, scope: Scope, critical: boolean): Evaluated {
  const column = cursor.column;
  const evaluation = new Evaluation(cursor, scope, critical);
  const vector = evaluation.ternary();
  if (cursor.token?.text.toLowerCase() === 'wrt')
    throw new LineError(say`wrt has no meaning in a flat binary`, cursor.column, say`leave it out`);
  return { vector, hint: evaluation.hint, column };
}

/** An expression that must be a plain number now. */
export function evaluateNumber(cursor: Cursor, scope: Scope, what: string): bigint {
  const { vector, column } = evaluate(cursor, scope, true);
  const value = plain(vector);
  if (value === undefined)
    throw new LineError(
      say`${told(what)} must be a plain number, found an address`,
      column,
      say`subtract $$ or another label to make it a number`,
    );
  return value;
}

/** From the loosest to the tightest. */
const LEVELS: readonly ReadonlySet<string>[] = [
  new Set(['||']),
  new Set(['^^']),
  new Set(['&&']),
  new Set(['=', '==', '<>', '!=', '<', '>', '<=', '>=', '<=>']),
  new Set(['|']),
  new Set(['^']),
  new Set(['&']),
  new Set(['<<', '>>', '<<<', '>>>']),
  new Set(['+', '-']),
  new Set(['*', '/', '//', '%', '%%']),
];
const COMPARISONS = 3;
const SUMS = 8;
const PRODUCTS = 9;

class Evaluation {
  readonly hint: Hint = { type: 'none', register: -1 };
  readonly #cursor: Cursor;
  readonly #scope: Scope;
  readonly #critical: boolean;
  #depth = 0;

  constructor(cursor: Cursor, scope: Scope, critical: boolean) {
    this.#cursor = cursor;
    this.#scope = scope;
    this.#critical = critical;
  }

  ternary(): Vector {
    const cursor = this.#cursor;
    const column = cursor.column;
    const condition = this.#binary(0);
    if (!cursor.isOperator('?')) return condition;
    cursor.at++;
    this.#enter();
    const yes = this.ternary();
    cursor.expect(':', worded('the first choice of ?'));
    const no = this.ternary();
    this.#depth--;
    if (isJustUnknown(condition)) return UNKNOWN_VECTOR;
    const value = plain(condition);
    if (value === undefined) throw new LineError(say`what stands before ? must be a plain number`, column);
    return value !== 0n ? yes : no;
  }

  #enter(): void {
    if (++this.#depth > MAX_DEPTH)
      throw new LineError(say`the expression is nested too deeply`, this.#cursor.column, say`name parts of it with equ`);
  }

  #binary(level: number): Vector {
    if (level === LEVELS.length) return this.#unary();
    let left = this.#binary(level + 1);
    for (;;) {
      const token = this.#cursor.token;
      if (token === undefined || token.kind !== 'op' || !LEVELS[level].has(token.text)) return left;
      this.#cursor.at++;
      const right = this.#binary(level + 1);
      if (level === SUMS) left = add(left, token.text === '-' ? multiply(right, -1n) : right, this.hint);
      else if (level === COMPARISONS) left = this.#compare(token, left, right);
      else if (level === PRODUCTS && token.text === '*') left = this.#product(token, left, right);
      else left = this.#scalars(token, left, right);
    }
  }

  #compare(token: Token, left: Vector, right: Vector): Vector {
    const difference = add(left, multiply(right, -1n), this.hint);
    if (isUnknown(difference)) return UNKNOWN_VECTOR;
    const value = plain(difference);
    const op = token.text;
    if (op === '=' || op === '==') return scalar(value === 0n ? 1n : 0n);
    if (op === '<>' || op === '!=') return scalar(value === 0n ? 0n : 1n);
    if (value === undefined)
      throw new LineError(say`${op} compares addresses of different sections`, token.column, say`compare offsets: subtract $$ from each`);
    if (op === '<=>') return scalar(value < 0n ? -1n : value > 0n ? 1n : 0n);
    const holds = value === 0n ? op === '<=' || op === '>=' : value > 0n ? op[0] === '>' : op[0] === '<';
    return scalar(holds ? 1n : 0n);
  }

  #product(token: Token, left: Vector, right: Vector): Vector {
    const a = plain(left);
    const b = plain(right);
    if (a !== undefined || b !== undefined) {
      const vector = a !== undefined ? right : left;
      if (this.hint.type === 'base' && vector.some((term) => term.type === this.hint.register)) this.hint.type = 'not-base';
      return multiply(vector, (a ?? b) as bigint);
    }
    if (isJustUnknown(left) || isJustUnknown(right)) return UNKNOWN_VECTOR;
    throw new LineError(say`* multiplies two values that are no plain numbers`, token.column);
  }

  #scalars(token: Token, left: Vector, right: Vector): Vector {
    if (isJustUnknown(left) || isJustUnknown(right)) return UNKNOWN_VECTOR;
    const a = plain(left);
    const b = plain(right);
    const op = token.text;
    if (a === undefined || b === undefined) throw notScalar(token, a === undefined ? left : right);
    const mask = 0xffffffffffffffffn;
    const shift = b & 63n;
    switch (op) {
      case '||':
        return scalar(a !== 0n || b !== 0n ? 1n : 0n);
      case '&&':
        return scalar(a !== 0n && b !== 0n ? 1n : 0n);
      case '^^':
        return scalar((a !== 0n) !== (b !== 0n) ? 1n : 0n);
      case '|':
        return scalar(a | b);
      case '^':
        return scalar(a ^ b);
      case '&':
        return scalar(a & b);
      case '<<':
      case '<<<':
        return scalar(a << shift);
      case '>>':
        return scalar((a & mask) >> shift);
      case '>>>':
        return scalar(a >> shift);
      default:
        if (b === 0n) throw new LineError(say`${op} divides by zero`, token.column);
        if (op === '/') return scalar((a & mask) / (b & mask));
        if (op === '%') return scalar((a & mask) % (b & mask));
        return scalar(op === '//' ? a / b : a % b);
    }
  }

  #unary(): Vector {
    const cursor = this.#cursor;
    const token = cursor.token;
    if (token === undefined) throw new LineError(say`expected an expression, found the end of the line`, cursor.column);
    this.#enter();
    try {
      if (token.kind === 'op') {
        cursor.at++;
        if (token.text === '-') return multiply(this.#unary(), -1n);
        if (token.text === '+') return this.#unary();
        if (token.text === '~' || token.text === '!') return this.#complement(token);
        if (token.text === '(') {
          const inner = this.ternary();
          cursor.expect(')', worded('the expression in parentheses'));
          return inner;
        }
        if (token.text === '$' || token.text === '$$') {
          const { section, offset } = this.#scope.here();
          return relocatable(section, token.text === '$' ? offset : 0n);
        }
        cursor.at--;
      }
      return this.#primary(token);
    } finally {
      this.#depth--;
    }
  }

  #complement(token: Token): Vector {
    const operand = this.#unary();
    if (isJustUnknown(operand)) return UNKNOWN_VECTOR;
    const value = plain(operand);
    if (value === undefined) throw notScalar(token, operand);
    return scalar(token.text === '~' ? ~value : value === 0n ? 1n : 0n);
  }

  #primary(token: Token): Vector {
    const cursor = this.#cursor;
    if (token.kind === 'num') {
      const value = readNumber(token.text);
      if (value === undefined) throw new LineError(say`\`${token.text}\` is not a number`, token.column, numberHint(token.text));
      cursor.at++;
      return [{ type: SCALAR, value }];
    }
    if (token.kind === 'str') {
      cursor.at++;
      return [{ type: SCALAR, value: stringNumber(stringBytes(token.text)) }];
    }
    if (token.kind === 'id' && !(token.text[0] !== '$' && isReserved(token.text))) {
      cursor.at++;
      const found = token.text[0] === '$' ? undefined : register(token.text);
      if (found !== undefined) {
        if (this.hint.type === 'none') {
          this.hint.type = 'base';
          this.hint.register = found.order;
        }
        return [{ type: found.order, value: 1n }];
      }
      return this.#symbol(token);
    }
    throw new LineError(say`expected an expression, found ${cursor.found()}`, token.column, unexpectedHint(token));
  }

  #symbol(token: Token): Vector {
    const name = nameOf(token);
    const value = this.#scope.lookup(name);
    if (value !== undefined) return relocatable(value.section, value.offset);
    if (this.#critical) throw new LineError(say`symbol \`${name}\` is not defined`, token.column, this.#scope.suggest(name));
    return UNKNOWN_VECTOR;
  }
}

function numberHint(text: string): string {
  return /^[0-9][0-9a-f]*$/i.test(text) ? say`hexadecimal numbers end in h: ${text}h` : '';
}

function unexpectedHint(token: Token): string {
  if (token.kind === 'pp') return say`this has a meaning in a macro only`;
  if (token.kind === 'bad' && /^["'`]/.test(token.text)) return say`close the string with ${token.text[0]}`;
  return '';
}

function notScalar(token: Token, vector: Vector): LineError {
  const what = sectionTerms(vector).length > 0 ? say`an address, known only when everything is laid out` : say`a register`;
  const hint = sectionTerms(vector).length > 0 ? say`make it a number first: (label - $$ + origin)${token.text}...` : '';
  return new LineError(say`${token.text} works on plain numbers only, found ${what}`, token.column, hint);
}
