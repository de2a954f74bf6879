/** Delivery of interrupts and exceptions: SDM vol 3, chapter 6. */

import { DS, ES, FS, GS, SS } from '../isa/insn.ts';
import { worded } from '../lib/say.ts';
import { enterDebugHandler, pendMet } from './breakpoints.ts';
import type { Cpu } from './cpu.ts';
import { flags } from './flags.ts';
import { readSystem16, readSystem32 } from './memory.ts';
import {
  ACTIVE,
  BLOCKED_BY_MOV_SS,
  BLOCKED_BY_NMI,
  BLOCKED_BY_STI,
  CR0_PE,
  DB,
  DE,
  DFV,
  EXCEPTION_NAMES,
  GP,
  IF,
  NP,
  NT,
  PFV,
  pushesErrorCode,
  RF,
  RIGHTS_ACCESSED,
  RIGHTS_CODE,
  RIGHTS_DC,
  RIGHTS_P,
  RIGHTS_S,
  SHUTDOWN,
  TF,
  TS,
  VM,
} from './registers.ts';
import {
  checkStackSegment,
  descriptorBase,
  descriptorLimit,
  descriptorRights,
  dplOf,
  fetchDescriptor,
  HeldDescriptor,
  isProtected,
  isVm86,
  loadCode,
  loadRealCode,
  markAccessed,
  selectorError,
  setNull,
  setSegment,
} from './segments.ts';
import { FAULT } from './signals.ts';
import { newStack, pushTogether, setStackPointer, stackPointer } from './stack.ts';
import { at, LIMIT, RIGHTS, segmentAt, TR, TRAP_FLAG_ARMED, TRAP_FLAG_DUE } from './state.ts';
import { switchByEvent } from './tasks.ts';

export { SWITCH_BY_IRET, SWITCH_BY_JMP } from './tasks.ts';

/** Kinds of event, as the VMCS interruption information numbers them. */
export const EXTERNAL = 0;
export const NMI_EVENT = 2;
export const HARDWARE = 3;
export const SOFTWARE_INT = 4;
export const PRIVILEGED_SOFTWARE = 5;
export const SOFTWARE_EXCEPTION = 6;

/** The event under delivery, for a VM exit in its middle: SDM vol 3, table 24-16. Bit 31 is set while it counts. */
export interface Vectoring {
  info: number;
  errorCode: number;
  length: number;
}

const TASK_GATE = 5;
const GATE_32 = 8;
const TRAP_GATE = 1;

/** What a gate leads to, read and checked before anything changes. */
const gate = { selector: 0, offset: 0, type: 0 };

function readGate(cpu: Cpu, vector: number, kind: number): void {
  const s = cpu.s;
  const error = vector * 8 + 2 + cpu.ext;
  if (vector * 8 + 7 > s[at.idtrLimit] >>> 0) cpu.raise(GP, error);
  const low = readSystem32(cpu, (s[at.idtrBase] + vector * 8) | 0);
  const high = readSystem32(cpu, (s[at.idtrBase] + vector * 8 + 4) | 0);
  gate.type = (high >>> 8) & 0x1f;
  if (gate.type !== TASK_GATE && (gate.type & 0x16) !== 6) cpu.raise(GP, error);
  if ((kind === SOFTWARE_INT || kind === SOFTWARE_EXCEPTION) && ((high >>> 13) & 3) < s[at.cpl]) cpu.raise(GP, error);
  if ((high & 0x8000) === 0) cpu.raise(NP, error);
  gate.selector = low >>> 16;
  gate.offset = (gate.type & GATE_32) !== 0 ? (low & 0xffff) | (high & 0xffff0000) : low & 0xffff;
}

const innerStack = { selector: 0, pointer: 0 };

