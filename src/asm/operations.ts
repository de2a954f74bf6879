/** The words that can stand where an instruction stands. */
import { say } from '../lib/say.ts';
import { DATA_WORDS, dataSize, reserveSize } from './data.ts';
import { LineError, nearest } from './errors.ts';
import type { Cursor } from './expression.ts';
import { NAMES } from './forms.ts';
import type { Token } from './lexer.ts';
import type { Prefixes } from './operand.ts';
import type { MacroTable } from './preprocess/macro-table.ts';
import { PREFIXES, type PrefixSlot, register } from './words.ts';

/** An instruction or a pseudo-instruction, lower case. */
export function isOperation(word: string): boolean {
  return NAMES.has(word) || dataSize(word) !== undefined || reserveSize(word) !== undefined || word === 'incbin';
}

/** May begin a statement behind a label. */
export function beginsStatement(word: string): boolean {
  return isOperation(word) || PREFIXES.has(word) || word === 'times' || register(word)?.class === 'seg';
}

/** The operation nearest to a word that is none. */
export function nearestOperation(word: string, macros: MacroTable): string | undefined {
  return nearest(word.toLowerCase(), [...NAMES.keys(), ...DATA_WORDS, ...macros.names()]);
}

export function unknownOperation(token: Token, macros: MacroTable): LineError {
  const counts = macros.counts(token.text);
  if (counts !== '')
    return new LineError(say`macro \`${token.text}\` does not take this number of parameters`, token.column, say`it takes ${counts}`);
  const fix = nearestOperation(token.text, macros);
  return new LineError(say`there is no instruction \`${token.text}\``, token.column, fix === undefined ? '' : say`did you mean ${fix}?`);
}

/** The place a prefix word takes, or undefined when the word is no prefix here: `wait` alone is an instruction of its own. */
function prefixSlot(cursor: Cursor, word: string, prefixes: Prefixes): PrefixSlot | undefined {
  const alone = cursor.at + 1 >= cursor.tokens.length && Object.keys(prefixes).length === 0;
  if (NAMES.has(word) && alone) return undefined;
  return register(word)?.class === 'seg' ? 'seg' : PREFIXES.get(word);
}

/** Takes one prefix if one comes next. */
export function takePrefix(cursor: Cursor, prefixes: Prefixes): boolean {
  const token = cursor.token;
  if (token?.kind !== 'id') return false;
  const word = token.text.toLowerCase();
  const slot = prefixSlot(cursor, word, prefixes);
  if (slot === undefined) return false;
  const other = prefixes[slot];
  if (other !== undefined && other !== word)
    throw new LineError(say`\`${word}\` contradicts \`${other}\` before it`, token.column, say`leave one of them out`);
  prefixes[slot] = word;
  cursor.at++;
  return true;
}
