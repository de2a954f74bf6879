/** #VMEXIT: AMD64 manual vol 2, 15.6. */

import type { Insn } from '../../../isa/insn.ts';
import { say } from '../../../lib/say.ts';
import { DR7_FIXED } from '../../breakpoints.ts';
import type { Cpu } from '../../cpu.ts';
import { ACTIVE, BLOCKED_BY_MOV_SS, BLOCKED_BY_NMI, BLOCKED_BY_STI, CR0_PE, SHUTDOWN, VM } from '../../registers.ts';
import { setCpl } from '../../segments.ts';
import { ABANDONED } from '../../signals.ts';
import { at } from '../../state.ts';
import { leaveAddressSpace, saveNestedState } from './asid.ts';
import { EVENT_ERROR_CODE, EVENT_VALID, exitIntInfo } from './event.ts';
import { CODE, causeOf, exitName } from './exit-codes.ts';
import { offsetOf, slot } from './fields.ts';
import { loadState, saveGuestRegisters, saveState } from './state-save.ts';
import { writablePage } from './vmcb.ts';

/** What an exit tells besides its code. */
export interface ExitDetail {
  readonly info1?: number;
  readonly info2?: number;
  /** Bits 63:32. */
  readonly info1High?: number;
  readonly info2High?: number;
  /** Bytes of the instruction that exited, 0 when it was none. */
  readonly length?: number;
  /** Bytes from EIP to the next instruction, where the processor saves nRIP. */
  readonly next?: number;
  /** The exception that exited, in the form of EVENTINJ, for the neutral record. */
  readonly exception?: number;
  readonly errorCode?: number;
}

const NOTHING: ExitDetail = {};

/** Leaves the guest for the host. EIP must be what is to be saved; the caller unwinds. */
export function exitGuest(cpu: Cpu, code: number, detail: ExitDetail = NOTHING): void {
  const { s } = cpu;
  const { info1 = 0, info2 = 0, length = 0, exception = 0, errorCode = 0 } = detail;
  const guestEip = s[at.eip] >>> 0;
  const eax = s[at.eax];
  const cpl = s[at.cpl];
  const v = writablePage(cpu, s[at.vmcsPointer]);
  const m = cpu.memory.dwords;
  const eventInfo = exitIntInfo(cpu.vectoring.info);
  writeExit(cpu, v, code, detail, eventInfo);
  if (detail.next !== undefined) {
    m[v + slot.nRip] = s[at.eip] + detail.next;
    m[v + slot.nRip + 1] = 0;
  }
  saveGuest(cpu, v);
  cpu.charge('exit');
  loadHost(cpu);
  cpu.events.vmexit({
    vendor: 'svm',
    code,
    name: exitName(code),
    qualification: info1 >>> 0,
    guestEip,
    instructionLength: length,
    interruptionInfo: exception >>> 0,
    interruptionErrorCode: errorCode >>> 0,
    cause: causeOf(code, info1),
    cpl,
    eax,
    info1: wide(info1, detail.info1High),
    info2: wide(info2, detail.info2High),
    eventInfo: eventInfo >>> 0,
  });
}

const TWO_32 = 4294967296;
const wide = (low: number, high = 0): number => (low >>> 0) + (high >>> 0) * TWO_32;

function writeExit(cpu: Cpu, v: number, code: number, detail: ExitDetail, eventInfo: number): void {
  const m = cpu.memory.dwords;
  m[v + slot.exitCode] = code;
  m[v + slot.exitCode + 1] = code >> 31;
  m[v + slot.exitInfo1] = detail.info1 ?? 0;
  m[v + slot.exitInfo1 + 1] = detail.info1High ?? 0;
  m[v + slot.exitInfo2] = detail.info2 ?? 0;
  m[v + slot.exitInfo2 + 1] = detail.info2High ?? 0;
  m[v + slot.exitIntInfo] = eventInfo;
  m[v + slot.exitIntInfo + 1] = (eventInfo & EVENT_ERROR_CODE) !== 0 ? cpu.vectoring.errorCode : 0;
  m[v + slot.eventInj] &= ~EVENT_VALID;
}

/** The exit of an instruction: it does not execute, and EIP is that of the instruction itself. */
export function exitInstruction(cpu: Cpu, insn: Insn<Cpu>, code: number, nextRip: boolean, detail: ExitDetail = NOTHING): never {
  cpu.s[at.eip] -= insn.length;
  exitGuest(cpu, code, { ...detail, length: insn.length, next: nextRip ? insn.length : undefined });
  throw ABANDONED;
}

function saveGuest(cpu: Cpu, v: number): void {
  const { s } = cpu;
  saveState(cpu, v);
  saveGuestRegisters(cpu, v);
  saveNestedState(cpu, v);
  cpu.memory.bytes[4 * v + offsetOf.cpl] = s[at.cpl];
  cpu.memory.dwords[v + slot.interruptShadow] = (s[at.interruptibility] & (BLOCKED_BY_STI | BLOCKED_BY_MOV_SS)) !== 0 ? 1 : 0;
}

/** GIF := 0, and the host again as VMRUN saved it. NMIs stay blocked if they were. */
function loadHost(cpu: Cpu): void {
  const { s } = cpu;
  s[at.guest] = 0;
  s[at.gif] = 0;
  cpu.vectoring.info = 0;
  cpu.ext = 0;
  loadState(cpu, s[at.hsavePa] >>> 2);
  s[at.cr0] |= CR0_PE;
  s[at.eflags] &= ~VM;
  s[at.dr7] = DR7_FIXED;
  setCpl(cpu, 0);
  s[at.activity] = ACTIVE;
  s[at.monitored] = 0;
  s[at.interruptibility] &= BLOCKED_BY_NMI;
  s[at.pendingDebug] = 0;
  cpu.met = 0;
  if (leaveAddressSpace(cpu)) return;
  s[at.activity] = SHUTDOWN;
  cpu.events.shutdown(say`the host's PDPTEs have reserved bits`);
}

/** A VMRUN of a VMCB that breaks a rule: the guest's state is not written. */
export function exitInvalid(cpu: Cpu, rule: string): never {
  writeExit(cpu, writablePage(cpu, cpu.s[at.vmcsPointer]), CODE.INVALID, NOTHING, 0);
  cpu.charge('exit');
  loadHost(cpu);
  cpu.events.vmentryFailed(CODE.INVALID, rule, 0);
  throw ABANDONED;
}
