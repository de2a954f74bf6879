/** Registers and flags, with what the last step changed. */
import { at, type StateName } from '../../cpu/state.ts';
import type { Standpoint } from '../../trace/recent.ts';
import type { FlagView, RegisterView, StreamInstruction } from '../views.ts';
import { MAIN_FLAGS } from './bit-names.ts';

const SHOWN: readonly StateName[] = [
  'eax',
  'ebx',
  'ecx',
  'edx',
  'esi',
  'edi',
  'ebp',
  'esp',
  'eip',
  'cr0',
  'cr2',
  'cr3',
  'cr4',
  'csSelector',
  'ssSelector',
  'dsSelector',
];
const NAMES: Readonly<Record<string, string>> = { csSelector: 'CS', ssSelector: 'SS', dsSelector: 'DS' };

/** @param before the step that led here; null at the start */
export function registersView(here: Standpoint, before: Standpoint | null, current: StreamInstruction | null): readonly RegisterView[] {
  const touched = new Set(current?.touches ?? []);
  const now = here.state;
  const then = before?.state ?? now;
  return SHOWN.map((key) => {
    const name = NAMES[key] ?? key.toUpperCase();
    const [value, previous] = [now[at[key]] >>> 0, then[at[key]] >>> 0];
    return { name, value, previous, changed: value !== previous, used: touched.has(name.toLowerCase()) };
  });
}

export function flagsView(here: Standpoint, before: Standpoint | null): readonly FlagView[] {
  const now = here.state[at.eflags];
  const changed = before === null ? 0 : now ^ before.state[at.eflags];
  return MAIN_FLAGS.map(([name, mask]) => ({ name, set: (now & mask) !== 0, changed: (changed & mask) !== 0 }));
}
