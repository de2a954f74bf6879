/** What a soak needs of a kind of guest, and the kind that is none. */
import type { Cpu } from '../../src/cpu/cpu.ts';
import type { Profile } from '../../src/cpu/profiles.ts';
import type { Random } from '../support/random.ts';
import { type Mode, scramble } from './states.ts';

export const KINDS = ['none', 'vmx', 'svm'] as const;
export type Kind = (typeof KINDS)[number];

/** How a machine comes to random instructions, and goes on when a guest has been left. */
export interface Ground {
  /** Processors of this kind that can be in the mode. */
  profiles(mode: Mode): readonly Profile[];
  /** Puts the processor in front of random instructions in this mode. */
  begin(cpu: Cpu, random: Random, mode: Mode): void;
  /**
   * After an exit: plays the monitor and enters again. Returns what must not be, or empty; `null` when nothing more can come of it.
   */
  resume(cpu: Cpu, random: Random, mode: Mode): string | null;
}

export const bare = (profiles: readonly Profile[]): Ground => ({
  profiles: () => profiles,
  begin: scramble,
  resume: () => null,
});

/* A page-directory-pointer entry, SDM vol 3, 4.4.1: bits 2:1, 8:5 and those beyond the physical-address width are reserved. */
const RESERVED_IN_POINTER = 0x1e6;

/**
 * Whether a guest has made an entry of its page-directory-pointer table, in memory, one that may not be loaded. The processor goes on with those it has
 * loaded; an entry into the guest loads them anew, and refuses (SDM vol 3, 26.3.1.6; APM vol 2, 15.5.1).
 */
export function hasSpoiledPointers({ memory }: Cpu, cr3: number): boolean {
  const first = (cr3 & ~0x1f) >>> 2;
  return [0, 1, 2, 3].some((k) => {
    const low = memory.dwords[first + 2 * k];
    return (low & 1) !== 0 && ((low & RESERVED_IN_POINTER) !== 0 || memory.dwords[first + 2 * k + 1] >>> 4 !== 0);
  });
}
