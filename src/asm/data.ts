/** db, dw, dd, dq and their kin; resb and its kin. */
import { say, worded } from '../lib/say.ts';
import { emitNumber, emitVector, type Output } from './encode.ts';
import { LineError } from './errors.ts';
import { type Cursor, evaluate, evaluateNumber, type Scope } from './expression.ts';
import type { Token } from './lexer.ts';
import { stringBytes } from './numbers.ts';
import { isRelocatable, isUnknown, plain, sectionTerms } from './vector.ts';

/** Bytes of one element by the letter that ends the word. */
const ELEMENT: Readonly<Record<string, number>> = { b: 1, w: 2, d: 4, q: 8, t: 10, o: 16 };

/** Bytes of an element of `dX`, or undefined when the word is none. */
export function dataSize(word: string): number | undefined {
  return /^d[bwdqto]$/.test(word) ? ELEMENT[word[1]] : undefined;
}

/** Bytes of an element of `resX`, or undefined when the word is none. */
export function reserveSize(word: string): number | undefined {
  return /^res[bwdqto]$/.test(word) ? ELEMENT[word[3]] : undefined;
}

export const DATA_WORDS: readonly string[] = ['db', 'dw', 'dd', 'dq', 'resb', 'resw', 'resd', 'resq', 'equ', 'times', 'incbin'];

const MAX_BYTES = 1 << 26;

/** Reads the operands of dX and writes them. */
export function emitData(cursor: Cursor, size: number, scope: Scope, critical: boolean, output: Output): void {
  if (cursor.ended) {
    output.warn(cursor.column, say`there is nothing to store`, say`write at least one value`);
    return;
  }
  items(cursor, size, scope, critical, output, false);
}

function items(cursor: Cursor, size: number, scope: Scope, critical: boolean, output: Output, nested: boolean): void {
  for (;;) {
    item(cursor, size, scope, critical, output);
    if (output.bytes.length > MAX_BYTES) throw new LineError(say`the data is larger than 64 MiB`, cursor.column);
    if (nested && cursor.isOperator(')')) return;
    if (cursor.ended && !nested) return;
    if (!cursor.skip(','))
      throw new LineError(
        say`expected a comma or the end of the line, found ${cursor.found()}`,
        cursor.column,
        say`write a comma between values`,
      );
    if (cursor.ended) return;
  }
}

const endsItem = (token: Token | undefined): boolean =>
  token === undefined || (token.kind === 'op' && (token.text === ',' || token.text === ')'));

function item(cursor: Cursor, size: number, scope: Scope, critical: boolean, output: Output): void {
  const token = cursor.token;
  if (token === undefined) throw new LineError(say`expected a value, found the end of the line`, cursor.column);
  const next = cursor.tokens[cursor.at + 1];
  if (token.kind === 'str' && endsItem(next)) {
    cursor.at++;
    const bytes = stringBytes(token.text);
    for (const byte of bytes) output.bytes.push(byte);
    for (let n = bytes.length; n % size !== 0; n++) output.bytes.push(0);
    return;
  }
  if (token.kind === 'op' && token.text === '?' && endsItem(next)) {
    cursor.at++;
    emitNumber(output.bytes, 0n, size);
    return;
  }
  const sign = token.kind === 'op' && (token.text === '-' || token.text === '+') && next?.kind === 'float';
  if (token.kind === 'float' || sign) {
    cursor.at += sign ? 2 : 1;
    emitFloat(`${sign ? token.text : ''}${sign ? next.text : token.text}`, size, output, token.column);
    return;
  }
  const { vector, column } = evaluate(cursor, scope, critical);
  if (cursor.token?.kind === 'id' && cursor.text.toLowerCase() === 'dup') {
    duplicate(cursor, Number(plain(vector) ?? 0n), size, scope, critical, output);
    return;
  }
  if (!isUnknown(vector) && !isRelocatable(vector) && sectionTerms(vector).length !== 2) {
    throw new LineError(say`this is neither a number nor one address plus a number`, column, say`registers cannot be stored as data`);
  }
  if (vector.some((term) => term.type < 1000 && term.value !== 0n))
    throw new LineError(say`a register is not a value that can be stored`, column);
  const value = plain(vector);
  if (value !== undefined && size < 8) warnRange(value, size, column, output);
  if (size > 8) throw new LineError(say`a number has at most 8 bytes here, not ${size}`, column, say`use dq`);
  emitVector(output, vector, size);
}

