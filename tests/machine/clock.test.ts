import { expect, test } from 'vitest';
import { cycleOfTick, SystemClock, ticksAt } from '../../src/machine/clock.ts';
import fc from '../support/cases.ts';

const RATE = 1_193_182;
const frequency = fc.integer({ min: 1_000_000, max: 5_000_000_000 });
const cycles = fc.maxSafeInteger().map(Math.abs);

test('ticks are exact, against big integers', () => {
  fc.assert(
    fc.property(cycles, frequency, (c, f) => {
      const exact = (BigInt(c) * BigInt(RATE)) / BigInt(f);
      fc.pre(exact < 2n ** 53n);
      expect(BigInt(ticksAt(c, RATE, f))).toBe(exact);
    }),
  );
});

test('the cycle of a tick is the first that reaches it', () => {
  fc.assert(
    fc.property(fc.nat(2 ** 31), frequency, (tick, f) => {
      const cycle = cycleOfTick(tick, RATE, f);
      expect(ticksAt(cycle, RATE, f)).toBeGreaterThanOrEqual(tick);
      if (cycle > 0) expect(ticksAt(cycle - 1, RATE, f)).toBeLessThan(tick);
    }),
  );
});

test('the frequency must keep that exact', () => {
  for (const bad of [0, -1, 1.5, 6e9, Number.NaN]) expect(() => new SystemClock(bad)).toThrow('expected a whole number');
});
