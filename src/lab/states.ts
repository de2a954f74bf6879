/** The states from which every instruction is tried: what lies in the registers, in memory and on the stack. */
import { DF, NT } from '../cpu/registers.ts';
import { operandLetters } from '../isa/operands.ts';
import type { Row } from '../isa/row.ts';
import { bytesOf, type Choices, type Form } from './forms.ts';

/** Addresses and selectors of ground.asm by name. */
export type Symbols = (name: string) => number;

/** A state of the program that runs the instruction. */
export interface State {
  /** EAX, ECX, EDX, EBX, EBP, ESI, EDI. */
  readonly registers: readonly number[];
  /** EFLAGS but for IF and IOPL, which belong to the system. */
  readonly eflags: number;
  /** What lies from `operand` and from `stack_top` on. */
  readonly operand: Uint8Array;
  readonly stack: Uint8Array;
  readonly bytes: readonly number[];
}

/** Bytes of memory that a state fills. */
export const IMAGE = 256;

/** The same numbers in every engine: a mix of two. */
function mixed(a: number, b: number): number {
  let z = Math.imul(a + 1, 0x9e3779b1) ^ Math.imul(b + 1, 0x85ebca6b);
  z = Math.imul(z ^ (z >>> 15), 0x2c1b3c6d);
  return z ^ (z >>> 13);
}

/** What a state is made for: which kind of numbers its registers hold. */
type Kind = 'numbers' | 'selector' | 'msr' | 'port' | 'control' | 'address' | 'field' | 'small';

const far = ['CODE', 'CODE3', 'CONFORMING', 'CONFORMING3', 'LDT_CODE', 'LDT_CODE3', 'CALL_GATE', 'TASK'] as const;
const data = ['DATA', 'DATA3', 'LDT_DATA', 'LDT_PROBE', 'PROBE', 'LDT_B'] as const;
const SELECTORS = [...far, ...data, 'NULL'] as const;

const KINDS: readonly Kind[] = [
  ...SELECTORS.map((): Kind => 'selector'),
  'numbers',
  'numbers',
  'numbers',
  'msr',
  'msr',
  'port',
  'control',
  'control',
  'control',
  'address',
  'address',
  'field',
  'small',
  ...far.map((): Kind => 'selector'),
];
/** From here on the frame on the stack is one for RETF, before it one for IRET. */
const FIRST_RETURN = KINDS.length - far.length;

/** Numbers of the states in the order in which they are tried: small numbers first, because they are the easiest to read. */
export const STATES: readonly number[] = [...KINDS.keys()].sort((a, b) => Number(KINDS[b] === 'small') - Number(KINDS[a] === 'small'));

function selectorOf(symbol: Symbols, k: number): number {
  const name = SELECTORS[(k < FIRST_RETURN ? k : k - FIRST_RETURN) % SELECTORS.length];
  switch (name) {
    case 'NULL':
      return 0;
    case 'CODE':
    case 'DATA':
      return symbol(name) + symbol('ALIAS');
    case 'CODE3':
      return symbol('CODE') + symbol('ALIAS') + 3 * symbol('RING') + 3;
    case 'DATA3':
      return symbol('DATA') + symbol('ALIAS') + 3 * symbol('RING') + 3;
    case 'CONFORMING3':
      return symbol('CONFORMING') + 3;
    case 'CALL_GATE':
    case 'TASK':
    case 'PROBE':
      return symbol(name) + 3;
    default:
      return symbol(name);
  }
}

/** Values that a control register takes without ending everything. */
const controls = (symbol: Symbols): readonly number[] => [0x8001_003b | 0, symbol('directory_b'), 0x58];

function registersOf(symbol: Symbols, k: number): number[] {
  const [operand, stack] = [symbol('operand'), symbol('stack_top')];
  const pointers = [operand + 64, operand + 96, operand + 128];
  const four = (value: (r: number) => number): number[] => {
    const [eax, ecx, edx, ebp] = [0, 1, 2, 3].map(value);
    return [eax, ecx, edx, pointers[0], ebp, pointers[1], pointers[2]];
  };
  switch (KINDS[k]) {
    case 'selector':
      return four(() => selectorOf(symbol, k));
    case 'msr': {
      const registers = four(() => 0);
      [registers[0], registers[1]] = [symbol('kernel_stack') - 16, 0x174 + (k & 1) + 1];
      return registers;
    }
    case 'port':
      return four((r) => (r === 2 ? symbol('SCRATCH_PORT') : 0xa5));
    case 'control':
      return four(() => controls(symbol)[k % 3]);
    case 'address':
      return four((r) => ((k & 1) === 0 ? operand + 16 * r : r === 1 ? stack + 32 : symbol('landing')));
    case 'field':
      return four(() => GUEST_RIP);
    case 'small':
      return four((r) => r + 1);
    default:
      return four((r) => mixed(k, r) >> ((k & 1) * 24));
  }
}

