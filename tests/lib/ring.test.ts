import { expect, test } from 'vitest';
import { Ring } from '../../src/lib/ring.ts';
import fc from '../support/cases.ts';

test('a ring of records keeps the last', () => {
  const ring = new Ring(3, 2);
  for (let i = 0; i < 5; i++) {
    const at = ring.push();
    ring.data[at] = i;
    ring.data[at + 1] = i * 10;
  }
  expect([ring.start, ring.end, ring.length]).toEqual([2, 5, 3]);
  expect([2, 3, 4].map((i) => [ring.get(i), ring.get(i, 1)])).toEqual([
    [2, 20],
    [3, 30],
    [4, 40],
  ]);
  expect([ring.has(1), ring.has(2), ring.has(5)]).toEqual([false, true, false]);
});

test('against a plain array', () => {
  const command = fc.oneof(
    fc.nat(100).map((value) => ({ value, keep: -1 })),
    fc.nat(12).map((keep) => ({ value: -1, keep })),
  );
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 7 }), fc.array(command, { maxLength: 40 }), (capacity, commands) => {
      const ring = new Ring(capacity);
      const all: number[] = [];
      let start = 0;
      for (const { value, keep } of commands) {
        if (keep < 0) {
          ring.add(value);
          all.push(value);
          start = Math.max(start, all.length - capacity);
        } else {
          ring.truncate(keep);
          all.length = Math.min(all.length, keep);
          start = Math.min(start, all.length);
        }
        expect([ring.start, ring.end]).toEqual([start, all.length]);
        for (let i = ring.start; i < ring.end; i++) expect(ring.get(i)).toBe(all[i]);
      }
    }),
  );
});
