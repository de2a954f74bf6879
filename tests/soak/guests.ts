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
