import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type PowerOn, powerOn } from '../../src/session/power-on.ts';
import { History, type Spacing } from '../../src/trace/history.ts';
import { EventLog } from '../../src/trace/log.ts';
import { portrait, rowsUpTo } from './support/portrait.ts';
import { bareDuet, PROGRAMS, twoKernels } from './support/programs.ts';
import { Reference } from './support/reference.ts';

/** Long runs are remembered at every so many steps. */
const STRIDE = 499;
const MOST = 700_000;
const DENSE: Spacing = { apart: 4001, widestGap: 60_000, most: 24 };

const RUNS: Readonly<Record<string, () => PowerOn>> = { 'duet on the bare machine': bareDuet, 'two kernels under VT-x': twoKernels };

describe.each(Object.entries(RUNS))('%s', (_, options) => {
  const run = powerOn(options()).machine;
  const log = new EventLog(run.cpu);
  run.cpu.events = log;
  const hashes = [run.hash()];

  test('full speed and one step at a time are one', () => {
    const slow = powerOn(options()).machine;
    const slowLog = new EventLog(slow.cpu);
    slow.cpu.events = slowLog;
    while (run.end === null && run.n < MOST) {
      run.run(run.n + STRIDE);
      while (slow.end === null && slow.n < run.n) slow.run(slow.n + 1);
      hashes.push(run.hash());
      expect([slow.n, slow.hash()]).toEqual([run.n, hashes.at(-1)]);
    }
    expect(portrait(slow)).toEqual(portrait(run));
    expect(rowsUpTo(slowLog, run.n)).toEqual(rowsUpTo(log, run.n));
  }, 120_000);

  test.each([
    ['the usual checkpoints', undefined, 25],
    ['few checkpoints, close together', DENSE, 40],
  ] as const)(
    'forwards and backwards: %s',
    (_title, spacing, runs) => {
      const history = new History(powerOn(options()).machine, false, spacing);
      const rows = rowsUpTo(log, run.n);
      fc.assert(
        fc.property(fc.nat(hashes.length - 1), fc.boolean(), (k, drop) => {
          if (drop) history.machine.dropDerived();
          const n = Math.min(k * STRIDE, run.n);
          history.seek(n);
          expect([history.n, history.machine.hash()]).toEqual([n, hashes[k]]);
          history.ahead(18, 96, () => undefined);
          expect(history.machine.hash()).toBe(hashes[k]);
        }),
        { numRuns: runs },
      );
      history.fast(run.n);
      expect(rowsUpTo(history.log, run.n)).toEqual(rows);
      expect(portrait(history.machine)).toEqual(portrait(run));
    },
    120_000,
  );

  test('back, one step after the other, for a while', () => {
    const history = new History(powerOn(options()).machine);
    const n = STRIDE * Math.floor((hashes.length - 1) * 0.7);
    history.seek(n);
    for (let k = 1; k <= 400; k++) history.seek(n - k);
    expect(history.n).toBe(n - 400);
    const machine = powerOn(options()).machine;
    machine.run(n - 400);
    expect(portrait(history.machine)).toEqual(portrait(machine));
  }, 120_000);
});

describe.each(Object.entries(PROGRAMS))('%s', (_, options) => {
  test('every single step back', () => {
    const { steps, hashes } = new Reference(options(), 20_000);
    const history = new History(powerOn(options()).machine, false, { apart: 61, widestGap: 1 << 22, most: 1000 });
    history.seek(steps);
    for (let n = steps - 1; n >= 0; n--) {
      history.seek(n);
      if (history.machine.hash() !== hashes[n]) expect.unreachable(`step ${n} differs`);
    }
  }, 120_000);

  test('losing what is derived before every single step', () => {
    const { steps, hashes } = new Reference(options(), 3000);
    const { machine } = powerOn(options());
    for (let n = 1; n <= steps; n++) {
      machine.dropDerived();
      machine.run(n);
      if (machine.hash() !== hashes[n]) expect.unreachable(`step ${n} differs`);
    }
  }, 120_000);
});
