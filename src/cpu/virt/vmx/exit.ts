/** VM exits and failed VM entries: SDM vol 3, chapter 27. */

import type { Insn } from '../../../isa/insn.ts';
import { CS, DS, ES, FS, GS, SS } from '../../../isa/insn.ts';
import { say } from '../../../lib/say.ts';
import { DR7_FIXED } from '../../breakpoints.ts';
import type { Cpu } from '../../cpu.ts';
import { flags, setFlags } from '../../flags.ts';
import { DEBUGCTL_BTF } from '../../msrs.ts';
import { loadPdptes, PDPTES, pagesWithPae } from '../../pdptes.ts';
import {
  ACTIVE,
  BLOCKED_BY_MOV_SS,
  BLOCKED_BY_NMI,
  CR0_CD,
  CR0_DEFINED,
  CR0_ET,
  CR0_NW,
  FLAGS_FIXED,
  HALTED,
  RF,
  RIGHTS_DB,
  RIGHTS_DPL_SHIFT,
  RIGHTS_P,
  RIGHTS_UNUSABLE,
  SHUTDOWN,
  TF,
} from '../../registers.ts';
import { FLAT_CODE, FLAT_DATA, setCpl, setSegment } from '../../segments.ts';
import { ABANDONED } from '../../signals.ts';
import { at, BASE, LDTR, LIMIT, RIGHTS, segmentAt, TR } from '../../state.ts';
import { flushTlb, leaveSpace } from '../../tlb.ts';
import {
  EXIT_LOAD_EFER,
  EXIT_LOAD_PAT,
  EXIT_SAVE_DEBUG,
  EXIT_SAVE_EFER,
  EXIT_SAVE_PAT,
  EXIT_SAVE_TIMER,
  PIN_VIRTUAL_NMIS,
  SECONDARY_VPID,
} from './controls.ts';
import { ABORT_SLOT, slot } from './fields.ts';
import { INFO_ERROR_CODE, INFO_TYPE_SHIFT, INFO_VALID, isSoftwareEvent } from './interruption.ts';
import { loadMsrs, storeMsrs } from './msr-lists.ts';
import { ENTRY_FAILURE, exitName } from './reasons.ts';
import { stopTimer, timerValue } from './timer.ts';
import { secondaryControls, writableVmcs } from './vmcs.ts';
import { causeOf } from './words.ts';

const BUSY_TSS = 11;
/** Bits of CR0 that no VM entry or exit changes. */
export const CR0_KEPT = CR0_ET | CR0_CD | CR0_NW;
const RIGHTS_SAVED = 0x1f0ff;

/** VMX-abort indicators (SDM vol 3, 27.7). */
export const ABORT_STORING_MSRS = 1;
export const ABORT_HOST_PDPTES = 2;
export const ABORT_LOADING_MSRS = 4;

interface SegmentSlots {
  readonly segment: number;
  readonly selector: number;
  readonly base: number;
  readonly limit: number;
  readonly rights: number;
}

/** The guest's segment registers: where each lies in the arena and in the VMCS. */
export const GUEST_SEGMENTS: readonly SegmentSlots[] = (
  [
    ['Es', ES],
    ['Cs', CS],
    ['Ss', SS],
    ['Ds', DS],
    ['Fs', FS],
    ['Gs', GS],
    ['Ldtr', LDTR],
    ['Tr', TR],
  ] as const
).map(([name, segment]) => ({
  segment,
  selector: slot[`guest${name}Selector`],
  base: slot[`guest${name}Base`],
  limit: slot[`guest${name}Limit`],
  rights: slot[`guest${name}Rights`],
}));

/**
 * Leaves the guest for the monitor. The guest's EIP must be what is to be saved; the caller unwinds.
 *
 * @param info interruption information with bit 31, or 0
 * @param savedFlags EFLAGS as they are to be saved
 */
