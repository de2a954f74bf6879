/** VM entries: SDM vol 3, chapter 26. */
import { say } from '../../../lib/say.ts';
import { DR6_BS, dr7Value, ENABLED_BREAKPOINT } from '../../breakpoints.ts';
import type { Cpu } from '../../cpu.ts';
import { setFlags } from '../../flags.ts';
import { loadPdptes, PDPTES, pagesWithPae } from '../../pdptes.ts';
import { ACTIVE, BLOCKED_BY_NMI, CR0_DEFINED, RIGHTS_DB, RIGHTS_DPL_SHIFT, RIGHTS_UNUSABLE } from '../../registers.ts';
import { setCpl, setSegment } from '../../segments.ts';
import { ABANDONED } from '../../signals.ts';
import { at, TRAP_FLAG_ARMED, TRAP_FLAG_DUE } from '../../state.ts';
import { enterSpace, flushTlb } from '../../tlb.ts';
import { FORMAT_EPT } from '../../walk/formats.ts';
import { VMCS_CHECKS } from './checks/all.ts';
import { type Check, type EntryView, firstViolated, shownValue } from './checks/check.ts';
import { OPERATION_CHECKS } from './checks/operation.ts';
import {
  ENTRY_LOAD_DEBUG,
  ENTRY_LOAD_EFER,
  ENTRY_LOAD_PAT,
  PIN_TIMER,
  PIN_VIRTUAL_NMIS,
  PRIMARY_MONITOR_TRAP_FLAG,
  SECONDARY_EPT,
  SECONDARY_VPID,
} from './controls.ts';
import { CR0_KEPT, failEntry, GUEST_SEGMENTS } from './exit.ts';
import { vmFailInvalid, vmFailValid } from './fail.ts';
import { LAUNCH_LAUNCHED, LAUNCH_SLOT, slot } from './fields.ts';
import { inject } from './injection.ts';
import { OTHER_EVENT } from './interruption.ts';
import { loadMsrs } from './msr-lists.ts';
import { REASON } from './reasons.ts';
import { startTimer } from './timer.ts';
import { openVirtualApic } from './virtual-apic.ts';
import { vmwrite } from './vmcs.ts';

const RIGHTS_LOADED = 0x1f0ff;

/** VMLAUNCH and VMRESUME in root operation. Returns only after a VMfail; otherwise the instruction's place is taken. */
export function enterGuest(cpu: Cpu, view: EntryView, launch: boolean): void {
  view.open(cpu, launch);
  const check = firstViolated(OPERATION_CHECKS, view) ?? firstViolated(VMCS_CHECKS, view);
  const blockedByNmi = cpu.s[at.interruptibility] & BLOCKED_BY_NMI;
  if (check !== null) refuse(cpu, check, view, blockedByNmi);
  else admit(cpu, view, launch, blockedByNmi);
}

function admit(cpu: Cpu, view: EntryView, launch: boolean, blockedByNmi: number): never {
  const { s } = cpu;
  loadGuest(cpu, view);
  const failed = loadMsrs(cpu, view.get(slot.entryMsrLoadAddress), view.get(slot.entryMsrLoadCount));
  if (failed !== 0)
    failEntry(cpu, REASON.MSR_LOADING, failed, blockedByNmi, say`Entry ${failed} of the VM-entry MSR-load list can be loaded`);
  s[at.guest] = 1;
  if (launch) vmwrite(cpu, LAUNCH_SLOT, LAUNCH_LAUNCHED);
  cpu.charge('entry');
  const info = view.get(slot.entryInterruptionInfo);
  cpu.events.vmentry(s[at.eip] >>> 0, launch, info < 0 ? info >>> 0 : 0, s[at.cpl]);
  openVirtualApic(cpu);
  if ((view.get(slot.pinControls) & PIN_TIMER) !== 0) startTimer(cpu, view.get(slot.preemptionTimer));
  if ((view.get(slot.primaryControls) & PRIMARY_MONITOR_TRAP_FLAG) !== 0) s[at.trapExits] |= TRAP_FLAG_ARMED;
  if (view.injectedType === OTHER_EVENT) s[at.trapExits] |= TRAP_FLAG_DUE;
  else if (info < 0) inject(cpu, info, view.get(slot.entryErrorCode), view.get(slot.entryInstructionLength));
  throw ABANDONED;
}

function refuse(cpu: Cpu, check: Check, view: EntryView, blockedByNmi: number): void {
  const { failure } = check;
  if (failure.kind === 'fault') cpu.raise(failure.vector, 0);
  const shown = shownValue(check, view);
  const rule = shown === '' ? check.rule : `${check.rule}; ${shown}`;
  if (failure.kind === 'invalid') vmFailInvalid(cpu, rule);
  else if (failure.kind === 'valid') vmFailValid(cpu, failure.error, rule);
  else if (failure.kind === 'entry') failEntry(cpu, failure.reason, failure.qualification, blockedByNmi, rule);
}

