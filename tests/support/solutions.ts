import { readdirSync, readFileSync } from 'node:fs';
import { findExercise } from '../../src/lessons/exercises.ts';
import { GUEST_SOURCES } from '../../src/session/guest-sources.ts';

const FOLDER = new URL('../solutions/', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, FOLDER), 'utf8');

/** An exercise's source with other lines in the place of the one that says `write this`. */
const written = (id: string, lines: string): string => findExercise(id)!.source.replace(/^.*; write this\n/m, () => lines);

/** An exercise's source with a solution: of a program that in tests/solutions; of a source of src/guest, what stands there. */
export function solutionOf(id: string): string {
  const { path } = findExercise(id)!;
  return path === null ? written(id, read(`${id}.asm`)) : GUEST_SOURCES[path]!;
}

/** Mistakes that a reader may make: tests/solutions/wrong/ID.MISTAKE.asm, whose first line names a check that must not pass. */
export function wrongAnswersOf(id: string): readonly { readonly mistake: string; readonly source: string; readonly misses: string }[] {
  return readdirSync(new URL('wrong/', FOLDER))
    .filter((name) => name.startsWith(`${id}.`))
    .map((name) => {
      const lines = read(`wrong/${name}`);
      const misses = /^; not yet: (.+)/.exec(lines)?.[1] ?? '';
      return { mistake: name, source: written(id, lines), misses };
    });
}
