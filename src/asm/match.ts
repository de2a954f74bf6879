/** Which form of an instruction fits the operands, and of those that fit, the one NASM would choose. */

import { IMPLIED_IMMEDIATE, IMPLIED_REGISTERS } from '../isa/aliases.ts';
import { either } from '../lib/counted.ts';
import { say, told, worded } from '../lib/say.ts';
import { addressSize, type EffectiveAddress, effectiveAddress } from './address.ts';
import { LineError } from './errors.ts';
import { fits } from './fit.ts';
import type { Form, Name, Pattern } from './forms.ts';
import { describeOperand, type ImmediateOperand, type OperandValue, type Prefixes } from './operand.ts';
import { scalar } from './vector.ts';
import { type Register, register } from './words.ts';

/** An instruction ready to be written, but for the values of its fields. */
export interface Matched {
  readonly form: Form;
  /** By position in the row. */
  readonly operands: readonly OperandValue[];
  readonly prefixes: Prefixes;
  readonly bits: 16 | 32;
  readonly addressSize: 16 | 32;
  readonly address: EffectiveAddress | undefined;
  readonly length: number;
}

export interface Instruction {
  readonly name: string;
  readonly column: number;
  readonly operands: readonly OperandValue[];
  readonly prefixes: Prefixes;
}

/** Distance of a jump from the end of the instruction if it were this long; undefined when that is not known now. */
export type Reach = (target: ImmediateOperand, length: number) => 'near' | 'far' | 'unknown';

/** A field of the operand size follows, which keeps the mode's size whatever prefix is written: as NASM has it. */
export const hasField = (form: Form): boolean => form.row.operands.some((operand) => /^(Iz|Iv|sIb|Jz|Ap)$/.test(operand));

/** FADD TO ST1: the sum goes there. Where no other register could receive it, `to` need not be written. */
const isToForm = (form: Form): boolean =>
  form.written.length === 1 && form.row.operands[0] === 'STi' && form.row.operands[1] === 'ST0' && !form.row.mnemonic.endsWith('P');

const stackRegister = (number: number, column: number): OperandValue => ({
  kind: 'register',
  bits: 0,
  strict: false,
  distance: '',
  column,
  register: register(`st${number}`) as Register,
});

interface Candidate {
  readonly form: Form;
  readonly operands: readonly OperandValue[];
  readonly missing: number;
}

/** Tries one form; undefined when the operands do not fit. */
function tryForm(form: Form, name: Name, instruction: Instruction, bits: 16 | 32, address: 16 | 32): Candidate | undefined {
  const given = instruction.operands;
  if (given.length !== form.written.length) return undefined;
  const stated = given[1]?.kind === 'immediate' ? given[1].bits : 0;
  let missing = 0;
  let decided = false;
  for (let i = 0; i < given.length; i++) {
    const found = fits(given[i], form.patterns[form.written[i]], form, address, stated);
    if (!found.ok) return undefined;
    if (found.missing !== 0) missing = found.missing;
    decided ||= found.decides;
  }
  if (form.written.length < form.patterns.length && form.written[0] === 0 && given[0].kind !== 'register') return undefined;
  if ((given[0]?.distance === 'to') !== isToForm(form) && given[0]?.kind === 'register' && given.length === 1) return undefined;
  if (name.size !== 0 && form.size !== name.size) return undefined;
  if (form.size !== 0 && !decided && name.size === 0 && form.row.size !== 16 && form.row.size !== 32) {
    const { osize } = instruction.prefixes;
    const wanted = osize === undefined || hasField(form) ? bits : osize === 'o16' ? 16 : 32;
    if (form.size !== wanted) return undefined;
  }
  const operands: OperandValue[] = [];
  for (let i = 0; i < given.length; i++) operands[form.written[i]] = given[i];
  if (operands.length > given.length) operands[1] = given[0];
  form.patterns.forEach(({ method, operand }, i) => {
    if (method === 'ST') operands[i] ??= stackRegister(1, instruction.column);
    else if (operand === 'ST0') operands[i] ??= stackRegister(0, instruction.column);
  });
  return { form, operands, missing };
}

/** Bytes after the opcode and ModRM that an operand takes. */
function fieldBytes(pattern: Pattern, address: number): number {
  switch (pattern.operand) {
    case 'Ib':
    case 'sIb':
    case 'Jb':
      return 1;
    case 'Iw':
      return 2;
    case 'Ap':
      return pattern.bits / 8 + 2;
    case 'Ob':
    case 'Ov':
      return address / 8;
    default:
      return pattern.method === 'I' || pattern.method === 'J' ? pattern.bits / 8 : 0;
  }
}

