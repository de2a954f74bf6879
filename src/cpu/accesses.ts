/** Data accesses told to somebody as the processor makes them, found without a hook in the quick ways: while somebody listens there are none. */
import type { Cpu } from './cpu.ts';
import { deriveSegments } from './segments.ts';

/** Whatever it is told of, nothing has been changed by the access yet. */
export interface AccessWatch {
  /**
   * An address is formed in a segment, and not checked yet. What the processor reads and writes of its own, in tables and for gates, has none.
   *
   * @param segment number of the segment register
   */
  addressed(segment: number, offset: number, write: boolean): void;
  /**
   * It, or the second page that it reaches into, is to be translated.
   *
   * @param user it counts as a user access
   * @param hit the TLB answers, and no entry is read
   */
  translates(linear: number, write: boolean, user: boolean, hit: boolean): void;
  /** That was allowed. */
  translated(physical: number): void;
}

/** Sets who is told of data accesses; null for nobody. No future changes by it. */
export function watchAccesses(cpu: Cpu, watch: AccessWatch | null): void {
  cpu.accessWatch = watch;
  cpu.translation.drop();
  deriveSegments(cpu);
}
