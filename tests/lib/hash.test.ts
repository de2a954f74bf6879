import { expect, test } from 'vitest';
import { Hash, hashOf } from '../../src/lib/hash.ts';
import fc from '../support/cases.ts';

test('pinned, so that no engine and no change slips by', () => {
  expect(hashOf([])).toBe('871bb58d1fb5d77b');
  expect(hashOf([1, 2, 3])).toBe('fbe6b72ecbcb64af');
  expect(hashOf([2 ** 53 - 1, -1, 0.5])).toBe('398c50f1de0058e0');
});

test('words one by one or all at once', () => {
  fc.assert(
    fc.property(fc.int32Array({ maxLength: 40 }), (words) => {
      const single = new Hash();
      for (const word of words) single.word(word);
      expect(new Hash().words(words).finish().toString()).toBe(single.finish().toString());
    }),
  );
});

test('small differences, order and length count', () => {
  const seen = new Set<string>();
  for (let i = 0; i < 20000; i++) seen.add(hashOf([i]));
  for (let i = 0; i < 64; i++) seen.add(hashOf(new Array<number>(i + 2).fill(0)));
  seen.add(hashOf([1, 2])).add(hashOf([2, 1]));
  expect(seen.size).toBe(20000 + 64 + 2);
  expect(hashOf([-0])).toBe(hashOf([0]));
});

test('each lane spreads on its own', () => {
  const low = new Set<number>();
  const high = new Set<number>();
  const hash = new Hash();
  for (let i = 0; i < 20000; i++) {
    hash
      .reset()
      .word(i << 12)
      .finish();
    low.add(hash.lo);
    high.add(hash.hi);
  }
  expect(low.size).toBeGreaterThan(19990);
  expect(high.size).toBeGreaterThan(19990);
});
