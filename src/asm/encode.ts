/** Bytes of a matched instruction. */

import { SEGMENT_REGISTERS } from '../isa/registers.ts';
import { say } from '../lib/say.ts';
import { LineError } from './errors.ts';
import { hasField, type Matched, needsSizePrefix } from './match.ts';
import type { OperandValue } from './operand.ts';
import type { Fixup } from './sections.ts';
import { scalarPart, sectionTerms, type Vector } from './vector.ts';

/** Receives bytes and the places in them that depend on where sections come to lie. */
export interface Output {
  readonly bytes: number[];
  readonly fixups: Fixup[];
  warn(column: number, message: string, hint?: string): void;
}

export interface Location {
  readonly section: number;
  readonly offset: number;
}

const SEGMENT_PREFIXES = [0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65];

/** Appends a number, low byte first. */
export function emitNumber(bytes: number[], value: bigint, size: number): void {
  const low = BigInt.asUintN(size * 8, value);
  if (size <= 4) {
    const n = Number(low);
    for (let i = 0; i < size; i++) bytes.push((n >>> (8 * i)) & 255);
  } else {
    for (let i = 0; i < size; i++) bytes.push(Number((low >> BigInt(8 * i)) & 255n));
  }
}

/** Appends a value of `size` bytes, with a fixup when it depends on a section. */
export function emitVector(output: Output, vector: Vector, size: number): void {
  const terms = sectionTerms(vector);
  if (terms.length > 0) output.fixups.push({ at: output.bytes.length, size, terms });
  emitNumber(output.bytes, scalarPart(vector), size);
}

function emitPrefixes(matched: Matched, out: number[]): void {
  const { prefixes, form, bits } = matched;
  if (prefixes.wait) out.push(0x9b);
  if (prefixes.rep) out.push(/^repn/.test(prefixes.rep) ? 0xf2 : 0xf3);
  if (prefixes.lock) out.push(0xf0);
  if (prefixes.seg) out.push(SEGMENT_PREFIXES[(SEGMENT_REGISTERS as readonly string[]).indexOf(prefixes.seg)]);
  if (needsSizePrefix(form, prefixes, bits)) out.push(0x66);
  if (prefixes.asize && matched.addressSize !== bits) out.push(0x67);
  if (form.encoding.prefix !== 0) out.push(form.encoding.prefix);
}

function opcode(matched: Matched, out: number[]): void {
  const { form, operands } = matched;
  const bytes = [...form.opcode];
  const last = bytes.length - 1;
  if (form.encoding.plus === 'cc') bytes[last] += form.condition;
  if (form.encoding.plus === 'r') {
    const at = form.patterns.findIndex((pattern) => pattern.method === 'Z');
    const operand = operands[at];
    if (operand.kind === 'register') bytes[last] += operand.register.number;
  }
  if (form.encoding.plus === 'i') bytes[last] += registerNumber(operands[form.patterns.findIndex((pattern) => pattern.method === 'ST')]);
  out.push(...bytes);
}

const registerNumber = (operand: OperandValue): number => (operand.kind === 'register' ? operand.register.number : 0);

function modrm(matched: Matched, output: Output): void {
  const { form, operands } = matched;
  let reg = Math.max(form.encoding.digit, 0);
  let rm: OperandValue | undefined;
  form.patterns.forEach(({ method }, i) => {
    if ('GSCD'.includes(method)) reg = registerNumber(operands[i]);
    else if ('EMR'.includes(method)) rm = operands[i];
  });
  const { address } = matched;
  if (address === undefined || rm?.kind !== 'memory') {
    output.bytes.push(0xc0 | (reg << 3) | (rm === undefined ? 0 : registerNumber(rm)));
    return;
  }
  output.bytes.push(address.modrm | (reg << 3));
  if (address.sib >= 0) output.bytes.push(address.sib);
  if (address.displacementBytes > 0) emitVector(output, rm.displacement, address.displacementBytes);
}

/** Writes the instruction, which stands at `location`. */
export function encode(matched: Matched, location: Location, output: Output): void {
  const start = output.bytes.length;
  const { form, prefixes, bits: mode } = matched;
  if (prefixes.osize !== undefined && prefixes.osize !== `o${mode}` && form.size === mode && hasField(form)) {
    output.warn(
      matched.operands[0].column,
      say`${prefixes.osize} changes what the processor reads, not what is written here`,
      say`state the size of the operand: word or dword`,
    );
  }
  emitPrefixes(matched, output.bytes);
  opcode(matched, output.bytes);
  if (matched.form.modrm) modrm(matched, output);
  matched.operands.forEach((operand, i) => {
    const { method, operand: letters, bits } = matched.form.patterns[i];
    if (method === 'I' || method === 'sI') immediate(operand, letters === 'sIb' ? 1 : bits / 8, output, matched.form.size || 32);
    else if (method === 'J') jump(operand, letters === 'Jb' ? 1 : bits / 8, start, location, output);
    else if (method === 'O' && operand.kind === 'memory') emitVector(output, operand.displacement, matched.addressSize / 8);
    else if (method === 'A' && operand.kind === 'far') {
      emitVector(output, operand.offset, bits / 8);
      emitVector(output, operand.selector, 2);
    }
  });
}

function immediate(operand: OperandValue, size: number, output: Output, operandBits: number): void {
  if (operand.kind !== 'immediate') return;
  emitVector(output, operand.vector, size);
  const { value } = operand;
  if (value === undefined) return;
  const limit = 1n << BigInt(size * 8);
  const wide = 1n << BigInt(operandBits);
  const fits = (value >= -limit / 2n && value < limit) || (value < wide && value >= wide - limit / 2n);
  if (!fits)
    output.warn(
      operand.column,
      size === 1
        ? say`${value} does not fit a byte: only its low bits are kept`
        : say`${value} does not fit ${size} bytes: only its low bits are kept`,
      say`use a smaller number`,
    );
}

function jump(operand: OperandValue, size: number, start: number, { section, offset }: Location, output: Output): void {
  if (operand.kind !== 'immediate') return;
  const end = offset + (output.bytes.length - start) + size;
  const distance = scalarPart(operand.vector) - BigInt(end);
  const terms = sectionTerms(operand.vector);
  const own = terms.findIndex((term) => term.section === section && term.factor === 1);
  if (own >= 0) terms.splice(own, 1);
  else if (section >= 0) terms.push({ section, factor: -1 });
  if (terms.length > 0) output.fixups.push({ at: output.bytes.length, size, terms });
  else if (!operand.unknown && size === 1 && (distance < -128n || distance > 127n)) {
    throw new LineError(
      say`the target is ${distance} bytes away; a short jump reaches -128 to 127`,
      operand.column,
      say`leave out short, or put a jmp near by in between`,
    );
  }
  emitNumber(output.bytes, distance, size);
}
