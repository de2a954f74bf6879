/** Stage B4, host state: SDM vol 3, 26.2.2 and 26.2.3. Those on the address-space size need Intel 64. */
import { eferDefined, isPat } from '../../../msrs.ts';
import { CR0_CD, CR0_NW } from '../../../registers.ts';
import type { Allowed } from '../capabilities.ts';
import { EXIT_LOAD_EFER, EXIT_LOAD_PAT } from '../controls.ts';
import { type FieldKey, fieldOfKey, slot } from '../fields.ts';
import { type Check, type EntryView, HOST_FAILURE, mustBe } from './check.ts';

/* Selector: index 15:3, TI 2, RPL 1:0. */
const TI_AND_RPL = 7;

const row = (section: string, rule: string, fields: readonly FieldKey[], violated: Check['violated'], detail?: Check['detail']): Check => ({
  stage: 'B4',
  section,
  rule,
  fields,
  failure: HOST_FAILURE,
  violated,
  detail,
});

/** CR0.CD and CR0.NW are never checked (SDM vol 3, 26.2.2). */
export const FIXED_IGNORED_CR0 = CR0_CD | CR0_NW;

/** Bits of a control-register value that VMX operation does not allow as they are. */
export const fixedBitsViolated = (value: number, { must, may }: Allowed, ignored: number): number =>
  ((must & ~value) | (value & ~may)) & ~ignored;

export const fixedBitsText = (value: number, { must, may }: Allowed, ignored: number): string =>
  mustBe(must & ~value & ~ignored, value & ~may & ~ignored);

const cr0 = (e: EntryView): Allowed => e.capabilities.cr0;
const cr4 = (e: EntryView): Allowed => e.capabilities.cr4;

const loads = (e: EntryView, control: number): boolean => (e.get(slot.exitControls) & control) !== 0;

/** A value that IA32_EFER accepts on a processor without long mode. */
export const isEfer = (e: EntryView, slotOfField: number): boolean =>
  (e.get(slotOfField) & ~eferDefined(e.cpu)) === 0 && e.get(slotOfField + 1) === 0;

const SELECTORS = [
  'hostCsSelector',
  'hostSsSelector',
  'hostDsSelector',
  'hostEsSelector',
  'hostFsSelector',
  'hostGsSelector',
  'hostTrSelector',
] as const;
const NOT_NULL = ['hostCsSelector', 'hostTrSelector', 'hostSsSelector'] as const;

export const HOST_CHECKS: readonly Check[] = [
  row(
    '26.2.2',
    'Host CR0 has the bits that VMX operation fixes',
    ['hostCr0'],
    (e) => fixedBitsViolated(e.get(slot.hostCr0), cr0(e), FIXED_IGNORED_CR0) !== 0,
    (e) => fixedBitsText(e.get(slot.hostCr0), cr0(e), FIXED_IGNORED_CR0),
  ),
  row(
    '26.2.2',
    'Host CR4 has the bits that VMX operation fixes',
    ['hostCr4'],
    (e) => fixedBitsViolated(e.get(slot.hostCr4), cr4(e), 0) !== 0,
    (e) => fixedBitsText(e.get(slot.hostCr4), cr4(e), 0),
  ),
  row(
    '26.2.2',
    '"Load IA32_PAT" at VM exit: each byte of host IA32_PAT is a memory type',
    ['hostPat'],
    (e) => loads(e, EXIT_LOAD_PAT) && !isPat(e.get(slot.hostPat), e.get(slot.hostPat + 1)),
  ),
  row(
    '26.2.2',
    '"Load IA32_EFER" at VM exit: reserved bits, LME and LMA of host IA32_EFER are 0',
    ['hostEfer'],
    (e) => loads(e, EXIT_LOAD_EFER) && !isEfer(e, slot.hostEfer),
  ),
  ...SELECTORS.map((key) =>
    row('26.2.3', `${fieldOfKey(key).name}: RPL and TI are 0`, [key], (e) => (e.get(slot[key]) & TI_AND_RPL) !== 0),
  ),
  ...NOT_NULL.map((key) => row('26.2.3', `${fieldOfKey(key).name} is not 0`, [key], (e) => (e.get(slot[key]) & 0xffff) === 0)),
];
