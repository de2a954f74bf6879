/** The ways in which a row can be written down, and the bytes of each: operands are what a state has for them. */
import { hasModrm, parseEncoding } from '../isa/opcodes.ts';
import { operandLetters } from '../isa/operands.ts';
import type { Row } from '../isa/row.ts';

/** One way: with its operand in memory or not, and its operand size. */
export interface Form {
  readonly memory: boolean;
  readonly size: 16 | 32;
}

/** What a state has for the operands of an instruction. */
export interface Choices {
  /** Number of a general register, never ESP. */
  general(): number;
  /** Numbers of a segment register, a control register, a debug register. */
  segment(): number;
  control(): number;
  debug(): number;
  condition(): number;
  /** Linear address of the operand in memory. */
  readonly operand: number;
  /** Offset and selector of a far transfer, distance of a near one. */
  readonly target: number;
  readonly selector: number;
  readonly distance: number;
  immediate(bytes: 1 | 2 | 4): number;
}

/** Every form of a row in a code segment of 32 bits. */
export function formsOf(row: Row): readonly Form[] {
  const encoding = parseEncoding(row.encoding);
  const methods = row.operands.map((operand) => operandLetters(operand).method);
  const places = methods.includes('E') ? [false, true] : [methods.includes('M')];
  const sizes: readonly (16 | 32)[] =
    row.size === 16 ? [16] : row.size === 'v' && encoding.prefix === 0 && !encoding.noPrefix ? [32, 16] : [32];
  return places.flatMap((memory) => sizes.map((size) => ({ memory, size })));
}

const DISP32 = 5;

/** The bytes of an instruction in a code segment of 32 bits. */
export function bytesOf(row: Row, form: Form, choices: Choices): number[] {
  const encoding = parseEncoding(row.encoding);
  const bytes: number[] = [];
  const put = (value: number, size: number): void => {
    for (let k = 0; k < size; k++) bytes.push((value >>> (8 * k)) & 0xff);
  };
  if (form.size === 16) put(0x66, 1);
  if (encoding.prefix !== 0) put(encoding.prefix, 1);
  if (encoding.twoByte) put(0x0f, 1);
  if (encoding.threeByte) put(0x38, 1);
  const opcode = encoding.opcode + (encoding.plus === 'r' ? choices.general() : encoding.plus === 'cc' ? choices.condition() : 0);
  put(opcode, 1);
  if (encoding.exact >= 0) put(encoding.exact, 1);
  else if (hasModrm(row, encoding)) {
    const reg = encoding.digit >= 0 ? encoding.digit : registerField(row, choices);
    put((form.memory ? 0 : 0xc0) | (reg << 3) | (form.memory ? DISP32 : choices.general()), 1);
    if (form.memory) put(choices.operand, 4);
  }
  const wide = form.size === 32 ? 4 : 2;
  for (const operand of row.operands) {
    const { method, type } = operandLetters(operand);
    if (method === 'I' || method === 'sI') {
      const size = type === 'b' ? 1 : type === 'w' ? 2 : wide;
      put(choices.immediate(size), size);
    } else if (method === 'J') put(choices.distance, type === 'b' ? 1 : wide);
    else if (method === 'O') put(choices.operand, 4);
    else if (method === 'A') {
      put(choices.target, wide);
      put(choices.selector, 2);
    }
  }
  return bytes;
}

function registerField(row: Row, choices: Choices): number {
  for (const operand of row.operands) {
    switch (operandLetters(operand).method) {
      case 'G':
        return choices.general();
      case 'S':
        return choices.segment();
      case 'C':
        return choices.control();
      case 'D':
        return choices.debug();
      default:
    }
  }
  return 0;
}