/** Encoding of a VMCS field that every entry needs. */
const GUEST_RIP = 0x681e;

/** Vectors, ports and small numbers. */
const BYTES = ['VECTOR_BACK', 'VECTOR_LDT', 'VECTOR_TASK', 'VECTOR_KERNEL', 'SCRATCH_PORT'] as const;

const EFLAGS = [0x2, 0x202, 0x3202, 0x46, 0x203, 0x8d7] as const;
const STATUS = [0x2, 0x8d7, 0x46] as const;

class Writer {
  readonly bytes = new Uint8Array(IMAGE);
  private place = 0;

  put(value: number, size: number): this {
    for (let k = 0; k < size; k++) this.bytes[this.place++] = value >>> (8 * k);
    return this;
  }
}

/** What an operand of a row finds in memory. */
function operandImage(row: Row, form: Form, symbol: Symbols, k: number): Uint8Array {
  const writer = new Writer();
  const wide = form.size / 8;
  const type = row.operands.map((operand) => operandLetters(operand)).find(({ method }) => 'EMO'.includes(method))?.type;
  const limit = symbol('gdt_end') - symbol('gdt_a') - 1;
  const tables = [
    [limit, symbol('gdt_b')],
    [symbol('VECTORS') * 8 - 1, symbol('idt_b')],
  ] as const;
  switch (type) {
    case 'p':
      writer.put(symbol('landing'), wide).put(selectorOf(symbol, k), 2);
      break;
    case 's':
      writer.put(tables[k & 1][0], 2).put(tables[k & 1][1], 4);
      break;
    case 'q':
      writer.put(symbol(['vmcs_c', 'vmcs_b', 'vmcs_a', 'vmxon_region'][k & 3]), 4).put(0, 4);
      break;
    case 'a':
      writer.put(1 << (form.size - 1), wide).put((2 ** (form.size - 1) - 1) | 0, wide);
      break;
    case 't':
      break;
    default:
      if (KINDS[k] === 'selector') writer.put(selectorOf(symbol, k), 4);
      else if (KINDS[k] === 'control') writer.put(controls(symbol)[k % 3], 4);
      else writer.put(mixed(k, 99) >>> ((k & 1) * 24), 4);
  }
  return writer.bytes;
}

/** A frame to return to, flags, or a selector: what PUSH and CALL would have left. */
function stackImage(form: Form, symbol: Symbols, k: number): Uint8Array {
  const size = form.size / 8;
  const writer = new Writer();
  const code = selectorOf(symbol, k);
  const stack = symbol('DATA') + symbol('ALIAS') + (code & 3) * (symbol('RING') + 1);
  const flags = EFLAGS[k % EFLAGS.length];
  if (KINDS[k] !== 'selector') return writer.put(flags, size).put(0, size).bytes;
  if (k >= far.length && k < FIRST_RETURN) return writer.put(code, size).bytes;
  const pointer = symbol('stack_top') + 64;
  const frame = k < FIRST_RETURN ? [symbol('landing'), code, flags, pointer, stack] : [symbol('landing'), code, pointer, stack];
  for (const value of frame) writer.put(value, size);
  return writer.bytes;
}

/** State `k` of a row in one of its forms. */
export function stateOf(row: Row, form: Form, symbol: Symbols, k: number): State {
  let asked = 0;
  const next = (limit: number): number => (mixed(k, 200 + asked++) >>> 8) % limit;
  const choices: Choices = {
    general: () => [0, 1, 2, 5][next(4)],
    segment: () => [3, 0, 2, 4, 5, 1][(k + next(6)) % 6],
    control: () => (KINDS[k] === 'control' ? [0, 3, 4][k % 3] : [0, 2, 3, 4][next(4)]),
    debug: () => [0, 1, 2, 3, 6, 7][next(6)],
    condition: () => next(16),
    operand: symbol('operand'),
    target: symbol('landing'),
    selector: selectorOf(symbol, k),
    distance: 0,
    immediate: (bytes) => (bytes === 1 ? symbol(BYTES[k % BYTES.length]) : bytes === 2 ? next(32) : mixed(k, 300)),
  };
  const flags = STATUS[k % STATUS.length] & ~DF;
  return {
    registers: registersOf(symbol, k),
    eflags: k === 2 || k === 17 ? flags | NT : flags,
    operand: operandImage(row, form, symbol, k),
    stack: stackImage(form, symbol, k),
    bytes: bytesOf(row, form, choices),
  };
}
