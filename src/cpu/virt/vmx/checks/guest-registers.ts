/** Stages C1, C3 and C4, guest control registers, descriptor-table registers and RFLAGS: SDM vol 3, 26.3.1.1, 26.3.1.3 and 26.3.1.4. */

import { DEBUGCTL_DEFINED, isPat } from '../../../msrs.ts';
import { CR0_PE, CR0_PG, IF, VM } from '../../../registers.ts';
import type { Allowed } from '../capabilities.ts';
import { ENTRY_LOAD_DEBUG, ENTRY_LOAD_EFER, ENTRY_LOAD_PAT } from '../controls.ts';
import { type FieldKey, fieldOfKey, slot } from '../fields.ts';
import { EXTERNAL_INTERRUPT } from '../interruption.ts';
import { type Check, type EntryView, GUEST_FAILURE, type Stage } from './check.ts';
import { FIXED_IGNORED_CR0, fixedBitsText, fixedBitsViolated, isEfer } from './host.ts';

const RFLAGS_RESERVED = 0xffc08028 | 0;
const RFLAGS_ONE = 1 << 1;

const row = (
  stage: Stage,
  section: string,
  rule: string,
  fields: readonly FieldKey[],
  violated: Check['violated'],
  detail?: Check['detail'],
): Check => ({
  stage,
  section,
  rule,
  fields,
  failure: GUEST_FAILURE,
  violated,
  detail,
});

/** PE and PG are among the fixed bits, but for an unrestricted guest. */
const ignoredCr0 = (e: EntryView): number => FIXED_IGNORED_CR0 | (e.unrestricted ? CR0_PE | CR0_PG : 0);
const loads = (e: EntryView, control: number): boolean => (e.get(slot.entryControls) & control) !== 0;

const cr0 = (e: EntryView): Allowed => e.capabilities.cr0;
const cr4 = (e: EntryView): Allowed => e.capabilities.cr4;

export const CONTROL_REGISTER_CHECKS: readonly Check[] = [
  row(
    'C1',
    '26.3.1.1',
    'Guest CR0 has the bits that VMX operation fixes',
    ['guestCr0'],
    (e) => fixedBitsViolated(e.get(slot.guestCr0), cr0(e), ignoredCr0(e)) !== 0,
    (e) => fixedBitsText(e.get(slot.guestCr0), cr0(e), ignoredCr0(e)),
  ),
  row('C1', '26.3.1.1', 'Guest CR0: PG = 1 needs PE = 1', ['guestCr0'], (e) => (e.get(slot.guestCr0) & (CR0_PG | CR0_PE)) === CR0_PG),
  row(
    'C1',
    '26.3.1.1',
    'Guest CR4 has the bits that VMX operation fixes',
    ['guestCr4'],
    (e) => fixedBitsViolated(e.get(slot.guestCr4), cr4(e), 0) !== 0,
    (e) => fixedBitsText(e.get(slot.guestCr4), cr4(e), 0),
  ),
  row(
    'C1',
    '26.3.1.1',
    '"Load debug controls": reserved bits of guest IA32_DEBUGCTL are 0',
    ['guestDebugctl'],
    (e) => loads(e, ENTRY_LOAD_DEBUG) && ((e.get(slot.guestDebugctl) & ~DEBUGCTL_DEFINED) !== 0 || e.get(slot.guestDebugctl + 1) !== 0),
  ),
  row(
    'C1',
    '26.3.1.1',
    '"Load IA32_PAT" at VM entry: each byte of guest IA32_PAT is a memory type',
    ['guestPat'],
    (e) => loads(e, ENTRY_LOAD_PAT) && !isPat(e.get(slot.guestPat), e.get(slot.guestPat + 1)),
  ),
  row(
    'C1',
    '26.3.1.1',
    '"Load IA32_EFER" at VM entry: reserved bits, LME and LMA of guest IA32_EFER are 0',
    ['guestEfer'],
    (e) => loads(e, ENTRY_LOAD_EFER) && !isEfer(e, slot.guestEfer),
  ),
];

export const TABLE_REGISTER_CHECKS: readonly Check[] = (['guestGdtrLimit', 'guestIdtrLimit'] as const).map((key) =>
  row('C3', '26.3.1.3', `${fieldOfKey(key).name}: bits 31:16 are 0`, [key], (e) => e.get(slot[key]) >>> 16 !== 0),
);

const flags = (e: EntryView): number => e.get(slot.guestEflags);

export const RFLAGS_CHECKS: readonly Check[] = [
  row('C4', '26.3.1.4', 'Guest RFLAGS: bits 31:22, 15, 5 and 3 are 0', ['guestEflags'], (e) => (flags(e) & RFLAGS_RESERVED) !== 0),
  row('C4', '26.3.1.4', 'Guest RFLAGS: bit 1 is 1', ['guestEflags'], (e) => (flags(e) & RFLAGS_ONE) === 0),
  row(
    'C4',
    '26.3.1.4',
    'Guest RFLAGS: VM = 1 needs CR0.PE = 1',
    ['guestEflags', 'guestCr0'],
    (e) => (flags(e) & VM) !== 0 && (e.get(slot.guestCr0) & CR0_PE) === 0,
  ),
  row(
    'C4',
    '26.3.1.4',
    'Guest RFLAGS: IF is 1 if an external interrupt is injected',
    ['guestEflags', 'entryInterruptionInfo'],
    (e) => e.injectedType === EXTERNAL_INTERRUPT && (flags(e) & IF) === 0,
  ),
];
