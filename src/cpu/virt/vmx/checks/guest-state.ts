/** Stage C5, guest non-register state: SDM vol 3, 26.3.1.5. */

import { DEBUGCTL_BTF } from '../../../msrs.ts';
import { readPhysical32 } from '../../../physical.ts';
import {
  ACTIVE,
  BLOCKED_BY_MOV_SS,
  BLOCKED_BY_NMI,
  BLOCKED_BY_STI,
  DB,
  HALTED,
  IF,
  RIGHTS_DPL_SHIFT,
  SHUTDOWN,
  TF,
} from '../../../registers.ts';
import { at } from '../../../state.ts';
import { PIN_VIRTUAL_NMIS } from '../controls.ts';
import { type FieldKey, slot } from '../fields.ts';
import { EXTERNAL_INTERRUPT, HARDWARE_EXCEPTION, NMI_TYPE, OTHER_EVENT } from '../interruption.ts';
import { type Check, type EntryView, type Failure, GUEST_FAILURE, misaligned, tooWide } from './check.ts';

const BLOCKED_BY_SMI = 4;
const INTERRUPTIBILITY_RESERVED = ~(BLOCKED_BY_STI | BLOCKED_BY_MOV_SS | BLOCKED_BY_SMI | BLOCKED_BY_NMI);
const MACHINE_CHECK = 18;

/* Pending debug exceptions: B0 to B3 3:0, enabled breakpoint 12, BS 14. */
const PENDING_BS = 1 << 14;
const PENDING_RESERVED = ~(0xf | (1 << 12) | PENDING_BS);

const LINK_FAILURE: Failure = { kind: 'entry', reason: 33, qualification: 4 };

const row = (rule: string, fields: readonly FieldKey[], violated: Check['violated'], failure = GUEST_FAILURE): Check => ({
  stage: 'C5',
  section: '26.3.1.5',
  rule,
  fields,
  failure,
  violated,
});

const activity = (e: EntryView): number => e.get(slot.guestActivity);
const blocking = (e: EntryView): number => e.get(slot.guestInterruptibility);
const blocksInstructions = (e: EntryView): boolean => (blocking(e) & (BLOCKED_BY_STI | BLOCKED_BY_MOV_SS)) !== 0;
const flags = (e: EntryView): number => e.get(slot.guestEflags);
const pending = (e: EntryView): number => e.get(slot.guestPendingDebug);
const linked = (e: EntryView): boolean => e.get(slot.linkPointer) !== -1 || e.get(slot.linkPointer + 1) !== -1;

/** Whether an event may be injected into a halted (or shut-down) guest. */
function wakes(e: EntryView): boolean {
  const type = e.injectedType;
  const vector = e.injectedVector;
  const machineCheck = type === HARDWARE_EXCEPTION && vector === MACHINE_CHECK;
  switch (activity(e)) {
    case ACTIVE:
      return true;
    case HALTED:
      return (
        type === EXTERNAL_INTERRUPT ||
        type === NMI_TYPE ||
        type === OTHER_EVENT ||
        machineCheck ||
        (type === HARDWARE_EXCEPTION && vector === DB)
      );
    case SHUTDOWN:
      return type === NMI_TYPE || machineCheck;
    default:
      return false;
  }
}

/** Under STI or MOV-SS blocking, or halted, a pending single step must agree with TF and BTF. */
const steps = (e: EntryView): boolean => blocksInstructions(e) || activity(e) === HALTED;
const mustStep = (e: EntryView): boolean => (flags(e) & TF) !== 0 && (e.get(slot.guestDebugctl) & DEBUGCTL_BTF) === 0;

