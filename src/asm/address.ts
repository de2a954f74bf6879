/** Effective addresses: ModRM, SIB and displacement (SDM vol 2, tables 2-1 to 2-3), chosen as NASM chooses them. */
import { say } from '../lib/say.ts';
import { LineError } from './errors.ts';
import { displacementNumber, hasSection, type MemoryOperand, type OperandValue, type Prefixes } from './operand.ts';
import type { Register } from './words.ts';

export interface EffectiveAddress {
  /** Mod and r/m in their places; 5:3 is 0. */
  readonly modrm: number;
  /** -1 when there is none. */
  readonly sib: number;
  /** 0, 1, 2 or 4. */
  readonly displacementBytes: number;
}

const ESP = 4;
const EBP = 5;

const isGeneral = (register: Register | undefined, kind: 'r16' | 'r32'): boolean => register?.class === kind;

/** The address size of an instruction; sets the prefix when it is not the mode's. */
export function addressSize(operands: readonly OperandValue[], prefixes: Prefixes, bits: 16 | 32): 16 | 32 {
  let valid = prefixes.asize === 'a16' ? 16 : prefixes.asize === 'a32' ? 32 : 48;
  for (const operand of operands) {
    if (operand.kind !== 'memory') continue;
    const index = operand.scale === 0 ? undefined : operand.index;
    const { base } = operand;
    if (base === undefined && index === undefined) {
      if (operand.displacementBits > 8) valid &= operand.displacementBits;
      continue;
    }
    if (isGeneral(base, 'r16') || isGeneral(index, 'r16')) valid &= 16;
    if (isGeneral(base, 'r32') || isGeneral(index, 'r32')) valid &= 32;
  }
  if ((valid & bits) !== 0) return bits;
  const other = bits === 32 ? 16 : 32;
  if ((valid & other) === 0)
    throw new LineError(
      say`16-bit and 32-bit parts are mixed in the address`,
      operands.find((o) => o.kind === 'memory')?.column ?? 1,
      say`use registers of one size`,
    );
  prefixes.asize = other === 16 ? 'a16' : 'a32';
  return other;
}

/** Encodes the address; throws when no encoding has it. */
export function effectiveAddress(operand: MemoryOperand, size: 16 | 32): EffectiveAddress {
  const index = operand.scale === 0 ? undefined : operand.index;
  if (operand.base === undefined && index === undefined) {
    return size === 16 ? { modrm: 6, sib: -1, displacementBytes: 2 } : { modrm: EBP, sib: -1, displacementBytes: 4 };
  }
  const wrong = [operand.base, index].find((r) => r !== undefined && r.class !== (size === 16 ? 'r16' : 'r32'));
  if (wrong !== undefined)
    throw new LineError(
      say`${wrong.name} cannot be part of a ${size}-bit address`,
      operand.column,
      size === 16 ? say`use bx, bp, si or di` : say`use a 32-bit register`,
    );
  return size === 16 ? address16(operand, index) : address32(operand, index);
}

/** Bits 7:6 of ModRM by what the displacement needs. */
function mod(operand: MemoryOperand, needsDisplacement: boolean, number: number): 0 | 1 | 2 {
  const movable = operand.unknown || hasSection(operand.displacement);
  if (!needsDisplacement && number === 0 && !movable && operand.displacementBits === 0) return 0;
  if (operand.displacementBits > 8) return 2;
  return operand.displacementBits === 8 || (number >= -128 && number <= 127 && !movable) ? 1 : 2;
}

function address32(operand: MemoryOperand, written: Register | undefined): EffectiveAddress {
  if (operand.displacementBits === 16)
    throw new LineError(say`a 32-bit address has no word displacement`, operand.column, say`leave word out, or write dword`);
  let base = operand.base;
  let index = written;
  let scale = index === undefined ? 0 : operand.scale;
  const { hint } = operand;
  const hinted = (register: Register | undefined): boolean => register !== undefined && register.order === hint.register;
  const swap = (): void => {
    [base, index] = [index, base];
  };
  if (
    scale === 1 &&
    base !== index &&
    base !== undefined &&
    ((hinted(base) && hint.type === 'not-base') || (hinted(index) && hint.type === 'base'))
  )
    swap();
  if (base === undefined && scale === 1 && !(hinted(index) && hint.type === 'not-base')) swap();
  if (base === undefined && index !== undefined) {
    const pair = scale === 2 && index.number !== ESP && (!operand.nosplit || hint.type === 'summed');
    if (pair || scale === 3 || scale === 5 || scale === 9) {
      base = index;
      scale--;
    }
  }
  if (index === undefined && base !== undefined && base.number !== ESP && operand.nosplit && hinted(base) && hint.type === 'not-base') {
    swap();
    scale = 1;
  }
  if (scale === 1 && index?.number === ESP) swap();
  if (index?.number === ESP)
    throw new LineError(say`esp cannot be multiplied or be the index`, operand.column, say`move it to another register first`);
  if (index !== undefined && ![1, 2, 4, 8].includes(scale))
    throw new LineError(say`an address cannot hold a register times ${scale}`, operand.column, say`only 1, 2, 3, 4, 5, 8 and 9 can be`);
  const number = Number(BigInt.asIntN(32, displacementNumber(operand)));
  if (index === undefined && base !== undefined && base.number !== ESP) {
    const m = mod(operand, base.number === EBP, number);
    return { modrm: (m << 6) | base.number, sib: -1, displacementBytes: m === 2 ? 4 : m };
  }
  const m = base === undefined ? 0 : mod(operand, base.number === EBP, number);
  const shift = index === undefined ? 0 : Math.log2(scale);
  const sib = (shift << 6) | ((index?.number ?? ESP) << 3) | (base?.number ?? EBP);
  return { modrm: (m << 6) | ESP, sib, displacementBytes: base === undefined || m === 2 ? 4 : m };
}

const FORMS_16: readonly string[] = ['bx+si', 'bx+di', 'bp+si', 'bp+di', 'si', 'di', 'bp', 'bx'];

function address16(operand: MemoryOperand, index: Register | undefined): EffectiveAddress {
  if (operand.displacementBits === 32)
    throw new LineError(say`a 16-bit address has no dword displacement`, operand.column, say`leave dword out, or write word`);
  if (index !== undefined && operand.scale !== 1)
    throw new LineError(say`a 16-bit address cannot multiply a register`, operand.column, say`use 32-bit registers`);
  const names = [operand.base, index].filter((r) => r !== undefined).map((r) => r.name);
  names.sort((a, b) => Number(a[0] !== 'b') - Number(b[0] !== 'b'));
  const rm = FORMS_16.indexOf(names.join('+'));
  if (rm < 0)
    throw new LineError(
      say`a 16-bit address cannot be [${names.join('+')}]`,
      operand.column,
      say`it may be bx or bp, si or di, or one of each`,
    );
  const number = Number(BigInt.asIntN(16, displacementNumber(operand)));
  const m = mod(operand, rm === 6, number);
  return { modrm: (m << 6) | rm, sib: -1, displacementBytes: m };
}