export function exitGuest(
  cpu: Cpu,
  reason: number,
  qualification: number,
  length: number,
  info: number,
  errorCode: number,
  savedFlags: number,
): void {
  const { s, vectoring } = cpu;
  const m = cpu.memory.dwords;
  const v = writableVmcs(cpu);
  const guestEip = s[at.eip];
  const cpl = s[at.cpl];
  m[v + slot.exitReason] = reason;
  m[v + slot.exitQualification] = qualification;
  m[v + slot.exitInterruptionInfo] = info;
  if ((info & INFO_ERROR_CODE) !== 0) m[v + slot.exitInterruptionErrorCode] = errorCode;
  m[v + slot.vectoringInfo] = vectoring.info;
  if ((vectoring.info & INFO_ERROR_CODE) !== 0) m[v + slot.vectoringErrorCode] = vectoring.errorCode;
  m[v + slot.exitInstructionLength] = length;
  m[v + slot.entryInterruptionInfo] &= ~INFO_VALID;
  saveGuest(cpu, v, savedFlags);
  const failed = storeMsrs(cpu, m[v + slot.exitMsrStoreAddress], m[v + slot.exitMsrStoreCount]);
  cpu.charge('exit');
  if (failed === 0) loadHost(cpu, s[at.interruptibility] & BLOCKED_BY_NMI);
  else abort(cpu, ABORT_STORING_MSRS, say`entry ${failed} of the VM-exit MSR-store list`);
  cpu.events.vmexit({
    vendor: 'vmx',
    code: reason,
    name: exitName(reason),
    qualification: qualification >>> 0,
    guestEip: guestEip >>> 0,
    instructionLength: length,
    interruptionInfo: info >>> 0,
    interruptionErrorCode: (info & INFO_ERROR_CODE) !== 0 ? errorCode >>> 0 : 0,
    cause: causeOf(reason, qualification, info),
    cpl,
    eax: s[at.eax],
  });
}

/** The exit of an instruction: it does not execute, and EIP is that of the instruction itself. */
export function exitInstruction(cpu: Cpu, insn: Insn<Cpu>, reason: number, qualification: number): never {
  cpu.s[at.eip] -= insn.length;
  exitGuest(cpu, reason, qualification, insn.length, 0, 0, flags(cpu) & ~RF);
  throw ABANDONED;
}

/** Of an event that exits while another is delivered: the length of the INT that began it, else nothing. */
export const vectoringLength = (cpu: Cpu): number =>
  cpu.vectoring.info < 0 && isSoftwareEvent((cpu.vectoring.info >>> INFO_TYPE_SHIFT) & 7) ? cpu.vectoring.length : 0;

