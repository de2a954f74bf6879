/** The run along its cycles. */
import type { Ring } from './who.ts';

/** A stretch of the run in one place. */
export interface TimelineSegment {
  readonly vm: number;
  readonly ring: Ring;
  /** Steps [from, to). */
  readonly from: number;
  readonly to: number;
  readonly fromCycle: number;
  readonly toCycle: number;
  /** The processor was only changing sides. */
  readonly crossing: boolean;
}

export interface TimelineTick {
  readonly n: number;
  readonly cycle: number;
  readonly code: number;
  readonly codeText: string;
  readonly vm: number;
}

export interface TimelineView {
  /** Lanes from top to bottom. */
  readonly lanes: readonly { readonly vm: number; readonly ring: Ring; readonly label: string }[];
  /** Window around the cursor, in cycles. */
  readonly window: { readonly from: number; readonly to: number };
  readonly segments: readonly TimelineSegment[];
  readonly ticks: readonly TimelineTick[];
  /** Share of cycles for each ring in equal slices of the whole run so far: [ring 3, ring 0 (and 1, 2), ring -1]. */
  readonly overview: readonly (readonly [number, number, number])[];
  /** Last step and cycle ever reached on this branch. */
  readonly reached: number;
  readonly reachedCycle: number;
}
