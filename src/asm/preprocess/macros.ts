import { CONDITIONS, conditionCode } from '../../isa/conditions.ts';
import { say } from '../../lib/say.ts';
import { LineError } from '../errors.ts';
import { type Token, tokensText, trimTokens, unbraced } from '../lexer.ts';
import { joinNeighbours, withoutBraces } from './defines.ts';
import type { SourceLine } from './source.ts';

/** A multi-line macro: `%macro name 1-3 default` to `%endmacro`. */
export interface Macro {
  readonly name: string;
  readonly caseSensitive: boolean;
  readonly minimum: number;
  /** Infinity for `*`. */
  readonly maximum: number;
  /** The last parameter takes the rest of the line. */
  readonly greedy: boolean;
  readonly defaults: readonly (readonly Token[])[];
  readonly body: readonly SourceLine[];
  /** The body says %00: the label before a use is its parameter. */
  readonly takesLabel: boolean;
  /** One of ours: its lines are not shown. */
  readonly hidden: boolean;
  readonly depth: number;
  /** How many of its expansions are under way. */
  active: number;
}

/** One use of a macro. */
export interface MacroCall {
  readonly macro: Macro;
  /** As it was written at the use. */
  readonly name: string;
  readonly column: number;
  readonly label: readonly Token[];
  readonly parameters: readonly (readonly Token[])[];
  /** Number for its `%%` names. */
  readonly unique: number;
  rotation: number;
}

/** `%macro` and `%endmacro` do not nest in text that is only collected; this reads the head line. */
export function parseMacroHead(
  tokens: readonly Token[],
  column: number,
): Omit<Macro, 'body' | 'takesLabel' | 'hidden' | 'active' | 'caseSensitive' | 'depth'> {
  const head = trimTokens(tokens);
  const nameToken = head[0];
  if (nameToken === undefined || (nameToken.kind !== 'id' && nameToken.kind !== 'bad' && nameToken.kind !== 'op')) {
    throw new LineError(say`expected the name of the macro`, nameToken?.column ?? column, say`write: %macro name count`);
  }
  let nameEnd = 1;
  while (nameEnd < head.length && head[nameEnd].kind !== 'ws') nameEnd++;
  const name = tokensText(head.slice(0, nameEnd));
  let i = nameEnd;
  const skipSpace = (): void => {
    while (head[i]?.kind === 'ws') i++;
  };
  skipSpace();
  const count = head[i];
  if (count === undefined || count.kind !== 'num') {
    throw new LineError(say`expected the number of parameters of macro \`${name}\``, count?.column ?? column, say`write: %macro ${name} 0`);
  }
  const minimum = Number(count.text);
  let maximum = minimum;
  i++;
  if (head[i]?.text === '-') {
    const upper = head[++i];
    if (upper?.text === '*') maximum = Number.POSITIVE_INFINITY;
    else if (upper?.kind === 'num') maximum = Number(upper.text);
    else throw new LineError(say`expected the largest number of parameters, or *, after -`, upper?.column ?? column);
    i++;
  }
  if (
    !Number.isInteger(minimum) ||
    Number.isNaN(maximum) ||
    minimum > 10_000 ||
    (maximum > 10_000 && maximum !== Number.POSITIVE_INFINITY) ||
    maximum < minimum
  ) {
    throw new LineError(say`\`${name}\` cannot take that number of parameters`, count.column, say`write the smaller number first: 1-3`);
  }
  let greedy = false;
  if (head[i]?.text === '+') {
    greedy = true;
    i++;
  }
  if (head[i]?.kind === 'id' && /^\.nolist$/i.test(head[i].text)) i++;
  skipSpace();
  const defaults = i < head.length ? splitArguments(head.slice(i), greedy ? maximum - minimum : Number.POSITIVE_INFINITY) : [];
  return { name, minimum, maximum, greedy, defaults };
}

/** Splits at commas outside braces; at most `limit` pieces, of which the last takes the rest. */
export function splitArguments(tokens: readonly Token[], limit: number): (readonly Token[])[] {
  if (trimTokens(tokens).length === 0) return [];
  const parts: (readonly Token[])[] = [];
  let current: Token[] = [];
  let braces = 0;
  for (const token of tokens) {
    if (token.kind === 'op') {
      if (token.text === '{') braces++;
      if (token.text === '}' && braces > 0) braces--;
      if (token.text === ',' && braces === 0 && parts.length + 1 < limit) {
        parts.push(current);
        current = [];
        continue;
      }
    }
    current.push(token);
  }
  parts.push(current);
  return parts;
}

