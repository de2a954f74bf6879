/** Decoded instructions as text in NASM's syntax, derived from the operand letters of their rows. */
import { hex } from '../lib/hex.ts';
import { withCondition } from './conditions.ts';
import { DS, type Insn, SS, ZERO_SLOT } from './insn.ts';
import { parseEncoding } from './opcodes.ts';
import { memoryBits, operandLetters } from './operands.ts';
import {
  BYTE_REGISTERS,
  CONTROL_REGISTERS,
  DEBUG_REGISTERS,
  DWORD_REGISTERS,
  SEGMENT_REGISTERS,
  STACK_REGISTERS,
  WORD_REGISTERS,
} from './registers.ts';
import type { Operand } from './row.ts';

export interface Disassembled {
  /** With its prefixes: `rep movsd`. */
  readonly mnemonic: string;
  readonly operands: string;
}

/** The name of an address, or undefined. */
export type SymbolAt = (address: number) => string | undefined;

export interface SourceStyle {
  /** The code segment's D bit: what differs from it is spelt out, and numbers begin with a digit, so that an assembler reads it back. */
  readonly bits: 16 | 32;
}

/** Text of an instruction that stands at `address`. Without a style it is for the eye: `call C0101A40h`. */
export function disassemble(insn: Insn, address: number, symbol?: SymbolAt, style?: SourceStyle): Disassembled {
  return new Printer(insn, address, symbol, style).print();
}

/** A displacement from here on may be the address of a table, and no mere offset. */
const LEAST_TABLE_ADDRESS = 0x1000;
const ESP_SLOT = 8;
const EBP_SLOT = 10;
const SIZE_WORDS: Readonly<Record<number, string>> = { 8: 'byte', 16: 'word', 32: 'dword', 64: 'qword', 80: 'tword' };

const byteName = (index: number): string => BYTE_REGISTERS[(index >> 3) | ((index & 1) << 2)];
const wordName = (index: number): string => WORD_REGISTERS[index >> 2];
const dwordName = (index: number): string => DWORD_REGISTERS[index >> 1];

/** Name of a general register by its index in the view of its size. */
function generalName(index: number, type: string, operandSize: number): string {
  if (type === 'b') return byteName(index);
  return type === 'w' || (type === 'v' && operandSize === 16) ? wordName(index) : dwordName(index);
}

/** The register an operand is, or undefined when it is none. */
function registerOf(insn: Insn, operand: Operand): string | undefined {
  const { method, type } = operandLetters(operand);
  switch (method) {
    case 'Z': {
      const { plus, opcode } = parseEncoding(insn.row.encoding);
      if (plus === '') return (insn.operandSize === 16 ? WORD_REGISTERS : DWORD_REGISTERS)[opcode & 7];
      return generalName(insn.reg, type, insn.operandSize);
    }
    case 'G':
      return generalName(insn.reg, type, insn.operandSize);
    case 'E':
    case 'R':
      return insn.mem === 0 ? generalName(insn.rm, type, insn.operandSize) : undefined;
    case 'ST':
      return STACK_REGISTERS[insn.rm];
    case 'S':
      return SEGMENT_REGISTERS[insn.reg];
    case 'C':
      return CONTROL_REGISTERS[insn.reg];
    case 'D':
      return DEBUG_REGISTERS[insn.reg];
    case '=':
      if (operand === 'eAX') return insn.operandSize === 16 ? 'ax' : 'eax';
      return operand === '1' || operand === '3' ? undefined : operand.toLowerCase();
    default:
      return undefined;
  }
}

class Printer {
  readonly #insn: Insn;
  readonly #address: number;
  readonly #symbol: SymbolAt | undefined;
  readonly #style: SourceStyle | undefined;

  constructor(insn: Insn, address: number, symbol: SymbolAt | undefined, style: SourceStyle | undefined) {
    this.#insn = insn;
    this.#address = address;
    this.#symbol = symbol;
    this.#style = style;
  }

