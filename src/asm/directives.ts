/** Directives between brackets: `[section .data]`, `[org 7C00h]`. The words without brackets are macros for them. */
import { say, worded } from '../lib/say.ts';
import type { Assembler } from './assembler.ts';
import { LineError, nearest } from './errors.ts';
import { Cursor, evaluate, evaluateNumber } from './expression.ts';
import type { Token } from './lexer.ts';
import type { Attribute, Section } from './sections.ts';
import { isRelocatable, isUnknown, NO_SECTION, scalarPart, sectionTerms } from './vector.ts';

type Action = (assembler: Assembler, cursor: Cursor) => void;

/** Carries out one bracketed directive. */
export function directive(assembler: Assembler, cursor: Cursor): void {
  const { tokens } = cursor;
  const last = tokens[tokens.length - 1];
  const name = tokens[1];
  if (name?.kind !== 'id')
    throw new LineError(
      say`expected the name of a directive after [, found ${name === undefined ? say`the end of the line` : `\`${name.text}\``}`,
      name?.column ?? cursor.endColumn,
    );
  if (last.text !== ']')
    throw new LineError(say`expected ] at the end of the directive, found \`${last.text}\``, last.column, say`close the directive with ]`);
  const inner = new Cursor(tokens.slice(2, -1), last.column);
  const word = name.text.toLowerCase();
  if (!Object.hasOwn(ACTIONS, word)) {
    const fix = nearest(name.text, Object.keys(ACTIONS));
    throw new LineError(say`there is no directive [${name.text}]`, name.column, fix === undefined ? '' : say`did you mean ${fix}?`);
  }
  ACTIONS[word](assembler, inner);
}

function end(cursor: Cursor): void {
  if (!cursor.ended) throw new LineError(say`expected the end of the directive, found ${cursor.found()}`, cursor.column);
}

const ignore: Action = () => {};

const ACTIONS: Readonly<Record<string, Action>> = {
  bits: (assembler, cursor) => {
    const column = cursor.column;
    const bits = evaluateNumber(cursor, assembler, 'bits');
    end(cursor);
    if (bits !== 16n && bits !== 32n) throw new LineError(say`bits ${bits} is not possible here`, column, say`write bits 16 or bits 32`);
    assembler.bits = bits === 16n ? 16 : 32;
  },
  org: (assembler, cursor) => {
    const column = cursor.column;
    const origin = Number(evaluateNumber(cursor, assembler, worded('the origin')));
    end(cursor);
    if (origin < 0 || origin > 0xffffffff) throw new LineError(say`the origin is outside the 32-bit address space`, column);
    if (assembler.origin !== undefined && assembler.origin !== origin)
      throw new LineError(say`the origin is set twice, to different addresses`, column, say`leave one org out`);
    assembler.origin = origin;
  },
  section: (assembler, cursor) => section(assembler, cursor),
  absolute: (assembler, cursor) => absolute(assembler, cursor, false),
  structure: (assembler, cursor) => absolute(assembler, cursor, true),
  sectalign: (assembler, cursor) => {
    const column = cursor.column;
    const value = Number(evaluateNumber(cursor, assembler, worded('the alignment')));
    if (value < 1 || value > 0x7fffffff || (value & (value - 1)) !== 0)
      throw new LineError(say`${value} is not a power of two`, column, say`align to 2, 4, 8, 16, ...`);
    if (assembler.absolute === undefined) assembler.section.align = Math.max(assembler.section.align ?? 1, value);
  },
  extern: (_assembler, cursor) => {
    throw new LineError(
      say`a flat binary has no symbols from elsewhere: ${cursor.text}`,
      cursor.column,
      say`include the file that defines it with %include`,
    );
  },
  common: (_assembler, cursor) => {
    throw new LineError(say`a flat binary has no common symbols: ${cursor.text}`, cursor.column, say`reserve it in section .bss`);
  },
  global: ignore,
  static: ignore,
  cpu: ignore,
  default: ignore,
  warning: ignore,
  list: ignore,
  map: ignore,
  debug: ignore,
};

function absolute(assembler: Assembler, cursor: Cursor, structure: boolean): void {
  const { vector, column } = evaluate(cursor, assembler, assembler.final);
  end(cursor);
  if (!isUnknown(vector) && !isRelocatable(vector)) throw new LineError(say`absolute needs a number or one address plus a number`, column);
  const [term] = sectionTerms(vector);
  assembler.absolute = { section: term?.section ?? NO_SECTION, offset: isUnknown(vector) ? 0 : Number(scalarPart(vector)), structure };
}

function section(assembler: Assembler, cursor: Cursor): void {
  const found = assembler.enterSection(sectionName(cursor));
  while (!cursor.ended) attribute(assembler, found, cursor);
}

function sectionName(cursor: Cursor): string {
  const token = cursor.token;
  if (token === undefined) throw new LineError(say`expected the name of a section`, cursor.column, say`write section .text, .data or .bss`);
  cursor.at++;
  return token.kind === 'str' ? token.text.slice(1, -1) : token.text;
}

function attribute(assembler: Assembler, target: Section, cursor: Cursor): void {
  const token = cursor.token as Token;
  const word = token.text.toLowerCase();
  cursor.at++;
  if (word === 'nobits' || word === 'progbits') {
    if (target.kind !== undefined && target.kind !== word)
      throw new LineError(say`section ${target.name} is ${target.kind} already`, token.column);
    target.kind = word;
    return;
  }
  const known = ['start', 'align', 'vstart', 'valign', 'follows', 'vfollows'];
  if (!known.includes(word)) {
    const fix = nearest(word, [...known, 'nobits', 'progbits']);
    throw new LineError(
      say`a section has no attribute \`${token.text}\``,
      token.column,
      fix === undefined ? '' : say`did you mean ${fix}?`,
    );
  }
  cursor.expect('=', word);
  if (word === 'follows' || word === 'vfollows') target[word] = sectionName(cursor);
  else setNumber(target, word as Attribute, attributeValue(assembler, cursor), token.column);
}

/** One term, or an expression in parentheses: further attributes follow without a comma. */
function attributeValue(assembler: Assembler, cursor: Cursor): number {
  let stop = cursor.at + 1;
  if (cursor.isOperator('(')) {
    let depth = 0;
    for (stop = cursor.at; stop < cursor.tokens.length; stop++) {
      if (cursor.tokens[stop].text === '(') depth++;
      if (cursor.tokens[stop].text === ')' && --depth === 0) break;
    }
    stop++;
  } else {
    while (stop < cursor.tokens.length && touches(cursor.tokens[stop - 1], cursor.tokens[stop])) stop++;
  }
  const own = new Cursor(cursor.tokens.slice(cursor.at, stop), cursor.column);
  const value = Number(evaluateNumber(own, assembler, worded('a section attribute')));
  end(own);
  cursor.at = stop;
  return value;
}

const touches = (a: Token, b: Token): boolean => a.column + a.text.length === b.column;

function setNumber(target: Section, name: Attribute, value: number, column: number): void {
  if (name === 'start' || name === 'vstart') {
    if (target[name] !== undefined && target[name] !== value)
      throw new LineError(say`section ${target.name} has another ${name} already`, column);
    target[name] = value;
    return;
  }
  if (value < 1 || !Number.isInteger(Math.log2(value)))
    throw new LineError(say`${value} is not a power of two`, column, say`align to 2, 4, 8, 16, ...`);
  target[name] = Math.max(target[name] ?? 1, value);
}
