import type { Numbers } from '../../../figures/numbers.ts';
import { count, hex } from '../../../figures/words.ts';
import { written } from '../../../figures/written.ts';
import { say } from '../../../lib/say.ts';
import type { FlagView, RegisterView } from '../../../session/views.ts';

export interface RegisterCell {
  readonly name: string;
  readonly value: string;
  readonly changed: boolean;
  readonly used: boolean;
  readonly title: string;
}

const FIRST = ['EAX', 'EBX', 'ECX', 'EDX', 'ESI', 'EDI', 'EBP', 'ESP', 'EIP', 'CR0', 'CR3', 'CR4'];
const SELECTORS = new Set(['CS', 'SS', 'DS', 'ES', 'FS', 'GS', 'TR', 'LDTR']);

/** Registers in the order they are read, the ones that matter to every step first. */
export function registerCells(
  registers: readonly RegisterView[],
  all: boolean,
  numbers: Numbers = 'hex',
): { readonly cells: readonly RegisterCell[]; readonly hidden: number } {
  const rank = (name: string) => {
    const i = FIRST.indexOf(name.toUpperCase());
    return i < 0 ? FIRST.length : i;
  };
  const sorted = registers.map((r, i) => ({ r, i })).sort((a, b) => rank(a.r.name) - rank(b.r.name) || a.i - b.i);
  const shown = all ? sorted : sorted.filter(({ r }) => rank(r.name) < FIRST.length);
  return { cells: shown.map(({ r }) => cell(r, numbers)), hidden: sorted.length - shown.length };
}

function cell(register: RegisterView, numbers: Numbers): RegisterCell {
  const digits = SELECTORS.has(register.name.toUpperCase()) ? 4 : 8;
  const value = hex(register.value, digits);
  const name = register.name.toUpperCase();
  const decimal = count(register.value >>> 0);
  return {
    name,
    value: written(register.value, digits, numbers),
    changed: register.changed,
    used: register.used,
    title: register.changed ? say`${name} ${value} = ${decimal}, was ${hex(register.previous, digits)}` : `${name} ${value} = ${decimal}`,
  };
}

/** Flags as a sentence: only the set ones have a name to read out. */
export function flagsSentence(flags: readonly FlagView[]): string {
  const set = flags.filter((flag) => flag.set).map((flag) => flag.name.toUpperCase());
  return set.length > 0 ? say`Flags set: ${set.join(', ')}` : say`No flags set`;
}
