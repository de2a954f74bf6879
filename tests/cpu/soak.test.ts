/** A few seconds of the soak (`npm run soak`): each mode, without a guest and in a guest of each kind. */
import { expect, test } from 'vitest';
import { KINDS } from '../soak/guests.ts';
import { CELLS, Soak } from '../soak/soak.ts';
import { LEVELS } from '../soak/states.ts';

const SEED = 2;
const CASES = 8;

test.each(KINDS.flatMap((kind) => LEVELS.map((level) => [kind, level] as const)))('guest: %s, level: %s', (kind, level) => {
  const cells = CELLS.filter((cell) => cell.kind === kind && cell.mode.level === level);
  const soaks = cells.map((cell) => new Soak(cell, SEED));
  for (const soak of soaks) for (let n = 0; n < CASES; n++) soak.next();
  const sum = (key: 'own' | 'exits'): number => soaks.reduce((total, { figures }) => total + figures[key], 0);
  expect(sum('own')).toBeGreaterThan(cells.length * CASES);
  if (kind !== 'none') expect(sum('exits')).toBeGreaterThan(cells.length);
});
