import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { History, RECENT, type Spacing } from '../../src/trace/history.ts';
import { portrait, rowsUpTo } from './support/portrait.ts';
import { PROGRAMS } from './support/programs.ts';
import { Reference } from './support/reference.ts';

/** So close and so few that they come and go within a few thousand steps. */
const DENSE: Spacing = { apart: 61, widestGap: 900, most: 12 };
const SEED = 20_061_113;

/** What a reader may do, with a number that says how far. */
const ACTIONS = ['seek', 'back', 'step', 'run', 'look ahead', 'drop derived'] as const;
type Action = readonly [(typeof ACTIONS)[number], number];

function act(history: History, [action, x]: Action, last: number): void {
  const { n } = history;
  if (action === 'seek') history.seek(Math.floor(x * (last + 40)));
  else if (action === 'back') history.seek(n - 1 - Math.floor(3 * x));
  else if (action === 'step') history.seek(n + 1 + Math.floor(60 * x));
  else if (action === 'run') history.fast(n + Math.floor(x * x * last));
  else if (action === 'look ahead') history.ahead(Math.floor(20 * x), Math.floor(100 * x), () => undefined);
  else history.machine.dropDerived();
}

describe.each(Object.entries(PROGRAMS))('%s', (_, options) => {
  let made: Reference | null = null;
  const reference = () => {
    made ??= new Reference(options(), 20_000);
    return made;
  };

  test('at full speed it takes the same steps and makes the same log', () => {
    const history = new History(reference().machine());
    history.fast(Number.POSITIVE_INFINITY);
    expect(portrait(history.machine)).toEqual(reference().last);
    expect(rowsUpTo(history.log, history.n)).toEqual(reference().rows());
  });

  test('wherever a reader goes, and on whatever way, step n is step n', () => {
    const { steps, hashes } = reference();
    const way = fc.array(fc.tuple(fc.constantFrom(...ACTIONS), fc.double({ min: 0, max: 1, noNaN: true })), {
      minLength: 1,
      maxLength: 20,
    });
    fc.assert(
      fc.property(way, (actions) => {
        const history = new History(reference().machine(), false, DENSE);
        for (const action of actions) {
          act(history, action, steps);
          const { n } = history;
          expect([n, history.machine.hash()]).toEqual([n, hashes[n]]);
          expect(history.machine.end).toEqual(n === steps ? reference().last.end : null);
        }
        const { n, reached } = history;
        expect(portrait(history.machine)).toEqual(reference().portrait(n));
        expect(rowsUpTo(history.log, reached)).toEqual(reference().rows(reached));
        expect(history.log.length).toBe(reference().rows(reached).length);
      }),
      { numRuns: 10, seed: SEED },
    );
  });

  test('back, step by step, to the very start', () => {
    const { steps, hashes } = reference();
    const history = new History(reference().machine(), false, { ...DENSE, most: 500 });
    history.seek(steps);
    const stride = Math.max(1, Math.floor(steps / 300));
    for (let n = steps - 1; n >= 0; n -= stride) {
      history.seek(n);
      expect([n, history.machine.hash()]).toEqual([history.n, hashes[n]]);
    }
  });

  test('the steps before the cursor are known wherever it is put', () => {
    const { steps } = reference();
    const history = new History(reference().machine(), false, DENSE);
    for (const n of [steps + 1000, 10, steps >> 1, (steps >> 1) - 1, 0, steps, 3]) {
      history.seek(n);
      const last = Math.min(n, steps);
      const known = Math.min(RECENT, last);
      expect(history.recent.map((standpoint) => standpoint.n)).toEqual(Array.from({ length: known }, (_, k) => last - known + k));
    }
  });

  test('looking ahead leaves everything as it was', () => {
    const { steps } = reference();
    const history = new History(reference().machine(), false, DENSE);
    for (const n of [0, Math.floor(steps / 3), steps - 2, steps - 60, 5]) {
      history.seek(n);
      const before = [portrait(history.machine), history.log.length, rowsUpTo(history.log, history.reached), [...history.log.vmcs]];
      const seen = history.ahead(18, 96, (future, after) => [future.length, after.n, history.n]);
      expect(seen).toEqual([Math.min(18, steps - n), Math.min(n + 18, steps), Math.min(n + 96, steps)]);
      expect([portrait(history.machine), history.log.length, rowsUpTo(history.log, history.reached), [...history.log.vmcs]]).toEqual(
        before,
      );
    }
  });

  test('what is derived may be lost at any instant', () => {
    const { steps, hashes } = reference();
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(steps), { minLength: 1, maxLength: 20 }), (instants) => {
        const machine = reference().machine();
        for (const n of [...instants].sort((a, b) => a - b)) {
          machine.run(n);
          machine.dropDerived();
          expect(machine.hash()).toBe(hashes[n]);
        }
        machine.run(Number.POSITIVE_INFINITY);
        expect(portrait(machine)).toEqual(reference().last);
      }),
      { numRuns: 6, seed: SEED },
    );
  });
});

describe('checkpoints', () => {
  const options = PROGRAMS['string instructions under a timer'];

  test('thin out, the old ones first, and never beyond the widest gap', () => {
    const reference = new Reference(options(), 20_000);
    const history = new History(reference.machine(), false, DENSE);
    history.fast(reference.steps);
    const gaps = () => history.checkpoints.slice(1).map((n, k) => n - history.checkpoints[k]);
    expect(history.checkpoints[0]).toBe(0);
    expect(history.checkpoints.length).toBeLessThanOrEqual(DENSE.most);
    expect(Math.max(...gaps())).toBeLessThanOrEqual(DENSE.widestGap);
    expect(gaps().at(-1)).toBeLessThan(2 * DENSE.apart);
    history.seek(70);
    history.seek(reference.steps);
    expect(Math.max(...gaps())).toBeLessThanOrEqual(DENSE.widestGap);
    expect(history.machine.hash()).toBe(reference.last.hash);
  });

  test('come back where a replay passes', () => {
    const history = new History(new Reference(options(), 1).machine(), false, DENSE);
    history.fast(3000);
    history.seek(1000);
    const near = history.checkpoints.filter((n) => n <= 1000 - RECENT).at(-1) ?? 0;
    expect(1000 - RECENT - near).toBeLessThan(2 * DENSE.apart);
  });

  test('a history may begin in the middle of a run', () => {
    const reference = new Reference(options(), 2000);
    const machine = reference.machine();
    machine.run(500);
    const history = new History(machine, false, DENSE);
    history.seek(1200);
    history.seek(510);
    expect([history.recent.length, machine.hash()]).toEqual([10, reference.hashes[510]]);
    history.seek(0);
    expect([history.n, machine.hash()]).toEqual([500, reference.hashes[500]]);
  });
});