function loadGuest(cpu: Cpu, view: EntryView): void {
  const { s } = cpu;
  s[at.cr0] = (view.get(slot.guestCr0) & CR0_DEFINED & ~CR0_KEPT) | (s[at.cr0] & CR0_KEPT);
  s[at.cr3] = view.get(slot.guestCr3);
  s[at.cr4] = view.get(slot.guestCr4);
  if ((view.get(slot.entryControls) & ENTRY_LOAD_DEBUG) !== 0) {
    s[at.dr7] = dr7Value(view.get(slot.guestDr7));
    s[at.debugctl] = view.get(slot.guestDebugctl);
  }
  if ((view.get(slot.entryControls) & ENTRY_LOAD_PAT) !== 0) {
    s[at.patLow] = view.get(slot.guestPat);
    s[at.patHigh] = view.get(slot.guestPat + 1);
  }
  if ((view.get(slot.entryControls) & ENTRY_LOAD_EFER) !== 0) s[at.efer] = view.get(slot.guestEfer);
  s[at.sysenterCs] = view.get(slot.guestSysenterCs);
  s[at.sysenterEsp] = view.get(slot.guestSysenterEsp);
  s[at.sysenterEip] = view.get(slot.guestSysenterEip);
  for (const { segment, selector, base, limit, rights } of GUEST_SEGMENTS) {
    setSegment(cpu, segment, view.get(selector), view.get(base), view.get(limit), view.get(rights) & RIGHTS_LOADED);
  }
  setCpl(cpu, (view.get(slot.guestSsRights) >>> RIGHTS_DPL_SHIFT) & 3);
  if ((s[at.ssRights] & RIGHTS_UNUSABLE) !== 0) s[at.ssRights] |= RIGHTS_DB;
  s[at.gdtrBase] = view.get(slot.guestGdtrBase);
  s[at.gdtrLimit] = view.get(slot.guestGdtrLimit);
  s[at.idtrBase] = view.get(slot.guestIdtrBase);
  s[at.idtrLimit] = view.get(slot.guestIdtrLimit);
  s[at.esp] = view.get(slot.guestEsp);
  s[at.eip] = view.get(slot.guestEip);
  setFlags(cpu, view.get(slot.guestEflags));
  loadActivity(cpu, view);
  enterMemory(cpu, view);
}

/** The guest's address space (28.3.3.1), its PDPTEs from the VMCS where nested tables lead to the table that has them. */
function enterMemory(cpu: Cpu, view: EntryView): void {
  const { s } = cpu;
  const ept = (view.secondary & SECONDARY_EPT) !== 0;
  enterSpace(
    cpu,
    (view.secondary & SECONDARY_VPID) !== 0 ? view.get(slot.vpid) & 0xffff : 0,
    ept ? FORMAT_EPT : 0,
    view.get(slot.eptPointer),
  );
  if ((view.secondary & SECONDARY_VPID) === 0) flushTlb(cpu, false);
  if (ept) for (let i = 0; i < 2 * PDPTES; i++) s[at.pdpte0 + i] = view.get(slot.guestPdpte0 + i);
  else if (pagesWithPae(s[at.cr0], s[at.cr4])) loadPdptes(cpu, s[at.cr3]);
}

/** Bit 3 of the interruptibility is about virtual NMIs if there are any; real ones are then not blocked in the guest (SDM vol 3, 26.6.1). */
function loadActivity(cpu: Cpu, view: EntryView): void {
  const { s } = cpu;
  const vectoring = view.injects && view.injectedType !== OTHER_EVENT;
  const virtual = (view.get(slot.pinControls) & PIN_VIRTUAL_NMIS) !== 0;
  const field = view.get(slot.guestInterruptibility);
  const blocksNmis = virtual ? 0 : field & BLOCKED_BY_NMI;
  s[at.virtualNmiBlocked] = virtual && (field & BLOCKED_BY_NMI) !== 0 ? 1 : 0;
  s[at.interruptibility] = blocksNmis | (vectoring ? 0 : field & ~BLOCKED_BY_NMI);
  s[at.activity] = vectoring ? ACTIVE : view.get(slot.guestActivity);
  s[at.waiting] = 0;
  s[at.monitored] = 0;
  s[at.pendingDebug] = vectoring ? 0 : pendingDebug(view.get(slot.guestPendingDebug));
}

/** Pending debug exceptions count only with one of these bits (SDM vol 3, 26.6.3). */
const pendingDebug = (field: number): number => ((field & (ENABLED_BREAKPOINT | DR6_BS)) !== 0 ? field : 0);