function warnRange(value: bigint, size: number, column: number, output: Output): void {
  const limit = 1n << BigInt(size * 8);
  if (value >= limit || value < -limit / 2n)
    output.warn(
      column,
      size === 1
        ? say`${value} does not fit a byte: only its low bits are kept`
        : say`${value} does not fit ${size} bytes: only its low bits are kept`,
      say`use a larger element`,
    );
}

function duplicate(cursor: Cursor, count: number, size: number, scope: Scope, critical: boolean, output: Output): void {
  cursor.at++;
  const from = cursor.at;
  if (count < 0) throw new LineError(say`dup cannot repeat a negative number of times`, cursor.column);
  const parenthesis = cursor.skip('(');
  const at = output.bytes.length;
  if (parenthesis) {
    items(cursor, size, scope, critical, output, true);
    cursor.expect(')', worded('the values to repeat'));
  } else item(cursor, size, scope, critical, output);
  const bytes = output.bytes.slice(at);
  if (bytes.length * count > MAX_BYTES) throw new LineError(say`the data is larger than 64 MiB`, cursor.tokens[from - 1].column);
  const fixups = output.fixups.filter((fixup) => fixup.at >= at);
  if (count === 0) {
    output.bytes.length = at;
    output.fixups.length -= fixups.length;
  }
  for (let n = 1; n < count; n++) {
    for (const fixup of fixups) output.fixups.push({ ...fixup, at: fixup.at + n * bytes.length });
    for (const byte of bytes) output.bytes.push(byte);
  }
}

function emitFloat(text: string, size: number, output: Output, column: number): void {
  const value = Number(text.replaceAll('_', ''));
  const view = new DataView(new ArrayBuffer(8));
  if (size === 4) view.setFloat32(0, value, true);
  else if (size === 8) view.setFloat64(0, value, true);
  else throw new LineError(say`there is no floating-point number of ${size} bytes here`, column, say`use dd or dq`);
  for (let i = 0; i < size; i++) output.bytes.push(view.getUint8(i));
}

/** Reads the count of resX; unknown symbols count as 0 until they are known. */
export function reserveCount(cursor: Cursor, scope: Scope, critical: boolean): number {
  const { vector, column } = evaluate(cursor, scope, critical);
  if (!cursor.ended) throw new LineError(say`expected the end of the line, found ${cursor.found()}`, cursor.column);
  if (isUnknown(vector)) return 0;
  const count = plain(vector);
  if (count === undefined)
    throw new LineError(
      say`the count must be a plain number, found an address`,
      column,
      say`subtract another label or $$ to make it a number`,
    );
  if (count < 0n) throw new LineError(say`the count is negative: ${count}`, column);
  if (count > 0xffffffffn) throw new LineError(say`the count is too large: ${count}`, column);
  return Number(count);
}

/** Reads the operands of incbin: a file, and what to leave out. */
export function parseIncbin(cursor: Cursor, scope: Scope): { name: string; column: number; skip: number; length: number | undefined } {
  const token = cursor.token;
  if (token?.kind !== 'str') throw new LineError(say`incbin needs the name of a file in quotes, found ${cursor.found()}`, cursor.column);
  cursor.at++;
  const name = token.text.slice(1, -1);
  let skip = 0;
  let length: number | undefined;
  if (cursor.skip(',')) {
    skip = Number(evaluateNumber(cursor, scope, worded('the offset in the file')));
    if (cursor.skip(',')) length = Number(evaluateNumber(cursor, scope, worded('the length')));
  }
  if (!cursor.ended) throw new LineError(say`expected the end of the line, found ${cursor.found()}`, cursor.column);
  return { name, column: token.column, skip: Math.max(skip, 0), length };
}
