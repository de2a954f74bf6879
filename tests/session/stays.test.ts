/** Who was where, from when to when: by sums that are kept, against a walk through all that happened. */
import { describe, expect, test } from 'vitest';
import { Session } from '../../src/session/session.ts';
import { Occupancy } from '../../src/session/view/occupancy.ts';
import type { Ring, TimelineSegment } from '../../src/session/views.ts';
import type { EventLog } from '../../src/trace/log.ts';
import { explored, MOVING } from './support/sessions.ts';

interface Walked {
  vm: number;
  ring: Ring;
  from: number;
  to: number;
}

/** All stretches of the run, those in one place joined. */
function walk(session: Session): Walked[] {
  const occupancy = new Occupancy(session);
  occupancy.follow();
  const moves = occupancy.movesBy(Number.POSITIVE_INFINITY);
  const stretches: TimelineSegment[] = Array.from({ length: moves + 1 }, (_, k) => occupancy.after(k)[0]!);
  const stays: Walked[] = [];
  for (const { vm, ring, from, to } of stretches) {
    const last = stays.at(-1);
    if (last && last.vm === vm && (last.ring === ring || vm === 0)) last.to = to;
    else stays.push({ vm, ring, from, to });
  }
  return stays.filter(({ from, to }) => to > from);
}

describe.each(MOVING)('%s, %s', (scenario, vmm) => {
  const session = Session.open({ scenario, vmm });
  session.run(200_000);
  const reached = session.history.reached;
  const all = walk(session);
  const places = [...new Map(all.map(({ vm, ring }) => [`${vm} ${vm === 0 ? '' : ring}`, { vm, ring }])).values()];

  test('at any step, forwards and backwards, each place has the steps and the stays of that walk', () => {
    expect(places.length).toBeGreaterThan(1);
    for (const n of [reached, 0, 1, 137, 60_001, 199_999, 60_000, all[40]!.from, all[40]!.to]) {
      session.seek(n);
      let sum = 0;
      for (const place of places) {
        const said = session.stays(place);
        const mine = all.filter(({ vm, ring }) => vm === place.vm && (vm === 0 || ring === place.ring));
        const walked = mine.reduce((steps, { from, to }) => steps + Math.max(0, Math.min(to, n) - from), 0);
        const isOpen = (to: number) => to === reached && n === reached;
        const here = mine.find(({ from, to }) => from <= n && (n < to || isOpen(to)));
        const before = mine.filter((one) => one.to <= n && one !== here).slice(-5);
        const after = mine.filter(({ from }) => from > n).slice(0, 3);
        sum += said.steps;
        expect(said).toMatchObject({ n, steps: walked });
        expect(said.here?.from).toBe(here?.from);
        expect(said.before.map(({ from, to }) => [from, to])).toEqual(before.reverse().map(({ from, to }) => [from, to]));
        expect(said.after.map(({ from }) => from)).toEqual(after.map(({ from }) => from));
      }
      expect(sum).toBe(n);
    }
    session.seek(reached);
  });
});

test('a stay says what led to it, and in ring 3 which program it was', () => {
  const session = Session.open({ scenario: 'two-kernels', vmm: 'vtx' });
  session.run(100_000);
  const [kernel, user, core] = [
    { vm: 1, ring: '0' },
    { vm: 1, ring: '3' },
    { vm: 0, ring: 'm' },
  ].map((place) => session.stays(place as { vm: number; ring: Ring }));
  const led = (view: typeof core) => [...(view?.here ? [view.here] : []), ...(view?.before ?? [])].map(({ by }) => by);
  expect(led(core).filter((by) => !/^VM exit \d+$/.test(by))).toEqual([]);
  expect(led(core).length).toBeGreaterThan(3);
  expect(led(kernel)).toContain('VM entry');
  const programs = [...(user?.here ? [user.here] : []), ...(user?.before ?? [])].map(({ program }) => program);
  expect(programs.length).toBeGreaterThan(0);
  expect(programs).not.toContain('');
});

test('a place of a long run costs looks at few of its stays', () => {
  const session = explored({ scenario: 'two-kernels', vmm: 'vtx' });
  session.seek(Math.floor(session.history.reached / 2));
  session.view();
  let looked = 0;
  const { log } = session;
  const { stepOf } = log;
  log.stepOf = function (this: EventLog, row: number) {
    looked++;
    return stepOf.call(this, row);
  };
  const said = session.stays({ vm: 0, ring: 'm' });
  log.stepOf = stepOf;
  expect(said.before.length).toBe(5);
  expect(looked).toBeLessThan(200);
});
