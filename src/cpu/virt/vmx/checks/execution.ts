/** Stage B1, VM-execution controls: SDM vol 3, 26.2.1.1. */
import { say } from '../../../../lib/say.ts';
import { readPhysical8 } from '../../../physical.ts';
import {
  PIN_NMI,
  PIN_VIRTUAL_NMIS,
  PRIMARY_IO_BITMAPS,
  PRIMARY_MSR_BITMAPS,
  PRIMARY_NMI_WINDOW,
  PRIMARY_SECONDARY,
  PRIMARY_TPR_SHADOW,
  SECONDARY_APIC_ACCESSES,
  SECONDARY_EPT,
  SECONDARY_UNRESTRICTED,
  SECONDARY_VPID,
  SECONDARY_X2APIC,
} from '../controls.ts';
import { eptpProblem } from '../ept-pointer.ts';
import { type FieldKey, fieldOfKey, slot } from '../fields.ts';
import { VTPR_OFFSET } from '../virtual-apic.ts';
import { type Check, CONTROL_FAILURE, type EntryView, misaligned, tooWide } from './check.ts';
import { allowedSettings } from './settings.ts';

const row = (rule: string, fields: readonly FieldKey[], violated: Check['violated'], detail?: Check['detail']): Check => ({
  stage: 'B1',
  section: '26.2.1.1',
  rule,
  fields,
  failure: CONTROL_FAILURE,
  violated,
  detail,
});

const pin = (e: EntryView, control: number): boolean => (e.get(slot.pinControls) & control) !== 0;
const primary = (e: EntryView, control: number): boolean => (e.get(slot.primaryControls) & control) !== 0;
const secondary = (e: EntryView, control: number): boolean => (e.secondary & control) !== 0;

/** The address of a page that a control puts to use. */
function pageAddress(key: FieldKey, controlName: string, used: (e: EntryView) => boolean): readonly Check[] {
  const field = slot[key];
  const name = fieldOfKey(key).name;
  return [
    row(`"${controlName}": ${name} is 4-KiB aligned`, [key], (e) => used(e) && misaligned(e, field, 4096)),
    row(`"${controlName}": ${name} is within the physical-address width`, [key], (e) => used(e) && tooWide(e, field)),
  ];
}

const usesIoBitmaps = (e: EntryView): boolean => primary(e, PRIMARY_IO_BITMAPS);
const usesTprShadow = (e: EntryView): boolean => primary(e, PRIMARY_TPR_SHADOW);

const THRESHOLD_RESERVED = ~0xf;
const virtualTaskPriority = (e: EntryView): number => readPhysical8(e.cpu, e.get(slot.virtualApicAddress) + VTPR_OFFSET) >>> 4;

export const EXECUTION_CHECKS: readonly Check[] = [
  allowedSettings('B1', '26.2.1.1', 'pinControls', (c) => c.pin),
  allowedSettings('B1', '26.2.1.1', 'primaryControls', (c) => c.primary),
  allowedSettings(
    'B1',
    '26.2.1.1',
    'secondaryControls',
    (c) => c.secondary,
    (e) => primary(e, PRIMARY_SECONDARY),
  ),
  row(
    'CR3-target count is not above what the processor has',
    ['cr3TargetCount'],
    (e) => e.get(slot.cr3TargetCount) >>> 0 > e.capabilities.cr3Targets,
  ),
  ...pageAddress('ioBitmapA', 'Use I/O bitmaps', usesIoBitmaps),
  ...pageAddress('ioBitmapB', 'Use I/O bitmaps', usesIoBitmaps),
  ...pageAddress('msrBitmap', 'Use MSR bitmaps', (e) => primary(e, PRIMARY_MSR_BITMAPS)),
  ...pageAddress('virtualApicAddress', 'Use TPR shadow', usesTprShadow),
  row(
    '"Use TPR shadow": bits 31:4 of the TPR threshold are 0',
    ['tprThreshold'],
    (e) => usesTprShadow(e) && (e.get(slot.tprThreshold) & THRESHOLD_RESERVED) !== 0,
  ),
  row(
    '"Use TPR shadow" without "Virtualize APIC accesses": the TPR threshold is not above bits 7:4 of the virtual TPR',
    ['tprThreshold', 'virtualApicAddress'],
    (e) => usesTprShadow(e) && !secondary(e, SECONDARY_APIC_ACCESSES) && (e.get(slot.tprThreshold) & 0xf) > virtualTaskPriority(e),
    (e) => say`the virtual TPR is ${virtualTaskPriority(e)}`,
  ),
  row('"Virtual NMIs" needs "NMI exiting"', ['pinControls'], (e) => pin(e, PIN_VIRTUAL_NMIS) && !pin(e, PIN_NMI)),
  row(
    '"NMI-window exiting" needs "Virtual NMIs"',
    ['primaryControls', 'pinControls'],
    (e) => primary(e, PRIMARY_NMI_WINDOW) && !pin(e, PIN_VIRTUAL_NMIS),
  ),
  row(
    '"Virtualize x2APIC mode" needs "Use TPR shadow"',
    ['secondaryControls', 'primaryControls'],
    (e) => secondary(e, SECONDARY_X2APIC) && !usesTprShadow(e),
  ),
  row(
    '"Virtualize x2APIC mode" and "Virtualize APIC accesses" are not both 1',
    ['secondaryControls'],
    (e) => secondary(e, SECONDARY_X2APIC) && secondary(e, SECONDARY_APIC_ACCESSES),
  ),
  ...pageAddress('apicAccessAddress', 'Virtualize APIC accesses', (e) => secondary(e, SECONDARY_APIC_ACCESSES)),
  row('"Enable VPID": the VPID is not 0', ['vpid'], (e) => secondary(e, SECONDARY_VPID) && (e.get(slot.vpid) & 0xffff) === 0),
  row(
    '"Enable EPT": the EPT pointer has a memory type and a walk length that the processor supports, and no reserved bits',
    ['eptPointer'],
    (e) => secondary(e, SECONDARY_EPT) && eptpProblem(e.capabilities, e.get(slot.eptPointer), e.get(slot.eptPointer + 1)) !== '',
    (e) => eptpProblem(e.capabilities, e.get(slot.eptPointer), e.get(slot.eptPointer + 1)),
  ),
  row(
    '"Unrestricted guest" needs "Enable EPT"',
    ['secondaryControls'],
    (e) => secondary(e, SECONDARY_UNRESTRICTED) && !secondary(e, SECONDARY_EPT),
  ),
];
