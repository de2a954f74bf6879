/** Stages B1 to B3, controls: SDM vol 3, 26.2.1. */
import { CR0_PE, pushesErrorCode } from '../../../registers.ts';
import { ENTRY_DEACTIVATE_DUAL_MONITOR, ENTRY_TO_SMM, EXIT_SAVE_TIMER, PIN_TIMER } from '../controls.ts';
import { type FieldKey, fieldOfKey, slot } from '../fields.ts';
import { HARDWARE_EXCEPTION, INFO_ERROR_CODE, NMI_TYPE, OTHER_EVENT, SOFTWARE_INTERRUPT } from '../interruption.ts';
import { type Check, CONTROL_FAILURE, type EntryView, misaligned, type Stage } from './check.ts';
import { EXECUTION_CHECKS } from './execution.ts';
import { allowedSettings } from './settings.ts';

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

/** In real-address mode, which only an unrestricted guest may be in, no exception does. */
const pushesErrorCodes = (e: EntryView): boolean => !e.unrestricted || (e.get(slot.guestCr0) & CR0_PE) !== 0;

const isSoftware = (e: EntryView): boolean => e.injectedType >= SOFTWARE_INTERRUPT && e.injectedType < OTHER_EVENT;

export const CONTROL_CHECKS: readonly Check[] = [
  ...EXECUTION_CHECKS,

  allowedSettings('B2', '26.2.1.2', 'exitControls', (c) => c.exit),
  row(
    'B2',
    '26.2.1.2',
    '"Save VMX-preemption timer value" needs "Activate VMX-preemption timer"',
    ['exitControls', 'pinControls'],
    (e) => (e.get(slot.exitControls) & EXIT_SAVE_TIMER) !== 0 && (e.get(slot.pinControls) & PIN_TIMER) === 0,
  ),
  ...msrList('B2', '26.2.1.2', 'exitMsrStoreCount', 'exitMsrStoreAddress'),
  ...msrList('B2', '26.2.1.2', 'exitMsrLoadCount', 'exitMsrLoadAddress'),

  allowedSettings('B3', '26.2.1.3', 'entryControls', (c) => c.entry),
  injected(
    'Injected event: the type is not reserved (1, and 7 without a monitor trap flag)',
    (e) => e.injectedType === 1 || (e.injectedType === OTHER_EVENT && !e.capabilities.trapFlag),
  ),
  injected('Injected NMI: the vector is 2', (e) => e.injectedType === NMI_TYPE && e.injectedVector !== 2),
  injected('Injected hardware exception: the vector is at most 31', (e) => e.injectedType === HARDWARE_EXCEPTION && e.injectedVector > 31),
  injected('Injected other event: the vector is 0', (e) => e.injectedType === OTHER_EVENT && e.injectedVector !== 0),
  injected(
    'Injected event: deliver-error-code is 1 exactly for the hardware exceptions that push one (8, 10 to 14, 17)',
    (e) =>
      ((e.get(slot.entryInterruptionInfo) & INFO_ERROR_CODE) !== 0) !==
      (e.injectedType === HARDWARE_EXCEPTION && pushesErrorCode(e.injectedVector) && pushesErrorCodes(e)),
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
