import { say } from '../lib/say.ts';
import { LineError } from './errors.ts';
import { type Cursor, evaluate, type Scope } from './expression.ts';
import {
  type Hint,
  isAddressable,
  isJustUnknown,
  isRelocatable,
  isUnknown,
  plain,
  SECTION,
  scalarPart,
  UNKNOWN,
  type Vector,
} from './vector.ts';
import { DISTANCES, PREFIXES, type PrefixSlot, REGISTERS, type Register, register, SIZES } from './words.ts';

export interface Modifiers {
  /** The size that is stated, 0 when none is. */
  bits: number;
  strict: boolean;
  distance: '' | 'short' | 'near' | 'far' | 'to';
  readonly column: number;
}

export interface RegisterOperand extends Modifiers {
  readonly kind: 'register';
  readonly register: Register;
}

/** A number, or an address known at the end. */
export interface ImmediateOperand extends Modifiers {
  readonly kind: 'immediate';
  readonly vector: Vector;
  /** The plain number it is, or undefined. */
  readonly value: bigint | undefined;
  /** Depends on a symbol no pass has met yet. */
  readonly unknown: boolean;
}

export interface MemoryOperand extends Modifiers {
  readonly kind: 'memory';
  readonly base: Register | undefined;
  readonly index: Register | undefined;
  readonly scale: number;
  /** What remains beside registers. */
  readonly displacement: Vector;
  readonly unknown: boolean;
  readonly hint: Hint;
  /** Stated size of the displacement: 0, 8, 16 or 32. */
  readonly displacementBits: number;
  readonly nosplit: boolean;
}

export interface FarOperand extends Modifiers {
  readonly kind: 'far';
  readonly selector: Vector;
  readonly offset: Vector;
}

export type OperandValue = RegisterOperand | ImmediateOperand | MemoryOperand | FarOperand;

/** Prefixes of the statement, which operands may add to: a segment, an address size. */
export type Prefixes = Partial<Record<PrefixSlot, string>>;

/** Reads the operands up to the end of the line. */
export function parseOperands(cursor: Cursor, scope: Scope, critical: boolean, prefixes: Prefixes): OperandValue[] {
  const operands: OperandValue[] = [];
  if (cursor.ended) return operands;
  for (;;) {
    operands.push(parseOperand(cursor, scope, critical, prefixes));
    if (cursor.ended) return operands;
    if (!cursor.skip(','))
      throw new LineError(say`expected a comma or the end of the line, found ${cursor.found()}`, cursor.column, commaHint(cursor));
    if (operands.length > 4) throw new LineError(say`there are too many operands`, cursor.column);
  }
}

function commaHint(cursor: Cursor): string {
  const text = cursor.text;
  if (text === ']') return say`there is a ] without [`;
  return /^[\w.]/.test(text) && register(text) !== undefined ? say`write a comma between operands` : '';
}

function modifiers(cursor: Cursor): Modifiers {
  const found: Modifiers = { bits: 0, strict: false, distance: '', column: cursor.column };
  for (;;) {
    const token = cursor.token;
    if (token?.kind !== 'id') return found;
    const word = token.text.toLowerCase();
    const bits = SIZES.get(word);
    if (bits !== undefined) {
      if (found.bits === 0) found.bits = bits;
    } else if (word === 'strict') found.strict = true;
    else if (word === 'short' || word === 'near' || word === 'far' || word === 'to') found.distance = word;
    else if (!DISTANCES.has(word)) {
      if (word === 'ptr') throw new LineError(say`\`ptr\` is not written in this syntax`, token.column, say`leave ptr out: dword [x]`);
      return found;
    }
    cursor.at++;
  }
}

function parseOperand(cursor: Cursor, scope: Scope, critical: boolean, prefixes: Prefixes): OperandValue {
  const stated = modifiers(cursor);
  if (cursor.isOperator('[')) return memory(cursor, scope, critical, prefixes, stated);
  const token = cursor.token;
  if (token === undefined) throw new LineError(say`expected an operand, found the end of the line`, cursor.column);
  const { vector } = evaluate(cursor, scope, critical);
  if (cursor.isOperator('['))
    throw new LineError(
      say`expected a comma or the end of the line, found \`[\``,
      cursor.column,
      say`write the whole address between brackets: [name+esi]`,
    );
  if (cursor.skip(':')) return farPointer(cursor, scope, critical, stated, vector);
  const only = vector.filter((term) => term.value !== 0n);
  if (only.length > 0 && only[0].type < UNKNOWN) {
    if (only.length > 1 || only[0].value !== 1n)
      throw new LineError(say`registers are added between brackets only`, token.column, say`write [ ] around an address`);
    return { ...stated, kind: 'register', register: REGISTERS[only[0].type] };
  }
  const unknown = isUnknown(vector);
  if (!unknown && !isRelocatable(vector)) throw new LineError(say`this is neither a number nor one address plus a number`, token.column);
  return { ...stated, kind: 'immediate', vector, value: unknown ? undefined : plain(vector), unknown };
}

