/** What comes after the present step, as far as it is certain. */
import type { Standpoint } from '../../trace/recent.ts';
import type { Stage } from '../stage.ts';
import type { Crossing, StreamRow } from '../views.ts';
import { withAccesses } from './accesses.ts';
import { futureCrossings } from './rings.ts';
import { comingSentence } from './sentence.ts';
import { instructionAt, rowsOf } from './stream.ts';
import type { Followed } from './walk.ts';

/** Steps run ahead to show what comes. */
const AHEAD = 16;
/** Steps run ahead to find the next crossings. */
const AHEAD_CROSSINGS = 96;
/** An outer monitor takes longer until it enters an inner one. */
const AHEAD_OF_TWO = 640;

export interface Ahead {
  readonly rows: readonly StreamRow[];
  readonly crossings: readonly Crossing[];
  /** The row of the log that the very next step makes, as a sentence. */
  readonly coming: string;
  /** The memory that the very next step uses. */
  readonly accesses: readonly Followed[];
}

/** Where nothing comes, or nobody asks. */
export const NOTHING_AHEAD: Ahead = { rows: [], crossings: [], coming: '', accesses: [] };

/** The next steps, taken and taken back. */
export function aheadOf(stage: Stage, here: Standpoint): Ahead {
  const { machine, log, history, inner } = stage;
  const firstRow = log.firstAt(machine.n + 1);
  const { result, accesses } = withAccesses(stage, here, () =>
    history.ahead(AHEAD + 2, inner > 0 ? AHEAD_OF_TWO : AHEAD_CROSSINGS, (steps, after) => {
      const end = log.firstAt(machine.n + 1);
      const shown = steps.slice(1, AHEAD + 1);
      const rows: StreamRow[] = [];
      const firstEvents = rowsOf(stage, steps.slice(0, 1), steps[1] ?? after, true).filter((row) => row.kind === 'event');
      rows.push(...firstEvents, ...rowsOf(stage, shown, steps[AHEAD + 1] ?? after, true));
      let coming = '';
      const current = instructionAt(stage, here);
      for (let row = firstRow; row < end && log.stepOf(row) === here.n + 1 && current !== null; row++) {
        coming = comingSentence(stage, row, current, here) || coming;
      }
      return { rows: rows.slice(0, AHEAD), crossings: futureCrossings(stage, firstRow, end), coming };
    }),
  );
  return { ...result, accesses };
}
