/** Events of a run that one can go to. */
import { Kind } from '../trace/log.ts';
import type { Session } from './session.ts';
import { isHypercall } from './view/hypercall.ts';

/** Steps between two looks at what has happened. */
export const STRIDE = 4096;

/** Whether a row of the log is what `Run to next exit` stops at. */
export function isMilestone(session: Session, row: number): boolean {
  const { log, compressed, bare } = session;
  const kind = log.kindOf(row);
  if (kind === Kind.VMEXIT || kind === Kind.ENTRY_FAILED) return !compressed;
  const alone = compressed || (bare && log.vmOf(row) === 0);
  const called = kind === Kind.TRANSFER && isHypercall(session, log.valueOf(row, 2));
  return alone && (called || kind === Kind.INTERRUPT || kind === Kind.EXCEPTION);
}

/** Runs on until `count` rows behind the present step satisfy `wanted`. Yields -1 while looking, then the step count behind the last one. */
export function* findRows(session: Session, wanted: (row: number) => boolean, count: number): Generator<number, void> {
  const { log, history } = session;
  let row = log.firstAt(session.n + 1);
  let left = count;
  for (;;) {
    for (; row < log.length; row++) {
      if (wanted(row) && --left === 0) {
        yield log.stepOf(row);
        return;
      }
    }
    if (session.ended) return;
    history.fast(Math.max(session.n, log.upTo) + STRIDE);
    yield -1;
  }
}
