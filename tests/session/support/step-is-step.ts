import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type OpenOptions, Session } from '../../../src/session/session.ts';
import type { StageView, TimelineView } from '../../../src/session/views.ts';
import { explored } from './sessions.ts';

const SEED = 20_061_113;
const TIMEOUT = 120_000;
/** All but the timeline, which also shows how far the run has gone. */
const stage = ({ timeline: _, ...rest }: StageView) => rest;

/** What has to hold for a drawing of the timeline to be true. */
function checkTimeline({ segments, window, reached, reachedCycle, overview, ticks }: TimelineView): void {
  for (const [k, segment] of segments.entries()) {
    expect(segment.toCycle).toBeGreaterThanOrEqual(segment.fromCycle);
    expect(segment.to).toBeGreaterThanOrEqual(segment.from);
    if (k > 0) expect([segment.fromCycle, segment.from]).toEqual([segments[k - 1].toCycle, segments[k - 1].to]);
    if (segment.crossing) expect(segment.ring).toBe('m');
  }
  const end = segments.at(-1);
  if (end !== undefined) {
    expect(segments[0].fromCycle).toBeLessThanOrEqual(window.from);
    expect(end.toCycle).toBeGreaterThanOrEqual(Math.min(window.to, reachedCycle));
    expect(end.to).toBeLessThanOrEqual(reached);
  }
  const starts = new Set(segments.filter(({ crossing }) => crossing).map(({ fromCycle }) => fromCycle));
  if (starts.size > 0) for (const tick of ticks) if (tick.cycle >= segments[0].fromCycle) expect(starts).toContain(tick.cycle);
  expect(segments.length + ticks.length).toBeLessThan(3000);
  for (const [user, kernel, monitor] of overview) expect(user + kernel + monitor).toBeCloseTo(1, 9);
}

/** What has to hold wherever a reader goes in a scenario. */
export function stepIsStep(options: OpenOptions, runs: number): void {
  test(
    'a view depends on the step and on nothing a reader did before',
    () => {
      const one = explored(options);
      const last = one.history.reached;
      fc.assert(
        fc.property(fc.array(fc.nat(last), { minLength: 1, maxLength: 4 }), fc.nat(last), fc.nat(60), (way, n, steps) => {
          const other = Session.open(options);
          for (const stop of way) other.run(stop);
          other.seek(n);
          if (steps % 2 === 0) other.view();
          other.step(steps);
          one.seek(Math.floor((n + last) / 2));
          one.view();
          one.seek(other.n);
          expect(stage(other.view())).toEqual(stage(one.view()));
          expect(stage(other.view())).toEqual(stage(one.view()));
          checkTimeline(other.view().timeline);
          other.run(last);
          other.seek(one.n);
          expect(other.view()).toEqual(one.view());
        }),
        { numRuns: runs, seed: SEED },
      );
    },
    TIMEOUT,
  );

  test(
    'looking changes nothing',
    () => {
      const session = explored(options);
      session.seek(Math.floor(session.history.reached / 2));
      const before = [session.machine.hash(), session.log.length, session.history.checkpoints, session.history.reached];
      session.view();
      session.view(true);
      expect([session.machine.hash(), session.log.length, session.history.checkpoints, session.history.reached]).toEqual(before);
    },
    TIMEOUT,
  );

  test(
    'the timeline covers its window without gaps or overlaps',
    () => {
      const session = explored(options);
      const { reached, reachedCycle } = session.history;
      fc.assert(
        fc.property(
          fc.nat(reached),
          fc.option(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }))),
          (n, part) => {
            session.seek(n);
            const [a, b] = part === null ? [0, 0] : [Math.min(...part) * reachedCycle, Math.max(...part) * reachedCycle + 1];
            session.look(part === null ? null : { from: a, to: b });
            checkTimeline(session.view(true).timeline);
          },
        ),
        { numRuns: 5 * runs, seed: SEED },
      );
      session.look({ from: 0, to: 40_000 });
      const { segments } = session.view().timeline;
      expect([segments[0].from, segments[0].fromCycle]).toEqual([0, 0]);
    },
    TIMEOUT,
  );
}