/** Whether the instruction needs the operand-size prefix. */
export function needsSizePrefix(form: Form, prefixes: Prefixes, bits: 16 | 32): boolean {
  const size = prefixes.osize === 'o16' ? 16 : prefixes.osize === 'o32' ? 32 : form.size;
  return size !== 0 && size !== bits;
}

const isMemoryPlace = (pattern: Pattern): boolean => pattern.method === 'E' || pattern.method === 'M';

function measure(candidate: Candidate, prefixes: Prefixes, bits: 16 | 32, address: 16 | 32): Matched {
  const { form, operands } = candidate;
  let length = form.opcode.length + (form.encoding.prefix !== 0 ? 1 : 0) + (form.modrm ? 1 : 0);
  if (prefixes.wait) length++;
  if (prefixes.rep) length++;
  if (prefixes.lock) length++;
  if (prefixes.seg) length++;
  if (prefixes.asize && address !== bits) length++;
  if (needsSizePrefix(form, prefixes, bits)) length++;
  let ea: EffectiveAddress | undefined;
  for (let i = 0; i < operands.length; i++) {
    const operand = operands[i];
    const pattern = form.patterns[i];
    length += fieldBytes(pattern, address);
    if (operand.kind !== 'memory' || !isMemoryPlace(pattern)) continue;
    ea = effectiveAddress(operand, address);
    length += (ea.sib >= 0 ? 1 : 0) + ea.displacementBytes;
  }
  return { form, operands, prefixes, bits, addressSize: address, address: ea, length };
}

function preferred(a: Matched, b: Matched): Matched {
  if (a.length !== b.length) return a.length < b.length ? a : b;
  const extended = (m: Matched): number => (m.form.row.operands.includes('sIb') ? 0 : 1);
  if (extended(a) !== extended(b)) return extended(a) < extended(b) ? a : b;
  return a.form.order <= b.form.order ? a : b;
}

/** Chooses the form of an instruction. Throws when none fits. */
export function match(instruction: Instruction, name: Name, bits: 16 | 32, reach: Reach): Matched {
  const prefixes: Prefixes = { ...instruction.prefixes };
  if (name.wait === true) prefixes.wait = 'wait';
  if (name.address !== 0 && name.address !== bits) prefixes.asize = name.address === 16 ? 'a16' : 'a32';
  const counted = plainOperands(instruction, name, prefixes, bits);
  const address = addressSize(counted.operands, prefixes, bits);
  const candidates: Candidate[] = [];
  for (const form of name.forms) {
    const candidate = tryForm(form, name, counted, bits, address);
    if (candidate !== undefined) candidates.push(candidate);
  }
  const sized = candidates.filter((candidate) => candidate.missing === 0);
  const usable = sized.length > 0 ? sized : candidates;
  if (usable.length === 0) throw noForm(instruction, name, bits);
  if (usable.some((candidate) => candidate.missing !== usable[0].missing)) {
    const memory = instruction.operands.find((operand) => operand.kind === 'memory');
    throw new LineError(
      say`the size of the memory operand of ${instruction.name} is not stated`,
      memory?.column ?? instruction.column,
      say`write byte, word or dword before it`,
    );
  }
  let best: Matched | undefined;
  for (const candidate of usable) {
    const matched = measure(candidate, prefixes, bits, address);
    if (!jumpFits(matched, name, reach)) continue;
    best = best === undefined ? matched : preferred(best, matched);
  }
  if (best === undefined) throw noForm(instruction, name, bits);
  return best;
}

const isRegister = (operand: OperandValue, name: string): boolean => operand.kind === 'register' && operand.register.name === name;

/** LOOP's second operand says which counter; AAM and AAD imply ten; registers that an instruction uses in any case say nothing. */
function plainOperands(instruction: Instruction, name: Name, prefixes: Prefixes, bits: 16 | 32): Instruction {
  const { operands } = instruction;
  const [form] = name.forms;
  const registers = IMPLIED_REGISTERS[form.row.mnemonic] ?? [];
  if (operands.length > 0 && operands.length === registers.length && operands.every((operand, k) => isRegister(operand, registers[k])))
    return { ...instruction, operands: [] };
  const implied = IMPLIED_IMMEDIATE[form.row.mnemonic];
  if (operands.length === 0 && implied !== undefined) {
    const ten: ImmediateOperand = {
      kind: 'immediate',
      bits: 0,
      strict: false,
      distance: '',
      column: instruction.column,
      vector: scalar(BigInt(implied)),
      value: BigInt(implied),
      unknown: false,
    };
    return { ...instruction, operands: [ten] };
  }
  const counter = operands[1];
  if (operands.length !== 2 || form.row.operands.length !== 1 || form.row.operands[0] !== 'Jb' || !form.row.mnemonic.startsWith('LOOP'))
    return instruction;
  if (counter.kind !== 'register' || !/^e?cx$/.test(counter.register.name)) return instruction;
  const size = counter.register.name === 'cx' ? 16 : 32;
  if (size !== bits) prefixes.asize = size === 16 ? 'a16' : 'a32';
  return { ...instruction, operands: [operands[0]] };
}

