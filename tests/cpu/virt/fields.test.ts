import { expect, test } from 'vitest';
import { DEFAULT_PROFILE, type Profile } from '../../../src/cpu/profiles.ts';
import { at } from '../../../src/cpu/state.ts';
import { capabilities } from '../../../src/cpu/virt/vmx/capabilities.ts';
import { FIELDS, fieldOfEncoding, slot } from '../../../src/cpu/virt/vmx/fields.ts';
import { allowed, CONTROL_KEYS, referenceControls, referenceIsHere, table, VMX_PROFILES } from './reference.ts';
import { RootOperation } from './root-operation.ts';

const WIDTHS = ['16', '64', '32', 'natural'];
const GROUPS = ['control', 'exit-info', 'guest', 'host'];
/** A VMread of it that succeeds leaves it; one that fails writes it. */
const VM_INSTRUCTION_ERROR = 0x4400;

interface ReferenceField {
  readonly encoding: string;
  readonly name: string;
  readonly width: string;
  readonly group: string;
  readonly inSuggestedModel: boolean;
  readonly existsIf?: string;
}

/** PLE_Gap and PLE_Window. */
const PAUSE_LOOP = [0x4020, 0x4022];

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

test.skipIf(!referenceIsHere)('the table is the reference', () => {
  const { fields } = table<{ fields: readonly ReferenceField[] }>('vmcs-fields.json');
  const wanted = fields.filter((field) => field.inSuggestedModel || PAUSE_LOOP.includes(Number(field.encoding)));
  expect(FIELDS.length).toBe(wanted.length);
  const ours = new Map(FIELDS.map((field) => [field.encoding, field]));
  for (const field of wanted) {
    const { name, width, group } = ours.get(Number(field.encoding))!;
    expect([name, width, group]).toEqual([field.name, field.width, field.group]);
  }
});

/** By the controls that a field belongs to, as the reference names them, and the capability MSRs alone. */
function existsOn(profile: Profile, { inSuggestedModel, existsIf }: ReferenceField): boolean {
  if (existsIf === undefined) return inSuggestedModel;
  const controls = referenceControls();
  return [...existsIf.matchAll(/(VM-entry|VM-exit)? ?"([^"]+)"/g)].some(([, when, name]) => {
    const keys = when === 'VM-entry' ? (['entryControls'] as const) : when === 'VM-exit' ? (['exitControls'] as const) : CONTROL_KEYS;
    return keys.some((key) =>
      controls[key].some(
        (control) => control.name.toLowerCase() === name.toLowerCase() && ((allowed(profile, key).may >>> control.bit) & 1) !== 0,
      ),
    );
  });
}

test.skipIf(!referenceIsHere).each(VMX_PROFILES)(
  'each field of the reference can be read and written on $name, or is VMfail(12)',
  (profile) => {
    const { fields } = table<{ fields: readonly ReferenceField[] }>('vmcs-fields.json');
    const vm = new RootOperation(profile);
    const { s } = vm.cpu;
    const access = (key: 'vmread' | 'vmwrite', encoding: number): number => {
      s[at.ebx] = encoding;
      s[at.edx] = -1;
      const { kind, number } = vm.execute(key, (insn) => {
        insn.reg = at.ebx;
        insn.rm = at.edx;
      });
      return kind === 'valid' ? number : 0;
    };
    const writesExitInfo = (profile.constantMsrs.get(0x485)![0] & (1 << 29)) !== 0;
    for (const field of fields)
      for (const encoding of field.width === '64' ? [Number(field.encoding), Number(field.encoding) | 1] : [Number(field.encoding)]) {
        const exists = existsOn(profile, field);
        const written = !exists ? 12 : field.group === 'exit-info' && !writesExitInfo ? 13 : 0;
        expect([field.name, access('vmread', encoding), access('vmwrite', encoding)]).toEqual([field.name, exists ? 0 : 12, written]);
        if (written !== 0) continue;
        access('vmread', encoding);
        const value = s[at.edx] >>> 0;
        if (encoding !== VM_INSTRUCTION_ERROR)
          expect([field.name, value]).toEqual([field.name, field.width === '16' ? 0xffff : 0xffffffff]);
      }
  },
);
