import { say, worded } from '../../lib/say.ts';
import { LineError } from '../errors.ts';
import { Cursor, evaluateNumber, type Scope } from '../expression.ts';
import { significant, type Token, trimTokens } from '../lexer.ts';
import { readNumber } from '../numbers.ts';
import { splitArguments } from './macros.ts';

/** What a condition may ask about. */
export interface ConditionHost {
  readonly scope: Scope;
  expand(tokens: readonly Token[]): readonly Token[];
  isDefined(name: string): boolean;
  isMacro(tokens: readonly Token[], column: number): boolean;
  isContext(name: string): boolean;
  fileExists(name: string): boolean;
}

export type Test = (tokens: readonly Token[], host: ConditionHost, column: number) => boolean;

const nameText = (token: Token): string => token.text;

function pair(tokens: readonly Token[], host: ConditionHost, column: number): [readonly Token[], readonly Token[]] {
  const parts = splitArguments(host.expand(tokens), Number.POSITIVE_INFINITY);
  if (parts.length !== 2)
    throw new LineError(
      say`expected two texts with a comma between them, found ${parts.length}`,
      column,
      say`put a text with commas in braces`,
    );
  return [significant(unbrace(parts[0])), significant(unbrace(parts[1]))];
}

function unbrace(tokens: readonly Token[]): readonly Token[] {
  const inner = trimTokens(tokens);
  return inner[0]?.text === '{' && inner[inner.length - 1]?.text === '}' ? trimTokens(inner.slice(1, -1)) : inner;
}

function same(tokens: readonly Token[], host: ConditionHost, column: number, caseSensitive: boolean): boolean {
  const [a, b] = pair(tokens, host, column);
  if (a.length !== b.length) return false;
  return a.every((token, i) => {
    const x = comparable(token);
    const y = comparable(b[i]);
    return caseSensitive ? x === y : x.toLowerCase() === y.toLowerCase();
  });
}

/** 'a' and "a" are the same string. */
const comparable = (token: Token): string => (token.kind === 'str' && token.text[0] !== '`' ? `'${token.text.slice(1, -1)}'` : token.text);

function only(tokens: readonly Token[], host: ConditionHost): readonly Token[] {
  return significant(host.expand(tokens));
}

/** Tests by the word after %if, %elif, %ifn or %elifn. */
const TESTS: Readonly<Record<string, Test>> = {
  '': (tokens, host, column) => {
    const cursor = new Cursor(significant(host.expand(tokens)), column);
    const value = evaluateNumber(cursor, host.scope, worded('a condition'));
    if (!cursor.ended) throw new LineError(say`expected the end of the condition, found ${cursor.found()}`, cursor.column);
    return value !== 0n;
  },
  def: (tokens, host, column) => {
    const names = significant(tokens);
    if (names.length === 0) throw new LineError(say`expected a name after %ifdef`, column);
    return names.some((token) => host.isDefined(nameText(token)));
  },
  macro: (tokens, host, column) => host.isMacro(tokens, column),
  ctx: (tokens, host) => significant(tokens).some((token) => host.isContext(token.text)),
  idn: (tokens, host, column) => same(tokens, host, column, true),
  idni: (tokens, host, column) => same(tokens, host, column, false),
  id: (tokens, host) => only(tokens, host)[0]?.kind === 'id',
  num: (tokens, host) => {
    const found = only(tokens, host);
    const at = found.length > 1 && /^[-+]$/.test(found[0].text) ? 1 : 0;
    return found[at]?.kind === 'num' && readNumber(found[at].text) !== undefined;
  },
  str: (tokens, host) => only(tokens, host)[0]?.kind === 'str',
  token: (tokens, host) => {
    const found = only(tokens, host);
    return found.length === 1 || (found.length === 2 && /^[-+]$/.test(found[0].text) && found[1].kind === 'num');
  },
  empty: (tokens, host) => only(tokens, host).length === 0,
  env: () => false,
  file: (tokens, host) => host.fileExists((only(tokens, host)[0]?.text ?? '').replace(/^["'`]|["'`]$/g, '')),
};

/** Reads `%ifndef` and its kin; undefined when the directive is none of them. */
export function conditionOf(directive: string): { readonly isElse: boolean; readonly negated: boolean; readonly test: Test } | undefined {
  const match = /^%(el)?if(.*)$/.exec(directive);
  if (match === null) return undefined;
  const isElse = match[1] !== undefined;
  const word = match[2];
  if (Object.hasOwn(TESTS, word)) return { isElse, negated: false, test: TESTS[word] };
  if (word[0] === 'n' && Object.hasOwn(TESTS, word.slice(1))) return { isElse, negated: true, test: TESTS[word.slice(1)] };
  return undefined;
}
