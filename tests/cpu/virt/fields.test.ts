import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { DEFAULT_PROFILE } from '../../../src/cpu/profiles.ts';
import { capabilities } from '../../../src/cpu/virt/vmx/capabilities.ts';
import { CONTROLS } from '../../../src/cpu/virt/vmx/controls.ts';
import { FIELDS, fieldOfEncoding, slot } from '../../../src/cpu/virt/vmx/fields.ts';

const WIDTHS = ['16', '64', '32', 'natural'];
const GROUPS = ['control', 'exit-info', 'guest', 'host'];
const reference = new URL('../../../../shared/reference/', import.meta.url);
const hasReference = existsSync(reference);

interface ReferenceField {
  readonly encoding: string;
  readonly name: string;
  readonly width: string;
  readonly group: string;
  readonly inSuggestedModel: boolean;
}

/** PLE_Gap and PLE_Window. */
const PAUSE_LOOP = [0x4020, 0x4022];

type ReferenceControls = Record<string, { readonly controls: readonly { readonly bit: number; readonly name: string }[] }>;

function table<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(name, reference), 'utf8'));
}

test('each encoding says its own width and group', () => {
  for (const field of FIELDS) {
    expect([field.name, WIDTHS[(field.encoding >>> 13) & 3], GROUPS[(field.encoding >>> 10) & 3]]).toEqual([
      field.name,
      field.width,
      field.group,
    ]);
    expect(field.encoding & 0xffff9001).toBe(0);
  }
});

test('encodings, keys and places are each used once, and all lie in the region', () => {
  for (const key of ['encoding', 'key', 'slot'] as const) expect(new Set(FIELDS.map((field) => field[key])).size).toBe(FIELDS.length);
  const last = FIELDS[FIELDS.length - 1];
  expect(Math.max(...Object.values(slot))).toBe(last.slot);
  expect(4 * (last.slot + 2)).toBeLessThanOrEqual(4096);
});

test('bit 0 of an encoding is the high half of a 64-bit field, and of no other', () => {
  expect(fieldOfEncoding(0x2801)?.key).toBe('linkPointer');
  expect(fieldOfEncoding(0x4001)).toBeUndefined();
  expect(fieldOfEncoding(0x5555)).toBeUndefined();
});

test('fields of features that a processor lacks do not exist there', () => {
  const { component } = capabilities(DEFAULT_PROFILE);
  for (const encoding of [0x0000, 0x201a, 0x2400, 0x401c, 0x401e, 0x482e, 0x2804, 0x2c00, 0x2012])
    expect(component(encoding)).toBeUndefined();
  for (const encoding of [0x2004, 0x2005, 0x4000, 0x6c16, 0x2010, 0x440e]) expect(component(encoding)).toBeDefined();
});

test.skipIf(!hasReference)('the table is the reference', () => {
  const { fields } = table<{ fields: readonly ReferenceField[] }>('vmcs-fields.json');
  const wanted = fields.filter((field) => field.inSuggestedModel || PAUSE_LOOP.includes(Number(field.encoding)));
  expect(FIELDS.length).toBe(wanted.length);
  const ours = new Map(FIELDS.map((field) => [field.encoding, field]));
  for (const field of wanted) {
    const { name, width, group } = ours.get(Number(field.encoding))!;
    expect([name, width, group]).toEqual([field.name, field.width, field.group]);
  }
});

test.skipIf(!hasReference)('control names and bits are the reference', () => {
  const controls = table<ReferenceControls>('vmx-controls.json');
  for (const [key, section] of [
    ['pinControls', 'pinBased'],
    ['primaryControls', 'primaryProcessorBased'],
    ['secondaryControls', 'secondaryProcessorBased'],
    ['exitControls', 'vmExit'],
    ['entryControls', 'vmEntry'],
  ] as const) {
    const named = new Map<string, number>(controls[section].controls.map((control) => [control.name, control.bit]));
    for (const { name, mask } of CONTROLS[key]!) expect([name, mask]).toEqual([name, 1 << named.get(name)!]);
  }
});