/** SS:ESP for an inner level, from the TSS, valid until the next read; the descriptor read last is then that of SS. */
export function readInnerStack(cpu: Cpu, level: number): Readonly<typeof innerStack> {
  const s = cpu.s;
  const tr = segmentAt(TR);
  const is32 = (s[tr + RIGHTS] & 8) !== 0;
  const offset = is32 ? 4 + 8 * level : 2 + 4 * level;
  if (offset + (is32 ? 7 : 3) > s[tr + LIMIT] >>> 0) cpu.raise(TS, selectorError(cpu, s[tr]));
  const address = (s[at.trBase] + offset) | 0;
  innerStack.selector = readSystem16(cpu, (address + (is32 ? 4 : 2)) | 0);
  innerStack.pointer = is32 ? readSystem32(cpu, address) : readSystem16(cpu, address);
  checkStackSegment(cpu, innerStack.selector, level, TS);
  return innerStack;
}

const heldCode = new HeldDescriptor();
const heldStack = new HeldDescriptor();

/** In the order in which they are pushed when virtual-8086 mode is left. */
const DATA_SEGMENTS = [GS, FS, DS, ES];

function deliverProtected(
  cpu: Cpu,
  vector: number,
  errorCode: number,
  hasError: boolean,
  kind: number,
  pushedFlags: number,
  eip: number,
): void {
  const s = cpu.s;
  readGate(cpu, vector, kind);
  if (gate.type === TASK_GATE) {
    switchByEvent(cpu, gate.selector, eip, pushedFlags, hasError ? errorCode : undefined);
    return;
  }
  const wide = (gate.type & GATE_32) !== 0;
  const size = wide ? 4 : 2;
  const { selector, offset } = gate;
  const isTrap = (gate.type & TRAP_GATE) !== 0;
  if ((selector & 0xfffc) === 0) cpu.raise(GP, cpu.ext);
  if (!fetchDescriptor(cpu, selector)) cpu.raise(GP, selectorError(cpu, selector));
  const rights = descriptorRights();
  const cpl = s[at.cpl];
  const dpl = dplOf(rights);
  if ((rights & (RIGHTS_S | RIGHTS_CODE)) !== (RIGHTS_S | RIGHTS_CODE) || dpl > cpl) cpu.raise(GP, selectorError(cpu, selector));
  if ((rights & RIGHTS_P) === 0) cpu.raise(NP, selectorError(cpu, selector));
  const codeLimit = descriptorLimit();
  heldCode.hold();
  const inner = (rights & RIGHTS_DC) === 0 && dpl < cpl;
  const vm86 = isVm86(cpu);
  const { likeBochs } = cpu.profile.habits;
  if (vm86 && (!inner || dpl !== 0) && !likeBochs) cpu.raise(GP, selectorError(cpu, selector));
  const level = inner ? dpl : cpl;
  let stackSelector = 0;
  let stackBase = 0;
  let stackLimit = 0;
  let stackRights = 0;
  newStack.user = level === 3;
  if (inner) {
    const stack = readInnerStack(cpu, dpl);
    heldStack.hold();
    stackSelector = stack.selector;
    stackBase = descriptorBase();
    stackLimit = descriptorLimit();
    stackRights = descriptorRights();
    newStack.pointer = stack.pointer;
    newStack.error = selectorError(cpu, stackSelector);
  } else {
    stackBase = s[at.ssBase];
    stackLimit = s[at.ssLimit];
    stackRights = s[at.ssRights];
    newStack.pointer = stackPointer(cpu);
    newStack.error = cpu.ext;
  }
  if (vm86 && (!inner || dpl !== 0)) cpu.raise(GP, selectorError(cpu, selector));
  if (likeBochs && offset >>> 0 > codeLimit >>> 0) cpu.raise(GP, cpu.ext);
  newStack.base = stackBase;
  newStack.limit = stackLimit;
  newStack.rights = stackRights;
  newStack.need(cpu, (vm86 ? 9 : inner ? 5 : 3) + (hasError ? 1 : 0), size);
  if (offset >>> 0 > codeLimit >>> 0) cpu.raise(GP, cpu.ext);
  if (vm86) for (const segment of DATA_SEGMENTS) newStack.push(cpu, s[segmentAt(segment)], size);
  if (inner) {
    newStack.push(cpu, s[at.ssSelector], size);
    newStack.push(cpu, s[at.esp], size);
  }
  newStack.push(cpu, pushedFlags, size);
  newStack.push(cpu, s[at.csSelector], size);
  newStack.push(cpu, eip, size);
  if (hasError) newStack.push(cpu, errorCode, size);
  if (inner) {
    heldStack.recall();
    markAccessed(cpu);
  }
  heldCode.recall();
  loadCode(cpu, selector, level);
  if (inner) setSegment(cpu, SS, stackSelector, stackBase, stackLimit, stackRights | RIGHTS_ACCESSED);
  if (vm86) for (const segment of DATA_SEGMENTS) setNull(cpu, segment, 0);
  setStackPointer(cpu, newStack.pointer);
  s[at.eip] = offset;
  s[at.eflags] &= ~(TF | NT | RF | VM | (isTrap ? 0 : IF));
}