/** A short jump is chosen only when it reaches; LOOP has no other form. */
function jumpFits(matched: Matched, name: Name, reach: Reach): boolean {
  const target = matched.operands[0];
  if (target?.kind !== 'immediate' || matched.form.patterns[0].operand !== 'Jb') return true;
  if (target.distance === 'short' || !name.forms.some((form) => form.patterns[0]?.operand === 'Jz')) return true;
  return !target.strict && reach(target, matched.length) !== 'far';
}

function noForm(instruction: Instruction, name: Name, bits: 16 | 32): LineError {
  const { operands } = instruction;
  const column = operands[0]?.column ?? instruction.column;
  const counts = new Set(name.forms.map((form) => form.written.length));
  if (!counts.has(operands.length)) {
    const allowed = [...counts].sort();
    return new LineError(countsText(instruction.name, allowed, operands.length), column, example(instruction, name, bits));
  }
  const what = operands.map(describeOperand).join(', ');
  const sizes = operands.flatMap((operand) =>
    operand.kind === 'register' && /^r/.test(operand.register.class)
      ? [operand.register.bits]
      : operand.kind === 'memory' && operand.bits > 0
        ? [operand.bits]
        : [],
  );
  if (operands.length === 2 && sizes.length === 2 && sizes[0] !== sizes[1]) {
    return new LineError(
      say`the operands of ${instruction.name} differ in size: ${what}`,
      column,
      say`make both ${sizes[0]} bits, or use movzx or movsx`,
    );
  }
  if (operands.length === 2 && operands.every((operand) => operand.kind === 'memory')) {
    return new LineError(say`${instruction.name} cannot take two memory operands`, column, say`move one into a register first`);
  }
  if (operands[0]?.kind === 'immediate' && operands.length > 1) {
    return new LineError(
      say`${instruction.name} cannot take ${what}`,
      column,
      say`a number cannot be the destination: write [ ] for memory`,
    );
  }
  return new LineError(say`${instruction.name} cannot take ${what}`, column, example(instruction, name, bits));
}

function countsText(name: string, allowed: readonly number[], found: number): string {
  if (allowed.length > 1) return say`${name} takes ${either(allowed.map(String))} operands, found ${found}`;
  if (allowed[0] === 0) return say`${name} takes no operands, found ${found}`;
  return allowed[0] === 1 ? say`${name} takes 1 operand, found ${found}` : say`${name} takes ${allowed[0]} operands, found ${found}`;
}

const SHAPES: Readonly<Record<string, string>> = {
  E: worded('register or memory'),
  G: worded('register'),
  M: worded('[memory]'),
  R: 'eax',
  I: worded('number'),
  sI: worded('number'),
  J: worded('label'),
  O: worded('[address]'),
  A: worded('selector:offset'),
  S: worded('segment register'),
  C: 'cr0',
  D: 'dr0',
  ST: 'st1',
  Z: worded('register'),
};

/** How the instruction may be written, as near to what was written as possible. */
function example({ name: word, operands }: Instruction, name: Name, bits: 16 | 32): string {
  let form = name.forms[0];
  let best = -1;
  for (const candidate of name.forms) {
    if (candidate.size !== 0 && candidate.size !== bits) continue;
    let alike = 0;
    for (let i = 0; i < Math.min(operands.length, candidate.written.length); i++) {
      if (fits(operands[i], candidate.patterns[candidate.written[i]], candidate, bits, 0).ok) alike += i === 0 ? 2 : 1;
    }
    const score = alike + (candidate.written.length === operands.length ? 10 : 0);
    if (score <= best) continue;
    best = score;
    form = candidate;
  }
  const shape = form.written.map((i) => {
    const { method, operand } = form.patterns[i];
    if (method !== '=') return told(SHAPES[method]);
    return operand === 'eAX' ? (bits === 16 ? 'ax' : 'eax') : operand.toLowerCase();
  });
  return shape.length === 0 ? say`write ${word} alone` : say`it may be: ${`${word} ${shape.join(', ')}`}`;
}
