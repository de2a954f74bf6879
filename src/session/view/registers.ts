/** Registers and flags, with what the last step changed. */
import { at, type StateName } from '../../cpu/state.ts';
import { say } from '../../lib/say.ts';
import type { Standpoint } from '../../trace/recent.ts';
import type { Stage } from '../stage.ts';
import type { FlagView, RegisterView, StreamInstruction } from '../views.ts';
import { bitNames, CR0_BITS, CR4_BITS, MAIN_FLAGS, type NamedBits } from './bit-names.ts';

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

const BITS: Readonly<Record<string, NamedBits>> = { CR0: CR0_BITS, CR4: CR4_BITS };

/** @param before the step that led here; null at the start */
export function registersView(
  stage: Stage,
  here: Standpoint,
  before: Standpoint | null,
  current: StreamInstruction | null,
): readonly RegisterView[] {
  const touched = new Set(current?.touches ?? []);
  const now = here.state;
  const then = before?.state ?? now;
  return SHOWN.map((key) => {
    const name = NAMES[key] ?? key.toUpperCase();
    const [value, previous] = [now[at[key]] >>> 0, then[at[key]] >>> 0];
    return {
      name,
      value,
      previous,
      changed: value !== previous,
      used: touched.has(name.toLowerCase()),
      bits: bitNames(BITS[name] ?? [], value),
      other: otherSide(stage, here, key, value),
    };
  });
}

/** CR0 and CR4 are shown as the code that runs reads them; CR3 as the processor walks it, which a guest under shadow tables does not know. */
function otherSide({ machine, images }: Stage, { vm }: Standpoint, key: StateName, value: number): RegisterView['other'] {
  const { s } = machine.cpu;
  if (key === 'cr0' || key === 'cr4') {
    const real = s[at[key]] >>> 0;
    return real === value ? null : { whose: say`the processor has`, value: real };
  }
  if (key !== 'cr3' || vm === 0 || s[at.nestedFormat] !== 0 || images.direct) return null;
  const guests = images.guestCr3(vm);
  return guests === null || guests >>> 0 === value ? null : { whose: say`VM ${vm} reads`, value: guests >>> 0 };
}

export function flagsView(here: Standpoint, before: Standpoint | null): readonly FlagView[] {
  const now = here.state[at.eflags];
  const changed = before === null ? 0 : now ^ before.state[at.eflags];
  return MAIN_FLAGS.map(([name, mask]) => ({ name, set: (now & mask) !== 0, changed: (changed & mask) !== 0 }));
}