function deliverReal(cpu: Cpu, vector: number, eip: number): void {
  const s = cpu.s;
  if (vector * 4 + 3 > s[at.idtrLimit] >>> 0) cpu.raise(GP, 0);
  const entry = readSystem32(cpu, (s[at.idtrBase] + vector * 4) | 0);
  pushTogether(cpu, 2, flags(cpu), s[at.csSelector], eip);
  s[at.eflags] &= ~(IF | TF | RF);
  loadRealCode(cpu, entry >>> 16);
  s[at.eip] = entry & 0xffff;
}

/**
 * Delivers one event through the IDT. A fault on the way leaves the registers as they were and is raised; an NMI blocks others all the same.
 *
 * @param eip what is pushed: of the instruction for a fault, behind it for a trap or interrupt
 */
export function deliver(
  cpu: Cpu,
  vector: number,
  errorCode: number,
  hasError: boolean,
  kind: number,
  length: number,
  eip: number,
  pushedFlags: number,
): void {
  const s = cpu.s;
  const from = cpu.place;
  cpu.vectoring.info = 0x80000000 | (hasError ? 0x800 : 0) | (kind << 8) | vector;
  cpu.vectoring.errorCode = errorCode;
  cpu.vectoring.length = length;
  cpu.ext = kind === SOFTWARE_INT || kind === SOFTWARE_EXCEPTION ? 0 : 1;
  if (vector === 2 && kind === NMI_EVENT) s[at.interruptibility] |= BLOCKED_BY_NMI;
  if (isProtected(cpu) || (s[at.eflags] & VM) !== 0) deliverProtected(cpu, vector, errorCode, hasError, kind, pushedFlags, eip);
  else deliverReal(cpu, vector, eip);
  cpu.ext = 0;
  cpu.vectoring.info = 0;
  cpu.stepping = false;
  if (cpu.met !== 0) pendMet(cpu);
  s[at.interruptibility] &= ~(BLOCKED_BY_STI | BLOCKED_BY_MOV_SS);
  s[at.activity] = ACTIVE;
  if ((s[at.trapExits] & TRAP_FLAG_ARMED) !== 0) s[at.trapExits] |= TRAP_FLAG_DUE;
  cpu.charge('interrupt');
  if (kind === HARDWARE || kind === SOFTWARE_EXCEPTION || kind === PRIVILEGED_SOFTWARE)
    cpu.events.exception(vector, hasError ? errorCode : 0, from, cpu.place, eip, vector === PFV ? s[at.cr2] : 0);
  else if (kind === SOFTWARE_INT) cpu.events.transfer('int', from, cpu.place, eip, vector);
  else cpu.events.interrupt(vector, kind === EXTERNAL, from, cpu.place, eip);
}

const contributory = (vector: number): boolean => vector === DE || (vector >= TS && vector <= GP);

const isBenign = (vector: number): boolean => vector !== PFV && vector !== DFV && !contributory(vector);