  print(): Disassembled {
    const { row, mem } = this.#insn;
    const operands = row.operands.map((operand) => this.#operand(operand));
    // XCHG of two registers: assemblers encode the one written first in ModRM.reg.
    if (row.mnemonic === 'XCHG' && row.operands[0][0] === 'E' && mem === 0) operands.reverse();
    if (this.#style !== undefined && row.mnemonic.startsWith('LOOP') && this.#insn.addressSize !== this.#style.bits) {
      operands.push(this.#insn.addressSize === 16 ? 'cx' : 'ecx');
    }
    return { mnemonic: this.#mnemonic(), operands: operands.join(', ') };
  }

  #mnemonic(): string {
    const { row, rep, lock, seg, operandSize, addressSize, cc } = this.#insn;
    let text = withCondition(row.mnemonic, cc);
    if (text === 'jecxz' && addressSize === 16) text = 'jcxz';
    const bits = this.#style?.bits;
    if (bits !== undefined && row.operands.every((operand) => !this.#spellsSize(operand))) {
      if (row.size === 'v' && operandSize !== bits) text = `o${operandSize} ${text}`;
      if (row.rep !== undefined && addressSize !== bits) text = `a${addressSize} ${text}`;
    }
    if (row.operands.length === 0 && seg !== DS) text = `${SEGMENT_REGISTERS[seg]} ${text}`;
    if (rep === 0xf2) text = `repne ${text}`;
    if (rep === 0xf3) text = `${row.rep === 'repz' ? 'repe' : 'rep'} ${text}`;
    return lock !== 0 ? `lock ${text}` : text;
  }

  /** Whether the text of an operand shows the operand size. */
  #spellsSize(operand: Operand): boolean {
    const { method, type } = operandLetters(operand);
    if (operand === 'eAX') return true;
    if (method === 'E' && this.#insn.mem !== 0) return type === 'v' && memoryBits(this.#insn.row, operand, 32) === 32;
    if (method === 'A' || operand === 'Jz') return true;
    if (operand === 'Mp') return true;
    return 'EGZR'.includes(method) && type === 'v';
  }

  /** `5`, `1Ch`, `C0101A40h`; a leading 0 where it would read as a register or the assembler needs it. */
  #number(value: number): string {
    const n = value >>> 0;
    if (n < 10) return String(n);
    const text = `${hex(n)}h`;
    return /^[A-F]/.test(text) && (this.#style !== undefined || text.length === 2) ? `0${text}` : text;
  }

  #signed(value: number): string {
    return value < 0 ? `-${this.#number(-value)}` : this.#number(value);
  }

  #named(address: number): string {
    return this.#symbol?.(address >>> 0) ?? this.#number(address);
  }

  #operand(operand: Operand): string {
    const insn = this.#insn;
    const register = registerOf(insn, operand);
    if (register !== undefined) return register;
    const { method } = operandLetters(operand);
    switch (method) {
      case 'I':
        return this.#number(operand === 'Ib' && insn.row.operands[0] === 'Iw' ? insn.imm2 : insn.imm);
      case 'sI': {
        const size = insn.row.operands.length === 1 && this.#style !== undefined ? `${SIZE_WORDS[insn.operandSize]} ` : '';
        return `${size}${this.#signed(insn.imm)}`;
      }
      case 'J':
        return this.#target(operand);
      case 'A':
        return `${this.#sizeWord()}${this.#number(insn.imm2)}:${this.#named(insn.imm)}`;
      case '=':
        return operand.toLowerCase();
      default:
        return `${this.#memorySize(operand)}${this.#memory()}`;
    }
  }