function saveGuest(cpu: Cpu, v: number, savedFlags: number): void {
  const { s } = cpu;
  const m = cpu.memory.dwords;
  m[v + slot.guestCr0] = s[at.cr0];
  m[v + slot.guestCr3] = s[at.cr3];
  m[v + slot.guestCr4] = s[at.cr4];
  if ((m[v + slot.exitControls] & EXIT_SAVE_DEBUG) !== 0) {
    m[v + slot.guestDr7] = s[at.dr7];
    m[v + slot.guestDebugctl] = s[at.debugctl];
    m[v + slot.guestDebugctl + 1] = 0;
  }
  const controls = m[v + slot.exitControls];
  if ((controls & EXIT_SAVE_PAT) !== 0) {
    m[v + slot.guestPat] = s[at.patLow];
    m[v + slot.guestPat + 1] = s[at.patHigh];
  }
  if ((controls & EXIT_SAVE_EFER) !== 0) {
    m[v + slot.guestEfer] = s[at.efer];
    m[v + slot.guestEfer + 1] = 0;
  }
  if ((controls & EXIT_SAVE_TIMER) !== 0) m[v + slot.preemptionTimer] = timerValue(cpu);
  m[v + slot.guestSysenterCs] = s[at.sysenterCs];
  m[v + slot.guestSysenterEsp] = s[at.sysenterEsp];
  m[v + slot.guestSysenterEip] = s[at.sysenterEip];
  for (const { segment, selector, base, limit, rights } of GUEST_SEGMENTS) {
    const from = segmentAt(segment);
    m[v + selector] = s[from];
    m[v + base] = s[from + BASE];
    m[v + limit] = s[from + LIMIT];
    m[v + rights] = s[from + RIGHTS] & RIGHTS_SAVED;
  }
  if ((s[at.ssRights] & RIGHTS_UNUSABLE) !== 0) m[v + slot.guestSsRights] = RIGHTS_UNUSABLE | (s[at.cpl] << RIGHTS_DPL_SHIFT);
  m[v + slot.guestGdtrBase] = s[at.gdtrBase];
  m[v + slot.guestGdtrLimit] = s[at.gdtrLimit] & 0xffff;
  m[v + slot.guestIdtrBase] = s[at.idtrBase];
  m[v + slot.guestIdtrLimit] = s[at.idtrLimit] & 0xffff;
  m[v + slot.guestEsp] = s[at.esp];
  m[v + slot.guestEip] = s[at.eip];
  m[v + slot.guestEflags] = savedFlags;
  m[v + slot.guestActivity] = s[at.activity] === HALTED && s[at.waiting] !== 0 ? ACTIVE : s[at.activity];
  m[v + slot.guestInterruptibility] = interruptibility(cpu, m[v + slot.pinControls]);
  m[v + slot.guestPendingDebug] = savedPendingDebug(cpu, savedFlags);
  if (s[at.nestedFormat] !== 0) for (let i = 0; i < 2 * PDPTES; i++) m[v + slot.guestPdpte0 + i] = s[at.pdpte0 + i];
}

/* Pending debug exceptions, bit 14: BS. */
const PENDING_BS = 1 << 14;

/** The single-step trap that a MOV SS holds up is pending as far as the VMCS goes (SDM vol 3, 26.3.1.5); here the instruction behind it raises it. */
export function savedPendingDebug({ s }: Cpu, savedFlags: number): number {
  const steps = (savedFlags & TF) !== 0 && (s[at.debugctl] & DEBUGCTL_BTF) === 0;
  return s[at.pendingDebug] | (steps && (s[at.interruptibility] & BLOCKED_BY_MOV_SS) !== 0 ? PENDING_BS : 0);
}

/** With virtual NMIs bit 3 says whether these are blocked. */
function interruptibility({ s }: Cpu, pin: number): number {
  if ((pin & PIN_VIRTUAL_NMIS) === 0) return s[at.interruptibility];
  return (s[at.interruptibility] & ~BLOCKED_BY_NMI) | (s[at.virtualNmiBlocked] !== 0 ? BLOCKED_BY_NMI : 0);
}

