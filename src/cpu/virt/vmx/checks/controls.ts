/** Stages B1 to B3, VM-execution, VM-exit and VM-entry controls: SDM vol 3, 26.2.1. */
import { pushesErrorCode } from '../../../registers.ts';
import type { Allowed, Capabilities } from '../capabilities.ts';
import { ENTRY_DEACTIVATE_DUAL_MONITOR, ENTRY_TO_SMM, PRIMARY_IO_BITMAPS, PRIMARY_MSR_BITMAPS } from '../controls.ts';
import { type FieldKey, fieldOfKey, slot } from '../fields.ts';
import { HARDWARE_EXCEPTION, INFO_ERROR_CODE, NMI_TYPE, OTHER_EVENT, SOFTWARE_INTERRUPT } from '../interruption.ts';
import { bitList, type Check, CONTROL_FAILURE, type EntryView, misaligned, type Stage, tooWide } from './check.ts';

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
  failure: CONTROL_FAILURE,
  violated,
  detail,
});

/** Bits of a control field that the capability MSR does not allow as they are. */
function allowedSettings(stage: Stage, section: string, key: FieldKey, allowedOf: (c: Capabilities) => Allowed): Check {
  const field = slot[key];
  return row(
    stage,
    section,
    `${fieldOfKey(key).name}: reserved bits are set as the capability MSR demands`,
    [key],
    (e) => {
      const { must, may } = allowedOf(e.capabilities);
      return (e.get(field) & must) !== must || (e.get(field) & ~may) !== 0;
    },
    (e) => {
      const { must, may } = allowedOf(e.capabilities);
      const missing = must & ~e.get(field);
      const excess = e.get(field) & ~may;
      return [missing !== 0 ? `${bitList(missing)} must be 1` : '', excess !== 0 ? `${bitList(excess)} must be 0` : '']
        .filter(Boolean)
        .join('; ');
    },
  );
}

/** The address of a bitmap that a primary control enables. */
function bitmapAddress(key: FieldKey, control: number, controlName: string): readonly Check[] {
  const field = slot[key];
  const used = (e: EntryView): boolean => (e.get(slot.primaryControls) & control) !== 0;
  const name = fieldOfKey(key).name;
  return [
    row('B1', '26.2.1.1', `"${controlName}": ${name} is 4-KiB aligned`, [key], (e) => used(e) && misaligned(e, field, 4096)),
    row('B1', '26.2.1.1', `"${controlName}": ${name} is within the physical-address width`, [key], (e) => used(e) && tooWide(e, field)),
  ];
}

/** An MSR list: 16-byte aligned, first and last byte within the physical-address width. */
function msrList(stage: Stage, section: string, countKey: FieldKey, addressKey: FieldKey): readonly Check[] {
  const count = slot[countKey];
  const address = slot[addressKey];
  const name = fieldOfKey(addressKey).name;
  return [
    row(
      stage,
      section,
      `${name} is 16-byte aligned if the count is not 0`,
      [addressKey, countKey],
      (e) => e.get(count) !== 0 && misaligned(e, address, 16),
    ),
    row(stage, section, `${name}: the list lies within the physical-address width`, [addressKey, countKey], (e) => {
      if (e.get(count) === 0) return false;
      const last = (e.get(address + 1) >>> 0) * 0x100000000 + (e.get(address) >>> 0) + 16 * (e.get(count) >>> 0) - 1;
      return last >= 2 ** e.capabilities.physicalBits;
    }),
  ];
}

const injected = (rule: string, violated: Check['violated'], fields: readonly FieldKey[] = ['entryInterruptionInfo']): Check =>
  row('B3', '26.2.1.3', rule, fields, (e) => e.injects && violated(e));

const isSoftware = (e: EntryView): boolean => e.injectedType >= SOFTWARE_INTERRUPT && e.injectedType < OTHER_EVENT;

export const CONTROL_CHECKS: readonly Check[] = [
  allowedSettings('B1', '26.2.1.1', 'pinControls', (c) => c.pin),
  allowedSettings('B1', '26.2.1.1', 'primaryControls', (c) => c.primary),
  row(
    'B1',
    '26.2.1.1',
    'CR3-target count is not above what the processor has',
    ['cr3TargetCount'],
    (e) => e.get(slot.cr3TargetCount) >>> 0 > e.capabilities.cr3Targets,
  ),
  ...bitmapAddress('ioBitmapA', PRIMARY_IO_BITMAPS, 'Use I/O bitmaps'),
  ...bitmapAddress('ioBitmapB', PRIMARY_IO_BITMAPS, 'Use I/O bitmaps'),
  ...bitmapAddress('msrBitmap', PRIMARY_MSR_BITMAPS, 'Use MSR bitmaps'),

  allowedSettings('B2', '26.2.1.2', 'exitControls', (c) => c.exit),
  ...msrList('B2', '26.2.1.2', 'exitMsrStoreCount', 'exitMsrStoreAddress'),
  ...msrList('B2', '26.2.1.2', 'exitMsrLoadCount', 'exitMsrLoadAddress'),

  allowedSettings('B3', '26.2.1.3', 'entryControls', (c) => c.entry),
  injected(
    'Injected event: the type is not reserved (1, and 7 without a monitor trap flag)',
    (e) => e.injectedType === 1 || e.injectedType === OTHER_EVENT,
  ),
  injected('Injected NMI: the vector is 2', (e) => e.injectedType === NMI_TYPE && e.injectedVector !== 2),
  injected('Injected hardware exception: the vector is at most 31', (e) => e.injectedType === HARDWARE_EXCEPTION && e.injectedVector > 31),
  injected(
    'Injected event: deliver-error-code is 1 exactly for the hardware exceptions that push one (8, 10 to 14, 17)',
    (e) =>
      ((e.get(slot.entryInterruptionInfo) & INFO_ERROR_CODE) !== 0) !==
      (e.injectedType === HARDWARE_EXCEPTION && pushesErrorCode(e.injectedVector)),
  ),
  injected('Injected event: bits 30:12 are 0', (e) => (e.get(slot.entryInterruptionInfo) & 0x7ffff000) !== 0),
  injected(
    'Injected error code: bits 31:15 are 0',
    (e) => (e.get(slot.entryInterruptionInfo) & INFO_ERROR_CODE) !== 0 && e.get(slot.entryErrorCode) >>> 15 !== 0,
    ['entryErrorCode', 'entryInterruptionInfo'],
  ),
  injected(
    'Injected software interrupt or exception: the instruction length is 1 to 15',
    (e) => {
      const length = e.get(slot.entryInstructionLength) >>> 0;
      return isSoftware(e) && (length > 15 || (length === 0 && !e.capabilities.zeroLengthInjection));
    },
    ['entryInstructionLength', 'entryInterruptionInfo'],
  ),
  ...msrList('B3', '26.2.1.3', 'entryMsrLoadCount', 'entryMsrLoadAddress'),
  row('B3', '26.2.1.3', 'Outside SMM, "Entry to SMM" is 0', ['entryControls'], (e) => (e.get(slot.entryControls) & ENTRY_TO_SMM) !== 0),
  row(
    'B3',
    '26.2.1.3',
    'Outside SMM, "Deactivate dual-monitor treatment" is 0',
    ['entryControls'],
    (e) => (e.get(slot.entryControls) & ENTRY_DEACTIVATE_DUAL_MONITOR) !== 0,
  ),
];