  #sizeWord(): string {
    return this.#style !== undefined && this.#insn.operandSize !== this.#style.bits ? `${SIZE_WORDS[this.#insn.operandSize]} ` : '';
  }

  #target(operand: Operand): string {
    const { imm, length, operandSize } = this.#insn;
    const target = this.#address + length + imm;
    const short = this.#style !== undefined && /^(JMP|Jcc)$/.test(this.#insn.row.mnemonic) ? 'short ' : '';
    const size = operand === 'Jz' ? this.#sizeWord() : short;
    return size + this.#named(operandSize === 16 ? target & 0xffff : target);
  }

  /** The size in front of a memory operand, empty when another operand shows it. */
  #memorySize(operand: Operand): string {
    const { row, operandSize } = this.#insn;
    if (operand === 'Mp' && row.operands.length === 1) return `${SIZE_WORDS[operandSize]} far `;
    const { type } = operandLetters(operand);
    const shown = row.operands.some((other) => {
      const letters = operandLetters(other);
      return (
        ('GZR'.includes(letters.method) && letters.type === type) || (other === 'AL' && type === 'b') || (other === 'eAX' && type === 'v')
      );
    });
    const jump = this.#style === undefined && /^(JMP|CALL)$/.test(row.mnemonic);
    if (shown || operand === 'Mp' || jump) return '';
    const bits = memoryBits(row, operand, operandSize === 16 ? 16 : 32);
    return bits === 0 ? '' : `${SIZE_WORDS[bits]} `;
  }

  #memory(): string {
    const { base, index, scale, disp, seg, addressSize } = this.#insn;
    const parts: string[] = [];
    const name = (slot: number): string => (addressSize === 16 ? WORD_REGISTERS : DWORD_REGISTERS)[slot >> 1];
    if (base !== ZERO_SLOT) parts.push(name(base));
    if (index !== ZERO_SLOT) parts.push(scale === 0 && base !== ZERO_SLOT ? name(index) : `${name(index)}*${1 << scale}`);
    const ordinary = base === ESP_SLOT || base === EBP_SLOT ? SS : DS;
    const prefix = seg === ordinary ? '' : `${SEGMENT_REGISTERS[seg]}:`;
    if (parts.length === 0) {
      const word = this.#style !== undefined && addressSize !== this.#style.bits ? `${SIZE_WORDS[addressSize]} ` : '';
      return `[${prefix}${word}${this.#named(disp)}]`;
    }
    const table = disp >= LEAST_TABLE_ADDRESS || disp < 0 ? this.#symbol?.(disp >>> 0) : undefined;
    if (table !== undefined) return `[${prefix}${table}+${parts.join('+')}]`;
    const nosplit = base === ZERO_SLOT && this.#style !== undefined ? 'nosplit ' : '';
    let text = nosplit + parts.join('+');
    if (disp < 0 && disp >= -0x10000) text += `-${this.#number(-disp)}`;
    else if (disp !== 0) text += `+${this.#number(disp)}`;
    return `[${prefix}${text}]`;
  }
}

/** Registers of which the byte and word ones are parts. */
function whole(name: string): string {
  const word = (WORD_REGISTERS as readonly string[]).indexOf(name);
  if (word >= 0) return DWORD_REGISTERS[word];
  const byte = (BYTE_REGISTERS as readonly string[]).indexOf(name);
  return byte >= 0 ? DWORD_REGISTERS[byte & 3] : name;
}

const SYSTEM_REGISTER = /^(CR\d|DR\d|GDTR|IDTR|LDTR|TR|[C-GS]S|ES)$/;

/**
 * Names of the registers an instruction reads or writes, lower case, each once: those its text shows, the 32-bit register that a
 * byte or word register is part of, and the system registers its row tells of.
 */
export function touches(insn: Insn): readonly string[] {
  const names = new Set<string>();
  const add = (name: string): void => {
    names.add(name);
    names.add(whole(name));
  };
  for (const operand of insn.row.operands) {
    const register = registerOf(insn, operand);
    if (register !== undefined) add(register);
  }
  if (insn.mem !== 0) {
    const file = insn.addressSize === 16 ? WORD_REGISTERS : DWORD_REGISTERS;
    if (insn.base !== ZERO_SLOT) add(file[insn.base >> 1]);
    if (insn.index !== ZERO_SLOT) add(file[insn.index >> 1]);
    if (insn.seg !== DS && insn.seg !== SS) names.add(SEGMENT_REGISTERS[insn.seg]);
  }
  // Of the control and segment registers that the row could name, the operand above has named the one.
  const named = insn.row.operands.includes('Cd') ? /^CR/ : insn.row.operands.includes('Sw') ? /^.S$/ : /^$/;
  for (const resource of [...(insn.row.reads ?? []), ...(insn.row.writes ?? [])]) {
    if (SYSTEM_REGISTER.test(resource) && !named.test(resource)) names.add(resource.toLowerCase());
  }
  return [...names];
}
