/** Where the processor was, and how long: by sums that are kept, against a walk through all its moves. */
import { describe, expect, test } from 'vitest';
import { Session } from '../../src/session/session.ts';
import type { Stage } from '../../src/session/stage.ts';
import { Occupancy } from '../../src/session/view/occupancy.ts';
import { Overview } from '../../src/session/view/overview.ts';
import { Timeline } from '../../src/session/view/timeline.ts';
import type { TimelineSegment } from '../../src/session/views.ts';
import type { EventLog } from '../../src/trace/log.ts';
import { explored, MOVING } from './support/sessions.ts';

const allOf = (occupancy: Occupancy): TimelineSegment[] =>
  Array.from({ length: occupancy.movesBy(Number.POSITIVE_INFINITY) + 1 }, (_, moves) => occupancy.after(moves)).flat();

const spentBy = (stretches: readonly TimelineSegment[], cycle: number, counts: (stretch: TimelineSegment) => boolean): number =>
  stretches.reduce((sum, one) => sum + (counts(one) ? Math.max(0, Math.min(one.toCycle, cycle) - one.fromCycle) : 0), 0);

function followed(stage: Stage): Occupancy {
  const occupancy = new Occupancy(stage);
  occupancy.follow();
  return occupancy;
}

describe.each(MOVING)('%s, %s', (scenario, vmm) => {
  const session = Session.open({ scenario, vmm });
  session.run(400_000);
  const end = session.history.reachedCycle;
  const occupancy = followed(session);
  const stretches = allOf(occupancy);
  const cycles = Array.from({ length: 41 }, (_, k) => (k * end) / 40);

  test('stretches follow each other from power-on to where the run is known to', () => {
    expect(stretches.length).toBeGreaterThan(100);
    expect(stretches[0]).toMatchObject({ from: 0, fromCycle: 0 });
    for (let k = 1; k < stretches.length; k++) {
      expect(stretches[k]!.fromCycle).toBe(stretches[k - 1]!.toCycle);
      expect(stretches[k]!.from).toBe(stretches[k - 1]!.to);
    }
    expect(stretches.at(-1)).toMatchObject({ to: session.history.reached, toCycle: end });
  });

  test('what was spent in each place by a cycle is what a walk sums up', () => {
    for (const cycle of cycles) {
      const spent = occupancy.spentBy(cycle);
      occupancy.places.forEach(({ vm, ring }, place) => {
        const walked = spentBy(stretches, cycle, (one) => one.vm === vm && one.ring === ring);
        expect(spent[place]).toBeCloseTo(walked, 4);
      });
      const { from, to } = stretches.findLast(({ fromCycle }) => fromCycle <= cycle)!;
      expect(occupancy.stepAt(cycle)).toBeGreaterThanOrEqual(from);
      expect(occupancy.stepAt(cycle)).toBeLessThanOrEqual(to);
    }
  });

  test('the whole run in a window has the shares of that walk, slice by slice', () => {
    session.look({ from: 0, to: end });
    const { segments } = session.view().timeline;
    expect(segments.some(({ crossing }) => crossing)).toBe(false);
    for (const cycle of cycles)
      for (const { vm, ring } of occupancy.places) {
        const mine = (one: TimelineSegment) => one.vm === vm && one.ring === ring;
        expect(spentBy(segments, cycle, mine)).toBeCloseTo(spentBy(stretches, cycle, mine), 4);
      }
  });

  test('the overview is the same however often it was asked for while the run grew', () => {
    const grown = Session.open({ scenario, vmm });
    const asked = new Occupancy(grown);
    const overview = new Overview(asked, 320);
    while (grown.n < session.n) {
      grown.run(Math.min(session.n, grown.n + 7_001));
      asked.follow();
      overview.shares(grown.history.reachedCycle);
    }
    const shares = overview.shares(end);
    expect(shares.length).toBeGreaterThan(150);
    expect(shares).toEqual(new Overview(occupancy, 320).shares(end));
    expect(overview.shares(end)).toBe(shares);
    for (const one of shares) expect(one[0] + one[1] + one[2]).toBeCloseTo(1, 9);
  });
});

test('a cycle of a long run costs looks at few of its moves', () => {
  const session = explored({ scenario: 'two-kernels', vmm: 'vtx' });
  let looked = 0;
  const log = new Proxy(session.log, {
    get(target, name) {
      if (name === 'cycleOf') looked++;
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  }) as EventLog;
  const occupancy = followed(Object.create(session, { log: { value: log } }) as Session);
  const moves = occupancy.movesBy(Number.POSITIVE_INFINITY);
  expect(moves).toBeGreaterThan(4_000);
  for (let k = 0; k <= 320; k++) {
    looked = 0;
    occupancy.spentBy((k * session.history.reachedCycle) / 320);
    occupancy.stepAt((k * session.history.reachedCycle) / 320);
    expect(looked).toBeLessThan(Math.log2(moves) + 4);
  }
});

test('what is typed changes the future, and nothing of the forgotten one is left', () => {
  const session = Session.open({ scenario: 'two-kernels', vmm: 'vtx' });
  const timeline = new Timeline(session);
  session.run(300_000);
  timeline.view(null);
  session.seek(100_000);
  session.history.fork(() => {});
  const span = { from: 0, to: session.history.reachedCycle };
  expect(timeline.view(span)).toEqual(new Timeline(session).view(span));
  expect(allOf(followed(session)).at(-1)!.to).toBe(100_000);
});
