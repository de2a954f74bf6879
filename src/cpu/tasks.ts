/** Task switches: SDM vol 3, chapter 7. */
import type { Cpu } from './cpu.ts';
import { readSystem16 } from './memory.ts';
import { GP, NP, RIGHTS_P, TS } from './registers.ts';
import { descriptorDpl, descriptorLimit, descriptorRights, fetchDescriptor, gateSelector, selectorError } from './segments.ts';
import { ABANDONED, notImplemented } from './signals.ts';
import { at } from './state.ts';

/** What asks for a task switch, as the exit qualification numbers it. */
export const SWITCH_BY_CALL = 0;
export const SWITCH_BY_IRET = 1;
export const SWITCH_BY_JMP = 2;
export const SWITCH_BY_IDT_GATE = 3;

const TASK_GATE = 5;
const BUSY = 2;
/** Bits of a system descriptor's type without the busy bit: a TSS of 16 or of 32 bits. */
const TSS_16 = 1;
const TSS_32 = 9;
const LEAST_LIMIT_16 = 0x2b;
const LEAST_LIMIT_32 = 0x67;
const SELECTOR_TI = 4;

/** Far CALL or JMP, the descriptor read last being a TSS or a task gate: its privilege, then the switch. */
export function switchByTransfer(cpu: Cpu, selector: number, source: typeof SWITCH_BY_CALL | typeof SWITCH_BY_JMP): never {
  const error = selectorError(cpu, selector);
  if (descriptorDpl() < cpu.s[at.cpl] || descriptorDpl() < (selector & 3)) cpu.raise(GP, error);
  if ((descriptorRights() & 0xf) !== TASK_GATE) return switchTask(cpu, selector, source);
  if ((descriptorRights() & RIGHTS_P) === 0) cpu.raise(NP, error);
  return switchTask(cpu, gateSelector(), source);
}

/** IRET with NT set: back to the task whose selector lies in the present TSS. */
export function switchByReturn(cpu: Cpu): never {
  return switchTask(cpu, readSystem16(cpu, cpu.s[at.trBase]), SWITCH_BY_IRET);
}

/** Checks the new TSS; then a guest exits. */
export function switchTask(cpu: Cpu, selector: number, source: number): never {
  const returns = source === SWITCH_BY_IRET;
  const vector = returns ? TS : GP;
  const error = selectorError(cpu, selector);
  if ((selector & SELECTOR_TI) !== 0 || (selector & 0xfff8) === 0 || !fetchDescriptor(cpu, selector)) cpu.raise(vector, error);
  const rights = descriptorRights();
  const type = rights & 0x1f;
  if ((type & ~BUSY) !== TSS_16 && (type & ~BUSY) !== TSS_32) cpu.raise(vector, error);
  if (((type & BUSY) !== 0) !== returns) cpu.raise(vector, error);
  if ((rights & RIGHTS_P) === 0) cpu.raise(NP, error);
  if (descriptorLimit() >>> 0 < ((type & TSS_32) === TSS_32 ? LEAST_LIMIT_32 : LEAST_LIMIT_16)) cpu.raise(TS, error);
  if (cpu.s[at.guest] !== 0 && cpu.virt?.taskSwitch(cpu, selector, source)) throw ABANDONED;
  return notImplemented('a task switch');
}
