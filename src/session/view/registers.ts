/** Registers and flags, with what the last step changed. */
import { flags } from '../../cpu/flags.ts';
import { at, type StateName } from '../../cpu/state.ts';
import type { Stage } from '../stage.ts';
import type { FlagView, RegisterView, StreamInstruction } from '../views.ts';

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

const FLAGS: readonly (readonly [string, number])[] = [
  ['CF', 0],
  ['PF', 2],
  ['AF', 4],
  ['ZF', 6],
  ['SF', 7],
  ['TF', 8],
  ['IF', 9],
  ['DF', 10],
  ['OF', 11],
];

/** Values a step later or earlier are compared with. */
export interface RegisterValues {
  readonly n: number;
  readonly values: readonly number[];
  readonly flags: number;
}

export function registerValues(stage: Stage): RegisterValues {
  const { cpu } = stage.machine;
  const virtual = (name: StateName): number => {
    if (cpu.s[at.guest] !== 0 && cpu.virt !== null) {
      if (name === 'cr0') return cpu.virt.visibleCr(cpu, 0, cpu.s[at.cr0]);
      if (name === 'cr4') return cpu.virt.visibleCr(cpu, 4, cpu.s[at.cr4]);
    }
    return cpu.s[at[name]];
  };
  return { n: stage.machine.n, values: SHOWN.map((name) => virtual(name) >>> 0), flags: flags(cpu) };
}

/** @param previous values one step before, when they are known */
export function registersView(
  now: RegisterValues,
  previous: RegisterValues | null,
  current: StreamInstruction | null,
): readonly RegisterView[] {
  const touched = new Set(current?.touches ?? []);
  const before = previous !== null && previous.n === now.n - 1 ? previous : now;
  return SHOWN.map((key, k) => {
    const name = NAMES[key] ?? key.toUpperCase();
    return {
      name,
      value: now.values[k],
      previous: before.values[k],
      changed: now.values[k] !== before.values[k],
      used: touched.has(name.toLowerCase()),
    };
  });
}

export function flagsView(now: RegisterValues, previous: RegisterValues | null): readonly FlagView[] {
  const before = previous !== null && previous.n === now.n - 1 ? previous.flags : now.flags;
  return FLAGS.map(([name, bit]) => ({ name, set: ((now.flags >>> bit) & 1) !== 0, changed: (((now.flags ^ before) >>> bit) & 1) !== 0 }));
}