function farPointer(cursor: Cursor, scope: Scope, critical: boolean, stated: Modifiers, selector: Vector): FarOperand {
  const inner = modifiers(cursor);
  const { vector: offset } = evaluate(cursor, scope, critical);
  if (selector.some((term) => term.type < UNKNOWN && term.value !== 0n)) {
    throw new LineError(say`a segment register stands before : between brackets only`, stated.column, say`write [es:edi]`);
  }
  return { ...stated, bits: stated.bits || inner.bits, kind: 'far', selector, offset };
}

interface Flags {
  displacementBits: number;
  nosplit: boolean;
}

function memory(cursor: Cursor, scope: Scope, critical: boolean, prefixes: Prefixes, stated: Modifiers): MemoryOperand {
  const open = cursor.column;
  cursor.at++;
  const flags: Flags = { displacementBits: 0, nosplit: false };
  addressWords(cursor, prefixes, flags);
  let { vector, hint } = evaluate(cursor, scope, critical);
  if (cursor.isOperator(':')) {
    const term = vector[0];
    const segment = vector.length === 1 && term.type < UNKNOWN ? REGISTERS[term.type] : undefined;
    if (segment?.class !== 'seg')
      throw new LineError(say`expected a segment register before :`, open + 1, say`write one of es cs ss ds fs gs`);
    if (prefixes.seg !== undefined && prefixes.seg !== segment.name) throw new LineError(say`two different segments are stated`, open + 1);
    prefixes.seg = segment.name;
    cursor.at++;
    addressWords(cursor, prefixes, flags);
    ({ vector, hint } = evaluate(cursor, scope, critical));
  }
  if (!cursor.skip(']'))
    throw new LineError(say`expected ] at the end of the address, found ${cursor.found()}`, cursor.column, say`close the address with ]`);
  return { ...stated, kind: 'memory', ...addressParts(vector, open), hint, ...flags };
}

function addressWords(cursor: Cursor, prefixes: Prefixes, flags: Flags): void {
  for (;;) {
    const token = cursor.token;
    if (token?.kind !== 'id') return;
    const word = token.text.toLowerCase();
    const bits = SIZES.get(word);
    if (bits !== undefined) {
      if (bits > 32) throw new LineError(say`a displacement cannot be a ${word}`, token.column);
      flags.displacementBits = bits;
    } else if (word === 'nosplit') flags.nosplit = true;
    else if (PREFIXES.get(word) === 'asize') prefixes.asize = word;
    else if (word !== 'abs' && word !== 'rel') return;
    cursor.at++;
  }
}

function addressParts(vector: Vector, column: number): Pick<MemoryOperand, 'base' | 'index' | 'scale' | 'displacement' | 'unknown'> {
  let base: Register | undefined;
  let index: Register | undefined;
  let scale = 0;
  for (const { type, value } of vector) {
    if (type >= UNKNOWN) continue;
    const found = REGISTERS[type];
    const general = found.class === 'r8' || found.class === 'r16' || found.class === 'r32';
    if (general && value === 1n && base === undefined) base = found;
    else if (index === undefined) {
      index = found;
      scale = Number(value);
    } else throw new LineError(say`an address has at most two registers`, column, say`add the others up in a register first`);
  }
  const displacement = vector.filter((term) => term.type >= UNKNOWN);
  const unknown = isUnknown(displacement);
  if (!unknown && !isAddressable(displacement)) throw new LineError(say`the address is not one label plus a number`, column);
  return { base, index, scale, displacement, unknown };
}

/** The number in a displacement, sections left out. */
export const displacementNumber = (operand: MemoryOperand): bigint => scalarPart(operand.displacement);

export const hasSection = (vector: Vector): boolean => vector.some((term) => term.type >= SECTION && term.value !== 0n);

/** Known, and without sections. */
export function immediateNumber(vector: Vector): bigint | undefined {
  return isJustUnknown(vector) ? undefined : plain(vector);
}

/** How an error message names an operand. */
export function describeOperand(operand: OperandValue): string {
  switch (operand.kind) {
    case 'register': {
      const { name, class: kind, bits } = operand.register;
      const what = {
        r8: say`${bits}-bit register`,
        r16: say`${bits}-bit register`,
        r32: say`${bits}-bit register`,
        seg: say`segment register`,
        cr: say`control register`,
        dr: say`debug register`,
        st: say`floating-point register`,
      }[kind];
      return `${name} (${what})`;
    }
    case 'memory':
      return operand.bits > 0 ? say`${operand.bits}-bit memory` : say`memory`;
    case 'far':
      return say`a far pointer`;
    default:
      return say`a number`;
  }
}
