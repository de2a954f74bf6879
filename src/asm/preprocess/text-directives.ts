/** The directives that make a single-line macro: %define, %assign, %strlen and their kin. */
import { say, worded } from '../../lib/say.ts';
import { LineError } from '../errors.ts';
import { Cursor, evaluateNumber, type Scope } from '../expression.ts';
import { lex, significant, type Token, tokensText, trimTokens } from '../lexer.ts';
import { bytesToText, stringBytes } from '../numbers.ts';
import type { Defines } from './defines.ts';

export interface TextHost {
  readonly defines: Defines;
  readonly scope: Scope;
  /** The name that a `%$name` is kept under. */
  nameOf(token: Token): string;
}

type Action = (host: TextHost, rest: readonly Token[], directive: Token, caseSensitive: boolean) => void;

/** The name that is defined, and what stands after it. */
function target(host: TextHost, rest: readonly Token[], directive: Token): { name: string; after: readonly Token[] } {
  const tokens = trimTokens(rest);
  const token = tokens[0];
  if (token === undefined || (token.kind !== 'id' && token.kind !== 'pp')) {
    throw new LineError(
      say`expected a name after ${directive.text}, found ${token === undefined ? say`the end of the line` : `\`${token.text}\``}`,
      token?.column ?? directive.column,
    );
  }
  return { name: host.nameOf(token), after: tokens.slice(1) };
}

function set(host: TextHost, name: string, caseSensitive: boolean, body: readonly Token[]): void {
  host.defines.define({ name, caseSensitive, parameters: undefined, body, busy: false });
}

const numberToken = (value: bigint, column: number): Token[] =>
  value < 0n
    ? [
        { kind: 'op', text: '-', column },
        { kind: 'num', text: String(-value), column },
      ]
    : [{ kind: 'num', text: String(value), column }];

const stringToken = (text: string, column: number): Token => {
  if (!text.includes("'")) return { kind: 'str', text: `'${text}'`, column };
  if (!text.includes('"')) return { kind: 'str', text: `"${text}"`, column };
  return { kind: 'str', text: `\`${text.replace(/[\\`]/g, '\\$&')}\``, column };
};

function define(host: TextHost, rest: readonly Token[], directive: Token, caseSensitive: boolean, now: boolean): void {
  const { name, after } = target(host, rest, directive);
  let parameters: string[] | undefined;
  let body = after;
  if (after[0]?.kind === 'op' && after[0].text === '(') {
    const close = after.findIndex((token) => token.text === ')');
    if (close < 0) throw new LineError(say`expected ) after the parameters of \`${name}\``, after[0].column);
    const inside = significant(after.slice(1, close));
    parameters = inside.filter((token) => token.kind === 'id').map((token) => token.text);
    if (inside.length > 0 && inside.length !== parameters.length * 2 - 1) {
      throw new LineError(say`expected names with commas between them as parameters of \`${name}\``, after[0].column);
    }
    body = after.slice(close + 1);
  }
  body = trimTokens(body);
  if (now) body = trimTokens(host.defines.expand(body));
  host.defines.define({ name, caseSensitive, parameters, body, busy: false });
}

function stringOf(tokens: readonly Token[], directive: Token): { text: string; rest: readonly Token[] } {
  const all = significant(tokens);
  if (all[0]?.kind !== 'str') {
    throw new LineError(
      say`expected a string after ${directive.text}, found ${all[0] === undefined ? say`the end of the line` : `\`${all[0].text}\``}`,
      all[0]?.column ?? directive.column,
    );
  }
  return { text: bytesToText(stringBytes(all[0].text)), rest: all.slice(1) };
}

const ACTIONS: Readonly<Record<string, Action>> = {
  define: (host, rest, directive, sensitive) => define(host, rest, directive, sensitive, false),
  xdefine: (host, rest, directive, sensitive) => define(host, rest, directive, sensitive, true),
  undef: (host, rest, directive) => host.defines.undefine(target(host, rest, directive).name),
  assign: (host, rest, directive, sensitive) => {
    const { name, after } = target(host, rest, directive);
    const cursor = new Cursor(significant(host.defines.expand(after)), directive.column);
    const value = evaluateNumber(cursor, host.scope, say`the value of \`${name}\``);
    if (!cursor.ended) throw new LineError(say`expected the end of the expression, found ${cursor.found()}`, cursor.column);
    set(host, name, sensitive, numberToken(value, directive.column));
  },
  defstr: (host, rest, directive, sensitive) => {
    const { name, after } = target(host, rest, directive);
    set(host, name, sensitive, [stringToken(tokensText(trimTokens(host.defines.expand(after))), directive.column)]);
  },
  deftok: (host, rest, directive, sensitive) => {
    const { name, after } = target(host, rest, directive);
    const { text } = stringOf(host.defines.expand(after), directive);
    set(
      host,
      name,
      sensitive,
      lex(text).tokens.map((token) => ({ ...token, column: directive.column })),
    );
  },
  strlen: (host, rest, directive, sensitive) => {
    const { name, after } = target(host, rest, directive);
    const all = significant(host.defines.expand(after));
    if (all[0]?.kind !== 'str') throw new LineError(say`expected a string to measure`, all[0]?.column ?? directive.column);
    set(host, name, sensitive, numberToken(BigInt(stringBytes(all[0].text).length), directive.column));
  },
  strcat: (host, rest, directive, sensitive) => {
    const { name, after } = target(host, rest, directive);
    const parts = significant(host.defines.expand(after)).filter((token) => token.text !== ',');
    const wrong = parts.find((token) => token.kind !== 'str');
    if (wrong !== undefined) throw new LineError(say`expected a string, found \`${wrong.text}\``, wrong.column);
    set(host, name, sensitive, [stringToken(parts.map((token) => bytesToText(stringBytes(token.text))).join(''), directive.column)]);
  },
  substr: (host, rest, directive, sensitive) => {
    const { name, after } = target(host, rest, directive);
    const { text, rest: numbers } = stringOf(host.defines.expand(after), directive);
    const cursor = new Cursor(numbers, directive.column);
    cursor.skip(',');
    const start = Number(evaluateNumber(cursor, host.scope, worded('the start of %substr')));
    let count = 1;
    if (!cursor.ended) {
      cursor.expect(',', worded('the start of %substr'));
      count = Number(evaluateNumber(cursor, host.scope, worded('the length of %substr')));
    }
    const from = Math.max(start - 1, 0);
    const to = count < 0 ? text.length + 1 + count : from + count;
    set(host, name, sensitive, [stringToken(start < 1 ? '' : text.slice(from, to), directive.column)]);
  },
};

/** Carries out %define and its kin; false when the directive is none of them. */
export function textDirective(host: TextHost, word: string, rest: readonly Token[], directive: Token): boolean {
  if (Object.hasOwn(ACTIONS, word)) ACTIONS[word](host, rest, directive, true);
  else if (word[0] === 'i' && Object.hasOwn(ACTIONS, word.slice(1))) ACTIONS[word.slice(1)](host, rest, directive, false);
  else return false;
  return true;
}

/** Every word that makes a single-line macro. */
export const TEXT_DIRECTIVES: readonly string[] = Object.keys(ACTIONS);
