/** The VM-exit instruction-information field: SDM vol 3, 27.2.4. */
import { type Insn, ZERO_SLOT } from '../../../isa/insn.ts';
import type { Cpu } from '../../cpu.ts';

/*
 *   31     28  27             26   23  22              21   18 17    15  10        9         7 6     3 2  1    0
 *   [ reg2   ][base invalid][ base  ][index invalid][ index  ][ segment ][register][address size][ reg1 ][0][scale]
 *
 *   address size 0: 16 bits, 1: 32 bits
 */
const SEGMENT_SHIFT = 15;
const IS_REGISTER = 1 << 10;
const ADDRESS_SIZE_32 = 1 << 7;
const BASE_INVALID = 1 << 27;
const INDEX_INVALID = 1 << 22;
const OPERAND_SIZE_32 = 1 << 11;
/** Which of four instructions, in bits 29:28. */
const IDENTITY_SHIFT = 28;
const TABLE_INSTRUCTIONS = ['sgdt', 'sidt', 'lgdt', 'lidt'];
const LOCAL_INSTRUCTIONS = ['sldt', 'str', 'lldt', 'ltr'];

const addressSize = (insn: Insn<Cpu>): number => (insn.addressSize === 32 ? ADDRESS_SIZE_32 : 0);

/** INS and OUTS (table 27-8). */
export const stringIoInfo = (insn: Insn<Cpu>): number => addressSize(insn) | (insn.seg << SEGMENT_SHIFT);

/** An operand in memory (table 27-13). */
export function vmxOperandInfo(insn: Insn<Cpu>): number {
  return (
    insn.scale |
    addressSize(insn) |
    (insn.seg << SEGMENT_SHIFT) |
    (insn.index === ZERO_SLOT ? INDEX_INVALID : (insn.index >> 1) << 18) |
    (insn.base === ZERO_SLOT ? BASE_INVALID : (insn.base >> 1) << 23)
  );
}

/** VMREAD and VMWRITE (table 27-14): reg2 holds the field encoding; reg1 is the other operand if it is a register. */
export function registerInfo(insn: Insn<Cpu>, otherIsRegister: boolean): number {
  return ((insn.reg >> 1) << 28) | (otherIsRegister ? IS_REGISTER | ((insn.rm >> 1) << 3) : 0);
}

/** LGDT, LIDT, SGDT, SIDT (table 27-10): bit 11 is the operand size, 29:28 say which. */
export const tableInfo = (insn: Insn<Cpu>): number =>
  vmxOperandInfo(insn) | (insn.operandSize === 32 ? OPERAND_SIZE_32 : 0) | (TABLE_INSTRUCTIONS.indexOf(insn.row.exec) << IDENTITY_SHIFT);

/** LLDT, LTR, SLDT, STR (table 27-11): reg1 is the operand if it is a register, 29:28 say which. */
export function localTableInfo(insn: Insn<Cpu>): number {
  const identity = LOCAL_INSTRUCTIONS.indexOf(insn.row.exec) << IDENTITY_SHIFT;
  return insn.mem !== 0 ? vmxOperandInfo(insn) | identity : IS_REGISTER | (registerNumber(insn) << 3) | identity;
}

/** Word registers lie 4 places apart, doublewords 2. */
function registerNumber(insn: Insn<Cpu>): number {
  const word = insn.operandSize === 16 || insn.row.exec === 'lldt' || insn.row.exec === 'ltr';
  return word ? insn.rm >> 2 : insn.rm >> 1;
}
