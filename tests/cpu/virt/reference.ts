/** The tables of ../shared/reference, where they are at hand, and what a profile offers by its capability MSRs alone. */
import { existsSync, readFileSync } from 'node:fs';
import { PROFILES, type Profile } from '../../../src/cpu/profiles.ts';
import type { FieldKey } from '../../../src/cpu/virt/vmx/fields.ts';

const folder = new URL('../../../../shared/reference/', import.meta.url);
export const referenceIsHere = existsSync(folder);
export const ABSENT = '../shared/reference is not here: skipped';

export const text = (name: string): string => readFileSync(new URL(name, folder), 'utf8');
export const table = <T>(name: string): T => JSON.parse(text(name)) as T;

export interface ReferenceControl {
  readonly bit: number;
  readonly name: string;
  readonly default1: boolean;
}

const SECTIONS = {
  pinControls: 'pinBased',
  primaryControls: 'primaryProcessorBased',
  secondaryControls: 'secondaryProcessorBased',
  exitControls: 'vmExit',
  entryControls: 'vmEntry',
} as const;

export type ControlKey = keyof typeof SECTIONS & FieldKey;
export const CONTROL_KEYS = Object.keys(SECTIONS) as ControlKey[];

/** The controls that have a name, by the field they are in. */
export function referenceControls(): Readonly<Record<ControlKey, readonly ReferenceControl[]>> {
  const whole = table<Record<string, { controls: readonly ReferenceControl[] }>>('vmx-controls.json');
  const named = (key: ControlKey) => whole[SECTIONS[key]].controls.filter(({ name }) => name !== '(reserved)');
  return Object.fromEntries(CONTROL_KEYS.map((key) => [key, named(key)])) as Record<ControlKey, ReferenceControl[]>;
}

export const VMX_PROFILES = PROFILES.filter(({ features }) => features.has('vmx'));

const PLAIN: Readonly<Record<ControlKey, number>> = {
  pinControls: 0x481,
  primaryControls: 0x482,
  secondaryControls: 0x48b,
  exitControls: 0x483,
  entryControls: 0x484,
};
const TRUE_MSRS = 1 << 23;

/** Bits that must be 1, and bits that may be: the TRUE capability MSRs where there are any. */
export function allowed(profile: Profile, key: ControlKey): { readonly must: number; readonly may: number } {
  const hasTrue = (profile.constantMsrs.get(0x480)![1] & TRUE_MSRS) !== 0 && key !== 'secondaryControls';
  const [must, may] = profile.constantMsrs.get(PLAIN[key] + (hasTrue ? 12 : 0)) ?? [0, 0];
  return { must, may };
}
