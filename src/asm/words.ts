/** The words with a meaning of their own: registers, sizes, prefixes. */
import {
  BYTE_REGISTERS,
  CONTROL_REGISTERS,
  DEBUG_REGISTERS,
  DWORD_REGISTERS,
  SEGMENT_REGISTERS,
  STACK_REGISTERS,
  WORD_REGISTERS,
} from '../isa/registers.ts';

export type RegisterClass = 'r8' | 'r16' | 'r32' | 'seg' | 'cr' | 'dr' | 'st';

export interface Register {
  readonly name: string;
  readonly class: RegisterClass;
  /** As the encodings number it. */
  readonly number: number;
  readonly bits: number;
  /** Its place among all registers by name: the order in which an effective address lists them. */
  readonly order: number;
}

const CLASSES: readonly (readonly [RegisterClass, readonly string[], number])[] = [
  ['r8', BYTE_REGISTERS, 8],
  ['r16', WORD_REGISTERS, 16],
  ['r32', DWORD_REGISTERS, 32],
  ['seg', SEGMENT_REGISTERS, 16],
  ['cr', CONTROL_REGISTERS, 32],
  ['dr', DEBUG_REGISTERS, 32],
  ['st', STACK_REGISTERS, 80],
];

/** By order. */
export const REGISTERS: readonly Register[] = CLASSES.flatMap(([kind, names, bits]) =>
  names.map((name, number) => ({ name, class: kind, number, bits })),
)
  .sort((a, b) => (a.name < b.name ? -1 : 1))
  .map((register, order) => ({ ...register, order }));

const BY_NAME: ReadonlyMap<string, Register> = new Map(REGISTERS.map((register) => [register.name, register]));

export function register(name: string): Register | undefined {
  return BY_NAME.get(name.toLowerCase());
}

/** Bits that a size keyword stands for. */
export const SIZES: ReadonlyMap<string, number> = new Map([
  ['byte', 8],
  ['word', 16],
  ['dword', 32],
  ['long', 32],
  ['qword', 64],
  ['tword', 80],
  ['oword', 128],
]);

export const DISTANCES: ReadonlySet<string> = new Set(['short', 'near', 'far', 'strict', 'to']);

export type PrefixSlot = 'wait' | 'rep' | 'lock' | 'seg' | 'osize' | 'asize';

/** Where an instruction prefix goes; NASM writes them in the order of the slots. */
export const PREFIXES: ReadonlyMap<string, PrefixSlot> = new Map<string, PrefixSlot>([
  ['wait', 'wait'],
  ['fwait', 'wait'],
  ['rep', 'rep'],
  ['repe', 'rep'],
  ['repz', 'rep'],
  ['repne', 'rep'],
  ['repnz', 'rep'],
  ['lock', 'lock'],
  ['o16', 'osize'],
  ['o32', 'osize'],
  ['a16', 'asize'],
  ['a32', 'asize'],
]);

/** Words that cannot be a symbol unless written with `$`. */
export function isReserved(name: string): boolean {
  const low = name.toLowerCase();
  return SIZES.has(low) || DISTANCES.has(low) || PREFIXES.has(low) || low === 'times' || low === 'seg' || low === 'wrt';
}
