import { expect, test } from 'vitest';
import { guestImage } from '../../src/session/guests.ts';
import { packed, unpacked } from '../../src/session/ready-image.ts';
import { SCENARIOS } from '../../src/session/scenarios.ts';

const PATHS = [...new Set([...SCENARIOS.map(({ source }) => source), 'vmm/vtx/vtx.asm', 'vmm/svm/svm.asm', 'vmm/translate/translate.asm'])];

test.each(PATHS)('%s is the same after packing and unpacking', (path) => {
  const image = guestImage(path);
  const { image: bytes, org, entry, map } = unpacked(JSON.parse(JSON.stringify(packed(image))));
  expect([org, entry]).toEqual([image.org, image.entry]);
  expect(Buffer.from(bytes).equals(Buffer.from(image.image))).toBe(true);
  expect(JSON.stringify(map, keysInOrder)).toBe(JSON.stringify(image.map, keysInOrder));
});

function keysInOrder(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