/** Exceptions whose pushed EFLAGS have RF set: faults, all but the instruction breakpoint. */
const isFaultClass = (vector: number): boolean => vector !== DB;

const hasErrorCode = (cpu: Cpu, vector: number): boolean => pushesErrorCode(vector) && (cpu.s[at.cr0] & CR0_PE) !== 0;

/** In guest mode each exception by itself may exit, before it is joined with another to a double fault. */
function exits(cpu: Cpu, vector: number, errorCode: number): boolean {
  if (cpu.s[at.guest] === 0 || !cpu.virt?.exception(cpu, vector, errorCode, hasErrorCode(cpu, vector), HARDWARE, 0)) return false;
  cpu.vectoring.info = 0;
  cpu.ext = 0;
  return true;
}

/**
 * Delivers the fault that was raised (`cpu.faultVector`, ...), with what follows when its delivery faults: a second fault, #DF, shutdown. In
 * guest mode each may exit instead.
 *
 * @param under kind and vector of the event under whose delivery the fault arose, or null for an instruction
 * @returns false when the delivery was given up (`abandonDelivery`): nothing has happened
 */
export function deliverFault(cpu: Cpu, under: { vector: number; kind: number } | null): boolean {
  const s = cpu.s;
  let previous = under;
  let circles = 0;
  for (;;) {
    let vector = cpu.faultVector;
    let errorCode = cpu.faultErrorCode;
    cpu.events.fault(vector, errorCode, s[at.eip]);
    if (exits(cpu, vector, errorCode)) return true;
    if (vector === PFV) s[at.cr2] = cpu.faultAddress;
    if (previous !== null && previous.kind === HARDWARE) {
      const p = previous.vector;
      if (p === DFV && (contributory(vector) || vector === PFV)) {
        shutDown(cpu);
        return true;
      }
      if ((contributory(p) && contributory(vector)) || (p === PFV && (contributory(vector) || vector === PFV))) {
        vector = DFV;
        errorCode = 0;
        cpu.events.fault(vector, errorCode, s[at.eip]);
        if (exits(cpu, vector, errorCode)) return true;
      }
    }
    const hasError = hasErrorCode(cpu, vector);
    if (vector === DB) enterDebugHandler(cpu);
    try {
      deliver(cpu, vector, errorCode, hasError, HARDWARE, 0, s[at.eip], flags(cpu) | (isFaultClass(vector) ? RF : 0));
      return true;
    } catch (signal) {
      if (signal !== FAULT) throw signal;
      if (isBenign(cpu.faultVector) && ++circles > 1) {
        abandonDelivery(cpu);
        return false;
      }
      previous = { vector, kind: HARDWARE };
    }
  }
}

/**
 * #AC whose delivery raises #AC again, by itself or by way of another fault: a real processor tries for ever, and no interrupt gets through. Here
 * each try is a step, and what began it, an instruction or a trap, comes again in the next.
 */
function abandonDelivery(cpu: Cpu): void {
  cpu.vectoring.info = 0;
  cpu.ext = 0;
}

/** Delivers an interrupt or trap at an instruction boundary or for INT n; a fault on the way is delivered in its place. */
export function deliverEvent(cpu: Cpu, vector: number, kind: number, length: number, eip: number): void {
  try {
    deliver(cpu, vector, 0, false, kind, length, eip, flags(cpu));
  } catch (signal) {
    if (signal !== FAULT) throw signal;
    deliverFault(cpu, { vector, kind });
  }
}

function shutDown(cpu: Cpu): void {
  cpu.vectoring.info = 0;
  cpu.ext = 0;
  if (cpu.s[at.guest] !== 0 && cpu.virt?.tripleFault(cpu)) return;
  cpu.s[at.activity] = SHUTDOWN;
  cpu.s[at.interruptibility] &= ~(BLOCKED_BY_STI | BLOCKED_BY_MOV_SS);
  cpu.events.shutdown(worded('triple fault'));
}

export const exceptionName = (vector: number): string => EXCEPTION_NAMES[vector] ?? `vector ${vector}`;
