/** What the reader is asked to write, each with its checks (docs/lessons.md). */
import answerCpuidSource from './exercises/answer-cpuid.asm?raw';
import answerCpuid from './exercises/answer-cpuid.md?raw';
import countTicksSource from './exercises/count-ticks.asm?raw';
import countTicks from './exercises/count-ticks.md?raw';
import systemCallSource from './exercises/system-call.asm?raw';
import systemCall from './exercises/system-call.md?raw';
import type { Exercise } from './lesson.ts';
import { parseExercise } from './parse.ts';

const TEXTS: readonly (readonly [id: string, text: string, source: string])[] = [
  ['system-call', systemCall, systemCallSource],
  ['count-ticks', countTicks, countTicksSource],
  ['answer-cpuid', answerCpuid, answerCpuidSource],
];

let parsed: readonly Exercise[] | undefined;

export function exercises(): readonly Exercise[] {
  parsed ??= TEXTS.map(([id, text, source]) => parseExercise(id, text, source));
  return parsed;
}

export function findExercise(id: string): Exercise | undefined {
  return exercises().find((exercise) => exercise.id === id);
}
