/** INVEPT and INVVPID in root operation: SDM vol 3, 28.3.3 and chapter 30. */
import type { Cpu } from '../../cpu.ts';
import type { Instruction } from '../../exec/operands.ts';
import { effectiveAddress, read32 } from '../../memory.ts';
import { flushEpt, flushEveryEpt, flushId, flushOtherIds, invalidatePageOf } from '../../tlb.ts';
import type { Capabilities } from './capabilities.ts';
import { eptpProblem } from './ept-pointer.ts';
import { vmFail, vmSucceed } from './fail.ts';

const INVALID_OPERAND = 28;

/*
 * IA32_VMX_EPT_VPID_CAP, low half: 20 INVEPT, 25 its type 1 (one EPT pointer), 26 type 2 (all);
 * high half: 0 INVVPID, 8 to 11 its types 0 (one address), 1 (one VPID), 2 (all), 3 (one VPID but for global translations)
 */
const CAP_INVEPT = 1 << 20;
const FIRST_INVEPT_TYPE = 24;
const CAP_INVVPID = 1 << 0;
const FIRST_INVVPID_TYPE = 8;

const ONE_EPT_POINTER = 1;
const ONE_ADDRESS = 0;
const ALL_VPIDS = 2;
const BUT_GLOBAL = 3;
const VPID_RESERVED = 0xffff0000 | 0;

/** The 16 bytes of the descriptor in memory. */
const descriptor = new Int32Array(4);

function readDescriptor(cpu: Cpu, insn: Instruction): void {
  const address = effectiveAddress(cpu, insn);
  for (let i = 0; i < 4; i++) descriptor[i] = read32(cpu, insn.seg, (address + 4 * i) & insn.mask);
}

const offers = (cap: number, instruction: number, first: number, type: number): boolean =>
  (cap & instruction) !== 0 && type >>> 0 <= 3 && ((cap >>> (first + type)) & 1) !== 0;

/** Does what INVEPT was asked; false for an operand that means nothing. */
function invalidateEpt(cpu: Cpu, type: number, c: Capabilities): boolean {
  if ((descriptor[2] | descriptor[3]) !== 0) return false;
  if (type === ONE_EPT_POINTER && eptpProblem(c, descriptor[0], descriptor[1]) !== '') return false;
  if (type === ONE_EPT_POINTER) flushEpt(cpu, descriptor[0]);
  else flushEveryEpt(cpu);
  return true;
}

export function invept(cpu: Cpu, insn: Instruction, c: Capabilities): void {
  const type = cpu.s[insn.reg];
  const offered = offers(c.eptVpid.low, CAP_INVEPT, FIRST_INVEPT_TYPE, type);
  if (offered) readDescriptor(cpu, insn);
  if (offered && invalidateEpt(cpu, type, c)) vmSucceed(cpu);
  else vmFail(cpu, INVALID_OPERAND);
}

/** The same of INVVPID. */
function invalidateVpid(cpu: Cpu, type: number): boolean {
  const [vpid, high, linear] = descriptor;
  if ((vpid & VPID_RESERVED) !== 0 || high !== 0 || (type !== ALL_VPIDS && vpid === 0)) return false;
  if (type === ALL_VPIDS) flushOtherIds(cpu);
  else if (type === ONE_ADDRESS) invalidatePageOf(cpu, vpid, linear);
  else flushId(cpu, vpid, type === BUT_GLOBAL);
  return true;
}

export function invvpid(cpu: Cpu, insn: Instruction, c: Capabilities): void {
  const type = cpu.s[insn.reg];
  const offered = offers(c.eptVpid.high, CAP_INVVPID, FIRST_INVVPID_TYPE, type);
  if (offered) readDescriptor(cpu, insn);
  if (offered && invalidateVpid(cpu, type)) vmSucceed(cpu);
  else vmFail(cpu, INVALID_OPERAND);
}
