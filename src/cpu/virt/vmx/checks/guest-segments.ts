/** Stage C2, guest segment registers: SDM vol 3, 26.3.1.2. */
import {
  CR0_PE,
  RIGHTS_ACCESSED,
  RIGHTS_CODE,
  RIGHTS_DPL_SHIFT,
  RIGHTS_G,
  RIGHTS_P,
  RIGHTS_RW,
  RIGHTS_S,
  RIGHTS_UNUSABLE,
} from '../../../registers.ts';
import { type FieldKey, slot } from '../fields.ts';
import { type Check, type EntryView, GUEST_FAILURE } from './check.ts';

type Name = 'Es' | 'Cs' | 'Ss' | 'Ds' | 'Fs' | 'Gs' | 'Ldtr' | 'Tr';

const SELECTOR_TI = 1 << 2;
const RIGHTS_RESERVED = 0xfffe0f00 | 0;
const V86_RIGHTS = 0xf3;

const selectorKey = (name: Name): FieldKey => `guest${name}Selector`;
const rightsKey = (name: Name): FieldKey => `guest${name}Rights`;
const limitKey = (name: Name): FieldKey => `guest${name}Limit`;
const baseKey = (name: Name): FieldKey => `guest${name}Base`;

const row = (rule: string, fields: readonly FieldKey[], violated: Check['violated']): Check => ({
  stage: 'C2',
  section: '26.3.1.2',
  rule,
  fields,
  failure: GUEST_FAILURE,
  violated,
});

const type = (value: number): number => value & 15;
const dpl = (value: number): number => (value >>> RIGHTS_DPL_SHIFT) & 3;
const rpl = (e: EntryView, selectorSlot: number): number => e.get(selectorSlot) & 3;
const ssDpl = (e: EntryView): number => dpl(e.get(slot.guestSsRights));
const usable = (value: number): boolean => (value & RIGHTS_UNUSABLE) === 0;

/** Of a usable register outside virtual-8086 mode; CS counts as usable always. */
function segmentRow(name: Name, rule: string, fields: readonly FieldKey[], violated: (value: number, e: EntryView) => boolean): Check {
  const field = slot[rightsKey(name)];
  return row(`Guest ${name.toUpperCase()}${name === 'Cs' || name === 'Tr' ? '' : ', if usable'}: ${rule}`, fields, (e) => {
    if (e.v86 && name !== 'Ldtr' && name !== 'Tr') return false;
    const value = e.get(field);
    return (name === 'Cs' || name === 'Tr' || usable(value)) && violated(value, e);
  });
}

function v86Rows(name: Name): readonly Check[] {
  const upper = name.toUpperCase();
  const selector = slot[selectorKey(name)];
  const base = slot[baseKey(name)];
  const limit = slot[limitKey(name)];
  const rights = slot[rightsKey(name)];
  return [
    row(
      `Virtual-8086 mode: guest ${upper} base is 16 times the selector`,
      [baseKey(name), selectorKey(name)],
      (e) => e.v86 && e.get(base) !== e.get(selector) << 4,
    ),
    row(`Virtual-8086 mode: guest ${upper} limit is FFFFh`, [limitKey(name)], (e) => e.v86 && e.get(limit) !== 0xffff),
    row(`Virtual-8086 mode: guest ${upper} access rights are F3h`, [rightsKey(name)], (e) => e.v86 && e.get(rights) !== V86_RIGHTS),
  ];
}

function commonRows(name: Name, system: boolean): readonly Check[] {
  const key = rightsKey(name);
  const limit = slot[limitKey(name)];
  return [
    segmentRow(
      name,
      system ? 'it is a system segment (S = 0)' : 'it is a code or data segment (S = 1)',
      [key],
      (v) => ((v & RIGHTS_S) === 0) !== system,
    ),
    segmentRow(name, 'it is present (P = 1)', [key], (v) => (v & RIGHTS_P) === 0),
    segmentRow(name, 'bits 11:8 and 31:17 of the access rights are 0', [key], (v) => (v & RIGHTS_RESERVED) !== 0),
    segmentRow(name, 'G = 1 only if limit bits 11:0 are all 1, G = 0 only if limit bits 31:20 are all 0', [key, limitKey(name)], (v, e) =>
      (v & RIGHTS_G) !== 0 ? (e.get(limit) & 0xfff) !== 0xfff : e.get(limit) >>> 20 !== 0,
    ),
  ];
}

