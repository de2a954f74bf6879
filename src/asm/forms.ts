/** The table of instructions as the assembler looks things up: by name, a form for each operand size. */
import { ALIASES, COMMUTATIVE } from '../isa/aliases.ts';
import { CONDITIONS } from '../isa/conditions.ts';
import { type Encoding, hasModrm, parseEncoding } from '../isa/opcodes.ts';
import { type Method, memoryBits, operandLetters, typeBits } from '../isa/operands.ts';
import type { Operand, Row } from '../isa/row.ts';
import { ROWS } from '../isa/table.ts';

export interface Pattern {
  readonly operand: Operand;
  readonly method: Method;
  /** Bits of the operand at the form's operand size; 0 when the row gives it none. */
  readonly bits: number;
  /** Bits of it in memory, likewise. */
  readonly memoryBits: number;
  /** In memory, its size must be stated. */
  readonly stated: boolean;
  /** A register operand of the same row tells the size of this one in memory. */
  readonly implied: boolean;
  /** A size stated for the number beside it is the size in memory. */
  readonly byImmediate: boolean;
}

export interface Form {
  readonly row: Row;
  readonly encoding: Encoding;
  readonly opcode: readonly number[];
  readonly modrm: boolean;
  /** The operand size it needs; 0 when the row has none. */
  readonly size: 0 | 16 | 32;
  readonly patterns: readonly Pattern[];
  /** Positions in the row of the operands as they are written: IMUL's two-operand form writes one that stands twice. */
  readonly written: readonly number[];
  /** The condition code, -1 without one. */
  readonly condition: number;
  readonly order: number;
}

export interface Name {
  readonly forms: readonly Form[];
  /** An operand size the name itself insists on. */
  readonly size: 0 | 16 | 32;
  readonly address: 0 | 16 | 32;
  /** FWAIT stands before it. */
  readonly wait?: boolean;
}

function opcodeBytes(encoding: Encoding): number[] {
  const bytes = [...(encoding.twoByte ? [0x0f] : []), ...(encoding.threeByte ? [0x38] : []), encoding.opcode];
  return encoding.exact >= 0 ? [...bytes, encoding.exact] : bytes;
}

const REGISTER_TYPES: Readonly<Partial<Record<Operand, string>>> = { AL: 'b', eAX: 'v', AX: 'w' };

function isImplied(row: Row, position: number): boolean {
  const { type } = operandLetters(row.operands[position]);
  return row.operands.some((other, i) => {
    if (i === position) return false;
    const letters = operandLetters(other);
    if (REGISTER_TYPES[other] === type) return true;
    return 'GZR'.includes(letters.method) && letters.type === type;
  });
}

/** A word extended to a word: there, but never meant where no size is stated. */
const isPointless = (row: Row, size: number): boolean => size === 16 && row.operands[1] === 'Ew' && /^MOV[SZ]X$/.test(row.mnemonic);

/** ADD [x], byte 5 adds to a byte; SHL [x], byte 5 leaves the size open, for its number is always a byte. */
function isByImmediate(row: Row, position: number): boolean {
  if (position !== 0 || row.operands.length !== 2) return false;
  const [first, second] = row.operands;
  if (first === 'Ev') return second === 'Iz' || second === 'sIb';
  return (
    first === 'Eb' &&
    second === 'Ib' &&
    ROWS.some((other) => other.mnemonic === row.mnemonic && other.operands[0] === 'Ev' && other.operands[1] === 'Iz')
  );
}

/** The operand sizes a row has forms for. */
function sizesOf(row: Row): (0 | 16 | 32)[] {
  if (row.size === 16 || row.size === 32) return [row.size];
  if (row.size === 'b') return [0];
  const follows = row.operands.some((operand) => 'vz'.includes(operandLetters(operand).type || '-'));
  return row.size === 'v' || follows ? [16, 32] : [0];
}

function formsOf(row: Row, order: number): Form[] {
  const encoding = parseEncoding(row.encoding);
  const sizes = sizesOf(row);
  return sizes.flatMap((size) => {
    const patterns = row.operands.map((operand, i): Pattern => {
      const { method, type } = operandLetters(operand);
      const effective = size === 0 ? 32 : size;
      return {
        operand,
        method,
        bits: typeBits(type, effective),
        memoryBits: memoryBits(row, operand, effective),
        stated: isPointless(row, size),
        implied: isImplied(row, i),
        byImmediate: isByImmediate(row, i),
      };
    });
    const form: Form = {
      row,
      encoding,
      opcode: opcodeBytes(encoding),
      modrm: encoding.exact < 0 && hasModrm(row, encoding),
      size,
      patterns,
      written: row.operands.map((_, i) => i),
      condition: -1,
      order,
    };
    return variants(form);
  });
}

