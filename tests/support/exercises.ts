import { expect } from 'vitest';
import { finish } from '../../src/cli/finish.ts';
import { type Exercise, exerciseMachine } from '../../src/lessons/lesson.ts';
import { type Checked, check } from '../../src/session/claims.ts';
import { Session } from '../../src/session/session.ts';
import { solutionOf, wrongAnswersOf } from './solutions.ts';

const checked = (exercise: Exercise, source: string): readonly Checked[] =>
  finish(check(Session.open(exerciseMachine(exercise, source)), exercise));

/** Its text to begin with misses a check and says why, its solution misses none, each mistake misses the check it names. */
export function expectHeld(exercise: Exercise): void {
  const { id } = exercise;
  const begun = checked(exercise, exercise.source);
  expect(begun.length).toBeGreaterThan(1);
  expect(begun.some(({ passed }) => !passed)).toBe(true);
  for (const { passed, reason } of begun) expect(reason === '').toBe(passed);
  const solved = checked(exercise, solutionOf(id));
  expect(solved.filter(({ passed }) => !passed)).toEqual([]);
  for (const { mistake, source, misses } of wrongAnswersOf(id)) {
    const missed = checked(exercise, source).filter(({ passed }) => !passed);
    expect(
      missed.map(({ title }) => title.replaceAll('’', "'")),
      mistake,
    ).toContain(misses);
  }
}
