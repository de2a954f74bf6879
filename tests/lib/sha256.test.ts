import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { sha256 } from '../../src/lib/sha256.ts';

test.each([0, 1, 3, 55, 56, 63, 64, 65, 119, 120, 1000])('of %i bytes, as everybody else', (length) => {
  const bytes = Uint8Array.from({ length }, (_, k) => (k * 167 + length) & 0xff);
  expect(sha256(bytes)).toBe(createHash('sha256').update(bytes).digest('hex'));
});
