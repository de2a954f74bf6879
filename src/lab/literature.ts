/**
 * The published list that the lab's findings are held against, and nothing else: J. S. Robin and C. E. Irvine, "Analysis of the Intel Pentium's Ability to
 * Support a Secure Virtual Machine Monitor", USENIX Security 2000. The instructions of the Pentium that are sensitive and not privileged.
 */
import { worded } from '../lib/say.ts';

export interface Listed {
  /** As the paper names it. */
  readonly name: string;
  /** The opcodes that the manual has under this name, with the operands the paper means. */
  readonly encodings: readonly string[];
  /** The requirement it breaks, by the paper's count. */
  readonly breaks: '3B' | '3C';
}

export const ROBIN_IRVINE: readonly Listed[] = [
  { name: 'SGDT', encodings: ['0F 01 /0'], breaks: '3B' },
  { name: 'SIDT', encodings: ['0F 01 /1'], breaks: '3B' },
  { name: 'SLDT', encodings: ['0F 00 /0'], breaks: '3B' },
  { name: 'SMSW', encodings: ['0F 01 /4'], breaks: '3B' },
  { name: 'PUSHF', encodings: ['9C'], breaks: '3B' },
  { name: 'POPF', encodings: ['9D'], breaks: '3B' },
  { name: 'LAR', encodings: ['0F 02'], breaks: '3C' },
  { name: 'LSL', encodings: ['0F 03'], breaks: '3C' },
  { name: 'VERR', encodings: ['0F 00 /4'], breaks: '3C' },
  { name: 'VERW', encodings: ['0F 00 /5'], breaks: '3C' },
  { name: 'POP', encodings: ['07', '1F', '17', '0F A1', '0F A9'], breaks: '3C' },
  { name: 'PUSH', encodings: ['06', '0E', '16', '1E', '0F A0', '0F A8'], breaks: '3C' },
  { name: 'CALL', encodings: ['9A', 'FF /3'], breaks: '3C' },
  { name: 'JMP', encodings: ['EA', 'FF /5'], breaks: '3C' },
  { name: 'INT n', encodings: ['CD', 'CC', 'CE'], breaks: '3C' },
  { name: 'RET', encodings: ['CA', 'CB'], breaks: '3C' },
  { name: 'STR', encodings: ['0F 00 /1'], breaks: '3C' },
  { name: 'MOV', encodings: ['8C', '8E'], breaks: '3C' },
];

/** By the paper's own count. */
export const PUBLISHED_COUNT = 17;

/** Why the lab finds what the list does not have, or only under a condition. */
export interface Explanation {
  readonly encodings: readonly string[];
  readonly why: string;
}

export const EXPLANATIONS: readonly Explanation[] = [
  {
    encodings: ['CF'],
    why: worded(
      'IRET is the POPF of a kernel: with CPL above IOPL it keeps IF as it is, without a trap. It is of the family of INT n and POPF, and not on the list.',
    ),
  },
  {
    encodings: ['C4', 'C5', '0F B2', '0F B4', '0F B5'],
    why: worded('LDS and its kin load a segment register from the descriptor tables as MOV and POP do, which the list has.'),
  },
  {
    encodings: ['0F A2'],
    why: worded(
      'CPUID names the real processor in every ring. No register holds what it says, so a list of what reads registers passes it over; a monitor that wants to show another processor cannot.',
    ),
  },
  {
    encodings: ['0F 34'],
    why: worded('SYSENTER enters ring 0 by way of MSRs. The Pentium of the paper does not have it.'),
  },
  {
    encodings: ['F1'],
    why: worded('INT1 is an INT n of one byte. The manuals of the time do not have it.'),
  },
  {
    encodings: ['0F 31', '0F 01 F9'],
    why: worded(
      'RDTSC traps in ring 3 only while CR4.TSD is 1, and so does RDTSCP. A monitor that sets it makes them privileged; one that does not shows the real time.',
    ),
  },
  {
    encodings: ['0F 33'],
    why: worded('RDPMC traps in ring 3 only while CR4.PCE is 0, which is how a processor starts.'),
  },
];

export const listedAs = (encoding: string): Listed | undefined => ROBIN_IRVINE.find(({ encodings }) => encodings.includes(encoding));

export const explanationOf = (encoding: string): Explanation | undefined =>
  EXPLANATIONS.find(({ encodings }) => encodings.includes(encoding));
