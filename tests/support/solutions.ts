import { readFileSync } from 'node:fs';
import { findExercise } from '../../src/lessons/exercises.ts';

/** An exercise's source with a solution (tests/solutions) in the place of the line that says `write this`. */
export function solutionOf(id: string): string {
  const solution = readFileSync(new URL(`../solutions/${id}.asm`, import.meta.url), 'utf8');
  return findExercise(id)!.source.replace(/^.*; write this\n/m, () => solution);
}