/** Loads the host state and the VM-exit MSR-load list: from here on the processor is in root operation. */
function loadHost(cpu: Cpu, blockedByNmi: number): void {
  const { s } = cpu;
  const m = cpu.memory.dwords;
  const v = s[at.vmcsPointer] >>> 2;
  s[at.guest] = 0;
  cpu.vectoring.info = 0;
  cpu.ext = 0;
  s[at.cr0] = (m[v + slot.hostCr0] & CR0_DEFINED & ~CR0_KEPT) | (s[at.cr0] & CR0_KEPT);
  s[at.cr3] = m[v + slot.hostCr3];
  s[at.cr4] = m[v + slot.hostCr4];
  s[at.dr7] = DR7_FIXED;
  s[at.debugctl] = 0;
  s[at.trapExits] = 0;
  s[at.virtualNmiBlocked] = 0;
  s[at.monitored] = 0;
  s[at.apicAccessPage] = 0;
  s[at.pauseFirst] = 0;
  s[at.pauseLast] = 0;
  stopTimer(cpu);
  if ((m[v + slot.exitControls] & EXIT_LOAD_PAT) !== 0) {
    s[at.patLow] = m[v + slot.hostPat];
    s[at.patHigh] = m[v + slot.hostPat + 1];
  }
  if ((m[v + slot.exitControls] & EXIT_LOAD_EFER) !== 0) s[at.efer] = m[v + slot.hostEfer];
  s[at.sysenterCs] = m[v + slot.hostSysenterCs];
  s[at.sysenterEsp] = m[v + slot.hostSysenterEsp];
  s[at.sysenterEip] = m[v + slot.hostSysenterEip];
  setSegment(cpu, CS, m[v + slot.hostCsSelector], 0, -1, FLAT_CODE);
  loadHostData(cpu, SS, m[v + slot.hostSsSelector], 0);
  loadHostData(cpu, DS, m[v + slot.hostDsSelector], 0);
  loadHostData(cpu, ES, m[v + slot.hostEsSelector], 0);
  loadHostData(cpu, FS, m[v + slot.hostFsSelector], m[v + slot.hostFsBase]);
  loadHostData(cpu, GS, m[v + slot.hostGsSelector], m[v + slot.hostGsBase]);
  setSegment(cpu, TR, m[v + slot.hostTrSelector], m[v + slot.hostTrBase], 0x67, RIGHTS_P | BUSY_TSS);
  setSegment(cpu, LDTR, 0, 0, 0, RIGHTS_UNUSABLE);
  setCpl(cpu, 0);
  s[at.gdtrBase] = m[v + slot.hostGdtrBase];
  s[at.gdtrLimit] = 0xffff;
  s[at.idtrBase] = m[v + slot.hostIdtrBase];
  s[at.idtrLimit] = 0xffff;
  s[at.esp] = m[v + slot.hostEsp];
  s[at.eip] = m[v + slot.hostEip];
  setFlags(cpu, FLAGS_FIXED);
  s[at.activity] = ACTIVE;
  s[at.interruptibility] = blockedByNmi;
  s[at.pendingDebug] = 0;
  cpu.met = 0;
  leaveSpace(cpu);
  if ((secondaryControls(cpu) & SECONDARY_VPID) === 0) flushTlb(cpu, false);
  if (pagesWithPae(s[at.cr0], s[at.cr4]) && !loadPdptes(cpu, s[at.cr3])) {
    abort(cpu, ABORT_HOST_PDPTES, say`the host's PDPTEs have reserved bits`);
    return;
  }
  const failed = loadMsrs(cpu, m[v + slot.exitMsrLoadAddress], m[v + slot.exitMsrLoadCount]);
  if (failed !== 0) abort(cpu, ABORT_LOADING_MSRS, say`entry ${failed} of the VM-exit MSR-load list`);
}

function loadHostData(cpu: Cpu, segment: number, selector: number, base: number): void {
  setSegment(cpu, segment, selector, base, -1, selector === 0 ? RIGHTS_UNUSABLE | RIGHTS_DB : FLAT_DATA);
}

/** A VM entry that failed on the guest's state or on its MSR-load list (SDM vol 3, 26.7). NMI blocking is again what it was before. */
export function failEntry(cpu: Cpu, reason: number, qualification: number, blockedByNmi: number, rule: string): never {
  const v = writableVmcs(cpu);
  cpu.memory.dwords[v + slot.exitReason] = ENTRY_FAILURE | reason;
  cpu.memory.dwords[v + slot.exitQualification] = qualification;
  loadHost(cpu, blockedByNmi);
  cpu.events.vmentryFailed(reason, rule, qualification);
  throw ABANDONED;
}

/** VMX abort (SDM vol 3, 27.7): the processor shuts down; only RESET wakes it. */
function abort(cpu: Cpu, code: number, what: string): void {
  cpu.memory.dwords[writableVmcs(cpu) + ABORT_SLOT] = code;
  cpu.s[at.guest] = 0;
  cpu.s[at.activity] = SHUTDOWN;
  cpu.events.shutdown(say`VMX abort ${code}: ${what}`);
}
