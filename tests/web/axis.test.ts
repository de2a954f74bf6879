import { expect, test } from 'vitest';
import { logAxis } from '../../src/web/panels/lab/axis.ts';

test('a logarithmic axis ends at its greatest value and has each power of ten on its way', () => {
  const { share, ticks } = logAxis([3, 250, 12_345]);
  expect(ticks.map(({ value }) => value)).toEqual([1, 10, 100, 1000, 10_000]);
  for (const tick of ticks) expect(tick.share).toBeCloseTo(Math.log(tick.value) / Math.log(12_345));
  expect(share(12_345)).toBeCloseTo(1);
});

test('of many powers every other has its number, of few each', () => {
  const numbered = (most: number) =>
    logAxis([most])
      .ticks.filter((tick) => tick.numbered)
      .map(({ value }) => value);
  expect(numbered(2_000_000)).toEqual([1, 100, 10_000, 1_000_000]);
  expect(numbered(2000)).toEqual([1, 10, 100, 1000]);
});

test('what is below 1 has no length, and an axis of nothing still has its ends', () => {
  expect(logAxis([0.5, 20]).share(0.5)).toBe(0);
  expect(logAxis([]).ticks.map(({ value }) => value)).toEqual([1, 10]);
});