export const STATE_CHECKS: readonly Check[] = [
  row(
    'Activity state is one that the processor supports',
    ['guestActivity'],
    (e) => activity(e) >>> 0 > 3 || ((e.capabilities.activityStates >>> activity(e)) & 1) === 0,
  ),
  row(
    'Activity state HLT needs DPL 0 of guest SS',
    ['guestActivity', 'guestSsRights'],
    (e) => activity(e) === HALTED && ((e.get(slot.guestSsRights) >>> RIGHTS_DPL_SHIFT) & 3) !== 0,
  ),
  row(
    'Blocking by STI or MOV SS needs the active state',
    ['guestInterruptibility', 'guestActivity'],
    (e) => blocksInstructions(e) && activity(e) !== ACTIVE,
  ),
  row(
    'The injected event can wake the guest from its activity state',
    ['guestActivity', 'entryInterruptionInfo'],
    (e) => e.injects && !wakes(e),
  ),
  row('Interruptibility: bits 31:4 are 0', ['guestInterruptibility'], (e) => (blocking(e) & INTERRUPTIBILITY_RESERVED) !== 0),
  row('Interruptibility: not blocked by STI and by MOV SS at once', ['guestInterruptibility'], (e) => (blocking(e) & 3) === 3),
  row(
    'Interruptibility: blocking by STI needs RFLAGS.IF = 1',
    ['guestInterruptibility', 'guestEflags'],
    (e) => (blocking(e) & BLOCKED_BY_STI) !== 0 && (flags(e) & IF) === 0,
  ),
  row(
    'Interruptibility: no blocking by STI or MOV SS if an external interrupt is injected',
    ['guestInterruptibility', 'entryInterruptionInfo'],
    (e) => e.injectedType === EXTERNAL_INTERRUPT && blocksInstructions(e),
  ),
  row(
    'Interruptibility: no blocking by MOV SS if an NMI is injected',
    ['guestInterruptibility', 'entryInterruptionInfo'],
    (e) => e.injectedType === NMI_TYPE && (blocking(e) & BLOCKED_BY_MOV_SS) !== 0,
  ),
  row(
    'Interruptibility: with "Virtual NMIs", NMIs are not blocked if an NMI is injected',
    ['guestInterruptibility', 'entryInterruptionInfo', 'pinControls'],
    (e) => e.injectedType === NMI_TYPE && (e.get(slot.pinControls) & PIN_VIRTUAL_NMIS) !== 0 && (blocking(e) & BLOCKED_BY_NMI) !== 0,
  ),
  row('Interruptibility: outside SMM, no blocking by SMI', ['guestInterruptibility'], (e) => (blocking(e) & BLOCKED_BY_SMI) !== 0),
  row('Pending debug exceptions: bits 11:4, 13 and 31:15 are 0', ['guestPendingDebug'], (e) => (pending(e) & PENDING_RESERVED) !== 0),
  row(
    'Pending debug exceptions: BS is 1 if blocked or halted with TF = 1 and BTF = 0',
    ['guestPendingDebug', 'guestEflags', 'guestDebugctl'],
    (e) => steps(e) && mustStep(e) && (pending(e) & PENDING_BS) === 0,
  ),
  row(
    'Pending debug exceptions: BS is 0 if blocked or halted with TF = 0 or BTF = 1',
    ['guestPendingDebug', 'guestEflags', 'guestDebugctl'],
    (e) => steps(e) && !mustStep(e) && (pending(e) & PENDING_BS) !== 0,
  ),
  row(
    'VMCS link pointer, if not FFFFFFFF_FFFFFFFFh, is 4-KiB aligned',
    ['linkPointer'],
    (e) => linked(e) && misaligned(e, slot.linkPointer, 4096),
    LINK_FAILURE,
  ),
  row(
    'VMCS link pointer, if not FFFFFFFF_FFFFFFFFh, is within the physical-address width',
    ['linkPointer'],
    (e) => linked(e) && tooWide(e, slot.linkPointer),
    LINK_FAILURE,
  ),
  row(
    "VMCS link pointer, if not FFFFFFFF_FFFFFFFFh, refers to a region with this processor's revision identifier",
    ['linkPointer'],
    (e) => linked(e) && readPhysical32(e.cpu, e.get(slot.linkPointer)) !== e.capabilities.revision,
    LINK_FAILURE,
  ),
  row(
    'VMCS link pointer does not refer to the current VMCS',
    ['linkPointer'],
    (e) => linked(e) && e.get(slot.linkPointer) === e.cpu.s[at.vmcsPointer],
    LINK_FAILURE,
  ),
];