export const cleanArgument = (tokens: readonly Token[]): readonly Token[] => withoutBraces(tokens);

/** Finds the macro of this name that takes this many parameters, and its parameters. */
export function selectMacro(
  candidates: readonly Macro[],
  rest: readonly Token[],
): { macro: Macro; parameters: (readonly Token[])[] } | undefined {
  for (const macro of candidates) {
    if (macro.active > macro.depth) continue;
    const given = splitArguments(rest, macro.greedy ? Math.max(macro.maximum, 1) : Number.POSITIVE_INFINITY);
    if (given.length < macro.minimum || given.length > macro.maximum) continue;
    const parameters = given.map(cleanArgument);
    for (let n = parameters.length; n < macro.minimum + macro.defaults.length; n++)
      parameters.push(cleanArgument(macro.defaults[n - macro.minimum]));
    return { macro, parameters };
  }
  return undefined;
}

/** Parameter `n`, 1 being the first, after %rotate; empty when there is none. */
function parameter(call: MacroCall, n: number): readonly Token[] {
  const count = call.parameters.length;
  if (n < 1 || n > count) return [];
  return call.parameters[(n - 1 + call.rotation) % count];
}

/** A line of the macro's body with the parameters of one use in their places. */
export function substitute(tokens: readonly Token[], call: MacroCall): readonly Token[] {
  const hidden = call.macro.hidden;
  if (!tokens.some((token) => token.kind === 'pp')) return hidden ? tokens.map((t) => ({ ...t, column: call.column })) : tokens;
  const out: Token[] = [];
  let changed = false;
  for (const token of tokens) {
    const replaced = token.kind === 'pp' ? replacement(token, call) : undefined;
    if (replaced === undefined) out.push(hidden ? { ...token, column: call.column } : token);
    else {
      changed = true;
      for (const t of replaced) out.push(hidden ? t : { ...t, column: token.column });
    }
  }
  return changed ? joinNeighbours(out) : out;
}

function replacement(token: Token, call: MacroCall): readonly Token[] | undefined {
  const text = unbraced(token.text);
  const number = (n: number): readonly Token[] => [{ kind: 'num', text: String(n), column: token.column }];
  if (text === '%0') return number(call.parameters.length);
  if (text === '%00') return call.label;
  if (text === '%?') return [{ kind: 'id', text: call.name, column: token.column }];
  if (text === '%??') return [{ kind: 'id', text: call.macro.name, column: token.column }];
  if (text.startsWith('%%')) return [{ kind: 'id', text: `..@${call.unique}.${text.slice(2)}`, column: token.column }];
  if (/^%\d+$/.test(text)) return parameter(call, Number(text.slice(1)));
  const condition = /^%([+-])(\d+)$/.exec(text);
  if (condition !== null) return [conditionToken(parameter(call, Number(condition[2])), condition[1] === '-', token)];
  const range = /^%(-?\d+):(-?\d+)$/.exec(text);
  if (range !== null) return parameterRange(call, Number(range[1]), Number(range[2]), token);
  if (text.startsWith('%[')) {
    const inside = /%\{?[-+%]?\w/.test(text) ? replaceInText(text, call) : text;
    return [{ kind: 'pp', text: inside, column: token.column }];
  }
  return undefined;
}

function replaceInText(text: string, call: MacroCall): string {
  return text.replace(/%(\{[^}]*\}|\d+|%[\w.$#@~?]+)/g, (part) => {
    const found = replacement({ kind: 'pp', text: part, column: call.column }, call);
    return found === undefined ? part : tokensText(found);
  });
}

function conditionToken(tokens: readonly Token[], inverted: boolean, at: Token): Token {
  const name = tokensText(tokens).toLowerCase();
  const code = conditionCode(name);
  if (code === undefined) {
    throw new LineError(say`${at.text} needs a condition code as parameter, found \`${name}\``, at.column, say`pass one like e, nz, ae`);
  }
  return { kind: 'id', text: inverted ? CONDITIONS[code ^ 1][0] : name, column: at.column };
}

function parameterRange(call: MacroCall, from: number, to: number, at: Token): readonly Token[] {
  const count = call.parameters.length;
  const resolve = (n: number): number => (n < 0 ? count + 1 + n : n);
  const first = resolve(from);
  const last = resolve(to);
  const out: Token[] = [];
  const step = first <= last ? 1 : -1;
  for (let n = first; n !== last + step; n += step) {
    if (n < 1 || n > count) continue;
    if (out.length > 0) out.push({ kind: 'op', text: ',', column: at.column });
    out.push(...parameter(call, n));
  }
  return out;
}
