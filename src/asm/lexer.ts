/**
 * `ws` white space; `id` a name; `num`, `float`, `str` literals as written; `op` an operator or punctuation;
 * `pp` what only the preprocessor knows: `%define`, `%1`, `%%name`, `%$name`, `%{...}`, `%[...]`, `%+`, `%?`; `bad` anything else.
 */
export type TokenKind = 'ws' | 'id' | 'num' | 'float' | 'str' | 'op' | 'pp' | 'bad';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  /** 1-based, in the line that the reader sees: where the macro is invoked, not where it is defined. */
  readonly column: number;
}

export interface LexedLine {
  readonly tokens: readonly Token[];
  /** What stands after `;`, or undefined. */
  readonly comment: string | undefined;
}

const isDigit = (c: number): boolean => c >= 48 && c <= 57;
const isIdStart = (c: number): boolean =>
  (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || c === 95 || c === 46 || c === 63 || c === 64 || c > 127;
/** Letters, digits and `_ $ # @ ~ . ?`. */
const isIdPart = (c: number): boolean => isIdStart(c) || isDigit(c) || c === 36 || c === 35 || c === 126;

const OPERATORS_3 = new Set(['<<<', '>>>', '<=>']);
const OPERATORS_2 = new Set(['<<', '>>', '==', '!=', '<>', '<=', '>=', '&&', '||', '^^', '//', '%%']);
const PUNCTUATION = '()[]{},:+-*/%&|^~!=<>?\\';

/** Splits one line into tokens. Never throws: what it cannot read becomes a `bad` token. */
export function lex(text: string, firstColumn = 1): LexedLine {
  const tokens: Token[] = [];
  const length = text.length;
  let at = 0;
  const take = (kind: TokenKind, end: number): void => {
    tokens.push({ kind, text: text.slice(at, end), column: firstColumn + at });
    at = end;
  };
  while (at < length) {
    const c = text.charCodeAt(at);
    if (c === 59) return { tokens, comment: text.slice(at + 1) };
    if (c <= 32 || c === 0xa0 || c === 0xfeff) {
      let end = at + 1;
      while (end < length && (text.charCodeAt(end) <= 32 || text.charCodeAt(end) === 0xa0)) end++;
      take('ws', end);
    } else if (isDigit(c) || (c === 36 && at + 1 < length && isDigit(text.charCodeAt(at + 1)))) number(text, at, take);
    else if (c === 36) here(text, at, take);
    else if (c === 63 && !(at + 1 < length && isIdPart(text.charCodeAt(at + 1)))) take('op', at + 1);
    else if (isIdStart(c)) take('id', skipId(text, at + 1));
    else if (c === 34 || c === 39 || c === 96) quoted(text, at, take);
    else if (c === 37) percent(text, at, take);
    else if (OPERATORS_3.has(text.slice(at, at + 3))) take('op', at + 3);
    else if (OPERATORS_2.has(text.slice(at, at + 2))) take('op', at + 2);
    else take(PUNCTUATION.includes(text[at]) ? 'op' : 'bad', at + 1);
  }
  return { tokens, comment: undefined };
}

type Take = (kind: TokenKind, end: number) => void;

function skipId(text: string, at: number): number {
  while (at < text.length && isIdPart(text.charCodeAt(at))) at++;
  return at;
}

function number(text: string, at: number, take: Take): void {
  const hex = text[at] === '$' || /^0[xXhH]/.test(text.slice(at, at + 2));
  let end = at + 1;
  let float = false;
  for (; end < text.length; end++) {
    const c = text.charCodeAt(end);
    if (c === 46 && !hex) float = true;
    else if ((c === 43 || c === 45) && !hex && (float || isDigit(text.charCodeAt(end + 1))) && /^[\d_.]+[eE]$/.test(text.slice(at, end)))
      float = true;
    else if (!((c >= 97 && c <= 122) || (c >= 65 && c <= 90) || isDigit(c) || c === 95)) break;
  }
  if (!float && !hex && /^[\d_]+[eE]\d+$/.test(text.slice(at, end))) float = true;
  take(float ? 'float' : 'num', end);
}

function here(text: string, at: number, take: Take): void {
  const next = text.charCodeAt(at + 1);
  if (next === 36) take('op', at + 2);
  else if (isIdStart(next)) take('id', skipId(text, at + 1));
  else take('op', at + 1);
}

function quoted(text: string, at: number, take: Take): void {
  const quote = text[at];
  let end = at + 1;
  while (end < text.length && text[end] !== quote) end += quote === '`' && text[end] === '\\' ? 2 : 1;
  if (end >= text.length) take('bad', text.length);
  else take('str', end + 1);
}

function percent(text: string, at: number, take: Take): void {
  const c = text[at + 1] ?? '';
  const code = text.charCodeAt(at + 1);
  if (c === '{' || c === '[') take('pp', closing(text, at + 1));
  else if (c === '?') take('pp', at + (text[at + 2] === '?' ? 3 : 2));
  else if (c === '+' && !isDigit(text.charCodeAt(at + 2))) take('pp', at + 2);
  else if ((c === '+' || c === '-') && isDigit(text.charCodeAt(at + 2))) take('pp', skipDigits(text, at + 2));
  else if (isDigit(code)) take('pp', skipDigits(text, at + 1));
  else if (c === '%' && isIdPart(text.charCodeAt(at + 2))) take('pp', skipId(text, at + 2));
  else if (c === '$') {
    let end = at + 1;
    while (text[end] === '$') end++;
    take('pp', skipId(text, end));
  } else if (c === '!' && isIdPart(text.charCodeAt(at + 2))) take('pp', skipId(text, at + 2));
  else if (isIdStart(code)) take('pp', skipId(text, at + 1));
  else take('op', OPERATORS_2.has(text.slice(at, at + 2)) ? at + 2 : at + 1);
}

function skipDigits(text: string, at: number): number {
  while (isDigit(text.charCodeAt(at))) at++;
  return at;
}

/** The end of `{...}` or `[...]` that opens at `at`, nested ones and strings inside. */
function closing(text: string, at: number): number {
  const open = text[at];
  const close = open === '{' ? '}' : ']';
  let depth = 0;
  for (let i = at; i < text.length; i++) {
    const c = text[i];
    if (c === open) depth++;
    else if (c === close && --depth === 0) return i + 1;
    else if (c === '"' || c === "'") {
      const end = text.indexOf(c, i + 1);
      if (end > 0) i = end;
    }
  }
  return text.length;
}

/** The text that tokens were read from. */
export function tokensText(tokens: readonly Token[]): string {
  let text = '';
  for (const token of tokens) text += token.text;
  return text;
}

/** Tokens without white space. */
export function significant(tokens: readonly Token[]): Token[] {
  return tokens.filter((token) => token.kind !== 'ws');
}

/** `%{1}` means `%1` with a clear end. Returns the text without braces. */
export function unbraced(text: string): string {
  return text[1] === '{' && text.endsWith('}') ? `%${text.slice(2, -1).trim()}` : text;
}

/** Without white space at both ends. */
export function trimTokens(tokens: readonly Token[]): readonly Token[] {
  let from = 0;
  let to = tokens.length;
  while (from < to && tokens[from].kind === 'ws') from++;
  while (to > from && tokens[to - 1].kind === 'ws') to--;
  return from === 0 && to === tokens.length ? tokens : tokens.slice(from, to);
}

/** The name a token stands for: `$eax` is a name like any other, without its `$`. */
export function nameOf(token: Token): string {
  return token.text[0] === '$' ? token.text.slice(1) : token.text;
}