const DATA: readonly Name[] = ['Ds', 'Es', 'Fs', 'Gs'];
const V86: readonly Name[] = ['Cs', 'Ss', 'Ds', 'Es', 'Fs', 'Gs'];

function dataRows(name: Name): readonly Check[] {
  const key = rightsKey(name);
  const selector = slot[selectorKey(name)];
  return [
    segmentRow(name, 'it is marked accessed', [key], (v) => (v & RIGHTS_ACCESSED) === 0),
    segmentRow(name, 'a code segment is readable', [key], (v) => (v & (RIGHTS_CODE | RIGHTS_RW)) === RIGHTS_CODE),
    segmentRow(
      name,
      'DPL is not below RPL, except of a conforming code segment or in an unrestricted guest',
      [key, selectorKey(name)],
      (v, e) => !e.unrestricted && type(v) < 12 && dpl(v) < rpl(e, selector),
    ),
  ];
}

const NON_CONFORMING = [9, 11];
const CONFORMING = [13, 15];
/** A data segment as CS, of a guest on its way from real mode. */
const WRITABLE_DATA = 3;

export const SEGMENT_CHECKS: readonly Check[] = [
  row('Guest TR: the selector refers to the GDT (TI = 0)', ['guestTrSelector'], (e) => (e.get(slot.guestTrSelector) & SELECTOR_TI) !== 0),
  segmentRow(
    'Ldtr',
    'the selector refers to the GDT (TI = 0)',
    ['guestLdtrSelector'],
    (_, e) => (e.get(slot.guestLdtrSelector) & SELECTOR_TI) !== 0,
  ),
  row(
    'Outside virtual-8086 mode and unrestricted guests, RPL of guest SS is RPL of guest CS',
    ['guestSsSelector', 'guestCsSelector'],
    (e) => !e.v86 && !e.unrestricted && rpl(e, slot.guestSsSelector) !== rpl(e, slot.guestCsSelector),
  ),
  ...V86.flatMap(v86Rows),
  segmentRow(
    'Cs',
    'it is an accessed code segment (type 9, 11, 13 or 15), or of an unrestricted guest a writable accessed data segment (type 3)',
    ['guestCsRights'],
    (v, e) => (v & (RIGHTS_CODE | RIGHTS_ACCESSED)) !== (RIGHTS_CODE | RIGHTS_ACCESSED) && !(e.unrestricted && type(v) === WRITABLE_DATA),
  ),
  segmentRow('Ss', 'it is a writable accessed data segment (type 3 or 7)', ['guestSsRights'], (v) => type(v) !== 3 && type(v) !== 7),
  ...DATA.flatMap(dataRows),
  segmentRow(
    'Cs',
    'DPL of a non-conforming code segment is DPL of SS',
    ['guestCsRights', 'guestSsRights'],
    (v, e) => NON_CONFORMING.includes(type(v)) && dpl(v) !== ssDpl(e),
  ),
  segmentRow(
    'Cs',
    'DPL of a conforming code segment is not above DPL of SS',
    ['guestCsRights', 'guestSsRights'],
    (v, e) => CONFORMING.includes(type(v)) && dpl(v) > ssDpl(e),
  ),
  segmentRow('Cs', 'DPL of a data segment is 0', ['guestCsRights'], (v) => type(v) === WRITABLE_DATA && dpl(v) !== 0),
  row(
    'Outside virtual-8086 mode, DPL of guest SS is 0 if CS is a data segment or in real-address mode',
    ['guestSsRights', 'guestCsRights', 'guestCr0'],
    (e) => !e.v86 && ssDpl(e) !== 0 && (type(e.get(slot.guestCsRights)) === WRITABLE_DATA || (e.get(slot.guestCr0) & CR0_PE) === 0),
  ),
  row(
    'Outside virtual-8086 mode and unrestricted guests, DPL of guest SS is its RPL',
    ['guestSsRights', 'guestSsSelector'],
    (e) => !e.v86 && !e.unrestricted && ssDpl(e) !== rpl(e, slot.guestSsSelector),
  ),
  ...V86.flatMap((name) => commonRows(name, false)),
  row('Guest TR is usable', ['guestTrRights'], (e) => !usable(e.get(slot.guestTrRights))),
  segmentRow('Tr', 'it is a busy TSS (type 3 or 11)', ['guestTrRights'], (v) => type(v) !== 3 && type(v) !== 11),
  ...commonRows('Tr', true),
  segmentRow('Ldtr', 'it is an LDT (type 2)', ['guestLdtrRights'], (v) => type(v) !== 2),
  ...commonRows('Ldtr', true),
];
