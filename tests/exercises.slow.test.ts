/** The exercises that leave lines out of a monitor or a kernel: each run assembles it anew. */
import { expect, test } from 'vitest';
import { exercises } from '../src/lessons/exercises.ts';
import { expectHeld } from './support/exercises.ts';

const inPlace = exercises().filter(({ path }) => path !== null);

test('there are some', () => expect(inPlace.length).toBeGreaterThan(0));

test.each(inPlace.map((exercise) => [exercise.id, exercise] as const))('%s', (_, exercise) => {
  expectHeld(exercise);
});
