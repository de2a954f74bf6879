import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countedCode } from '../../src/session/view/exits.ts';
import { lastOfEachSlice, ticks } from '../../src/session/view/ticks.ts';
import { explored } from './support/sessions.ts';

/** Entries one by one, as a reader would: each that counts takes the place of the one before it in its slice. */
function walked(length: number, sliceOf: (entry: number) => number, counts: (entry: number) => boolean): number[] {
  const last = new Map<number, number>();
  for (let entry = 0; entry < length; entry++) if (counts(entry) && sliceOf(entry) >= 0) last.set(sliceOf(entry), entry);
  return [...last.values()];
}

describe('the last of each slice', () => {
  test('is what a walk through every entry finds', () => {
    const entries = fc.array(fc.record({ later: fc.nat({ max: 9 }), counts: fc.boolean() }), { maxLength: 200 });
    fc.assert(
      fc.property(entries, fc.integer({ min: -20, max: 100 }), fc.integer({ min: 1, max: 40 }), (steps, from, apart) => {
        let now = 0;
        const times = steps.map(({ later }) => (now += later));
        const sliceOf = (entry: number) => Math.floor((times[entry] - from) / apart);
        const counts = (entry: number) => steps[entry].counts;
        expect(lastOfEachSlice(times.length, sliceOf, counts)).toEqual(walked(times.length, sliceOf, counts));
      }),
    );
  });

  test('looks at few of many entries', () => {
    let looked = 0;
    const sliceOf = (entry: number) => {
      looked++;
      return Math.floor(entry / 10_000);
    };
    expect(lastOfEachSlice(3_200_000, sliceOf, () => true)).toHaveLength(320);
    expect(looked).toBeLessThan(320 * 30);
  });
});

describe.each([
  ['VM exits', 'vtx', true],
  ['interrupts and system calls', 'none', false],
] as const)('%s in the timeline', (_, vmm, exits) => {
  const session = explored({ scenario: 'two-kernels', vmm });
  const { log, machine, history } = session;
  const cost = exits ? machine.cpu.costs.events.exit : 0;

  function walkedRows(from: number, to: number, slices: number): number[] {
    const last = new Map<number, number>();
    for (let row = 0; row < log.length; row++) {
      if (countedCode(session, row, exits) < 0 || log.cycleOf(row) > to || log.stepOf(row) > history.reached) continue;
      const slice = Math.floor((log.cycleOf(row) - cost - from) / ((to - from) / slices));
      if (slice >= 0) last.set(slice, log.stepOf(row));
    }
    return [...last.values()];
  }

  const end = history.reachedCycle;
  test.each([
    [0, end, 320],
    [0, end, 16],
    [end / 3, end / 2, 320],
    [end / 3, end / 3 + 200, 320],
    [end - 5000, end + 5000, 7],
  ])('from cycle %d to %d in %d slices are those of a walk through every row', (from, to, slices) => {
    expect(ticks(session, { from, to }, slices, exits).map(({ n }) => n)).toEqual(walkedRows(from, to, slices));
  });

  test('there are some', () => {
    expect(ticks(session, { from: 0, to: end }, 320, exits).length).toBeGreaterThan(3);
  });
});
