/** Task switches: SDM vol 3, chapter 7. */
import type { Cpu } from './cpu.ts';
import { flags } from './flags.ts';
import { readSystem16 } from './memory.ts';
import { GP, NP, RIGHTS_P, TS } from './registers.ts';
import { descriptorDpl, descriptorLimit, descriptorRights, fetchDescriptor, gateSelector, selectorError } from './segments.ts';
import { ABANDONED } from './signals.ts';
import { newStack, push16, push32 } from './stack.ts';
import { at } from './state.ts';
import { checkOldTss, commitTask } from './task-switch.ts';

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
export function switchByTransfer(cpu: Cpu, selector: number, source: typeof SWITCH_BY_CALL | typeof SWITCH_BY_JMP): void {
  const error = selectorError(cpu, selector);
  if (descriptorDpl() < cpu.s[at.cpl] || descriptorDpl() < (selector & 3)) cpu.raise(GP, error);
  let target = selector;
  if ((descriptorRights() & 0xf) === TASK_GATE) {
    if ((descriptorRights() & RIGHTS_P) === 0) cpu.raise(NP, error);
    target = gateSelector();
  }
  switchByInstruction(cpu, target, source);
}

/** IRET with NT set: back to the task whose selector lies in the present TSS. */
export function switchByReturn(cpu: Cpu): void {
  switchByInstruction(cpu, readSystem16(cpu, cpu.s[at.trBase]), SWITCH_BY_IRET);
}

function switchByInstruction(cpu: Cpu, selector: number, source: number): void {
  const from = cpu.place;
  switchTask(cpu, selector, source, cpu.s[at.eip], flags(cpu));
  checkStart(cpu);
  cpu.events.transfer('task-switch', from, cpu.place, cpu.s[at.eip]);
}

/** An event whose gate is a task gate: its error code lies on the stack of the new task. */
export function switchByEvent(cpu: Cpu, selector: number, eip: number, pushedFlags: number, errorCode: number | undefined): void {
  const size = switchTask(cpu, selector, SWITCH_BY_IDT_GATE, eip, pushedFlags);
  const { s } = cpu;
  const before = s[at.esp];
  if (errorCode !== undefined) {
    newStack.setPresent(cpu, cpu.ext);
    newStack.need(cpu, 1, size);
    if (size === 4) push32(cpu, errorCode);
    else push16(cpu, errorCode);
  }
  const after = s[at.esp];
  s[at.esp] = before;
  checkStart(cpu);
  s[at.esp] = after;
}

/** #GP in the new task. */
function checkStart(cpu: Cpu): void {
  if (cpu.s[at.eip] >>> 0 > cpu.s[at.csLimit] >>> 0) cpu.raise(GP, cpu.ext);
}

/**
 * Checks the new TSS; then a guest exits, and else the task changes.
 *
 * @returns 2 or 4 by the format of the new TSS
 */
function switchTask(cpu: Cpu, selector: number, source: number, eip: number, oldFlags: number): 2 | 4 {
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
  checkOldTss(cpu);
  if (cpu.s[at.guest] !== 0 && cpu.virt?.taskSwitch(cpu, selector, source)) throw ABANDONED;
  const nests = source === SWITCH_BY_CALL || source === SWITCH_BY_IDT_GATE;
  return commitTask(cpu, selector, { nests, returns, eip, flags: oldFlags });
}
