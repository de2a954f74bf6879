import type { Numbers } from '../../../figures/numbers.ts';
import { count, hex } from '../../../figures/words.ts';
import { written } from '../../../figures/written.ts';
import { say, told, worded } from '../../../lib/say.ts';
import type { FlagView, RegisterView } from '../../../session/views.ts';

export interface RegisterCell {
  readonly name: string;
  readonly value: string;
  readonly changed: boolean;
  readonly used: boolean;
  /** Each a sentence of what there is to know of it. */
  readonly about: readonly string[];
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
  const name = register.name.toUpperCase();
  return {
    name,
    value: written(register.value, digits, numbers),
    changed: register.changed,
    used: register.used,
    about: about(name, register, digits),
  };
}

/** Those in which programs keep numbers, which may be below 0. */
const NUMBERS_OF_PROGRAMS = new Set(['EAX', 'EBX', 'ECX', 'EDX', 'ESI', 'EDI']);

/** The value in hexadecimal and decimal, what it was, its bits by name, and what the other side has in its place. */
function about(name: string, { value, previous, changed, bits, other }: RegisterView, digits: number): readonly string[] {
  const decimal =
    NUMBERS_OF_PROGRAMS.has(name) && value >= 0x8000_0000 ? say`${count(value)}, or −${count(0x1_0000_0000 - value)}` : count(value);
  return [
    `${name} ${hex(value, digits)} = ${decimal}.`,
    ...(changed ? [say`Before the last step it was ${hex(previous, digits)}.`] : []),
    ...(bits === '' ? [] : [say`Set: ${bits}.`]),
    ...(other === null ? [] : [`${capitalized(other.whose)} ${hex(other.value, digits)}.`]),
  ];
}

const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const FLAG_NAMES: Readonly<Record<string, string>> = {
  CF: worded('carry'),
  PF: worded('parity of the low byte'),
  AF: worded('carry out of bit 3'),
  ZF: worded('zero'),
  SF: worded('sign'),
  TF: worded('single step'),
  IF: worded('interrupts are taken'),
  DF: worded('strings go down'),
  OF: worded('signed overflow'),
};

/** Each flag that is set by what it means, and those that the last step has changed. */
export function flagsAbout(flags: readonly FlagView[]): readonly string[] {
  const set = flags
    .filter((flag) => flag.set)
    .map(({ name }) => `${name.toUpperCase()} ${told(FLAG_NAMES[name.toUpperCase()] ?? '')}`.trim());
  const changed = flags.filter((flag) => flag.changed).map(({ name }) => name.toUpperCase());
  return [
    set.length === 0 ? say`No flags set.` : say`Flags set: ${set.join(', ')}.`,
    ...(changed.length === 0 ? [] : [say`Changed by the last step: ${changed.join(', ')}.`]),
  ];
}

/** Flags as a sentence: only the set ones have a name to read out. */
export function flagsSentence(flags: readonly FlagView[]): string {
  const set = flags.filter((flag) => flag.set).map((flag) => flag.name.toUpperCase());
  return set.length > 0 ? say`Flags set: ${set.join(', ')}` : say`No flags set`;
}