function variants(form: Form): Form[] {
  const { row, patterns } = form;
  const methods = patterns.map((pattern) => pattern.method).join(' ');
  if (COMMUTATIVE.has(row.mnemonic) && patterns.length === 2 && (methods === 'E G' || methods === 'Z =')) {
    const exchanged: Form = { ...form, written: [1, 0] };
    return row.mnemonic === 'XCHG' ? [{ ...exchanged, order: form.order - 0.5 }, form] : [form, { ...exchanged, order: form.order + 0.5 }];
  }
  if (methods === '= ST' || methods === 'ST =') return stackVariants(form);
  if (/^G E s?I$/.test(methods)) return [form, { ...form, written: [0, 2] }];
  return [form];
}

/** What pops the stack, compares or exchanges needs no operands: ST1 is meant. */
const MEANS_ST1 = /^F(ADD|MUL|SUBR?|DIVR?)P$|^F(U?COMI?P?|XCH|CMOV.*)$/;

/** ST0 may be left out. */
function stackVariants(form: Form): Form[] {
  const other = form.patterns.findIndex(({ method }) => method === 'ST');
  const named: Form = { ...form, written: [other], order: form.order + 0.25 };
  return MEANS_ST1.test(form.row.mnemonic) ? [form, named, { ...form, written: [], order: form.order + 0.5 }] : [form, named];
}

/** `90` with an operand size is the exchange of the accumulator with itself. */
function selfExchange(): Form[] {
  const row = ROWS.find((candidate) => candidate.mnemonic === 'NOP' && candidate.encoding === '90');
  if (row === undefined) return [];
  return formsOf({ ...row, mnemonic: 'XCHG', operands: ['eAX', 'eAX'], size: 'v' }, -1);
}

function build(): ReadonlyMap<string, Name> {
  const byMnemonic = new Map<string, Form[]>();
  ROWS.forEach((row, order) => {
    const forms = formsOf(row, order);
    byMnemonic.set(row.mnemonic, [...(byMnemonic.get(row.mnemonic) ?? []), ...forms]);
  });
  const exchange = byMnemonic.get('XCHG');
  if (exchange !== undefined) exchange.unshift(...selfExchange());
  const names = new Map<string, Name>();
  for (const [mnemonic, forms] of byMnemonic) {
    if (!mnemonic.endsWith('cc')) names.set(mnemonic.toLowerCase(), { forms, size: 0, address: 0 });
    else {
      for (const [code, aliases] of CONDITIONS.entries()) {
        const own = forms.map((form) => ({ ...form, condition: code }));
        for (const alias of aliases) names.set(mnemonic.slice(0, -2).toLowerCase() + alias, { forms: own, size: 0, address: 0 });
      }
    }
  }
  unsizedNames(byMnemonic, names);
  for (const [alias, { of, size, address, wait }] of Object.entries(ALIASES)) {
    const forms = byMnemonic.get(of);
    if (forms !== undefined) names.set(alias.toLowerCase(), { forms, size: size ?? 0, address: address ?? 0, wait });
  }
  return names;
}

/** PUSHAW and PUSHAD, which share an encoding, give the name PUSHA: the mode's size. MOVSW and MOVSD have MOVSB and give none. */
function unsizedNames(byMnemonic: ReadonlyMap<string, Form[]>, names: Map<string, Name>): void {
  for (const [mnemonic, forms] of byMnemonic) {
    const stem = mnemonic.slice(0, -1);
    const dwords = byMnemonic.get(`${stem}D`);
    if (!mnemonic.endsWith('W') || dwords === undefined || byMnemonic.has(`${stem}B`)) continue;
    if (forms[0].row.encoding === dwords[0].row.encoding)
      names.set(stem.toLowerCase(), { forms: [...forms, ...dwords], size: 0, address: 0 });
  }
}

/** Every name an instruction can be written by, lower case. */
export const NAMES: ReadonlyMap<string, Name> = build();
