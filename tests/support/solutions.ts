import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { findExercise } from '../../src/lessons/exercises.ts';
import { GUEST_SOURCES } from '../../src/session/guest-sources.ts';

const FOLDER = new URL('../solutions/', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, FOLDER), 'utf8');

/** An exercise's source with other lines in the place of the one that says `write this`. */
const written = (id: string, lines: string): string => findExercise(id)!.source.replace(/^.*; write this\n/m, () => lines);

/** An exercise's source with a solution: that of tests/solutions, else the source of src/guest as it stands. */
export function solutionOf(id: string): string {
  const { path } = findExercise(id)!;
  const file = `${id}.asm`;
  return path === null || existsSync(new URL(file, FOLDER)) ? written(id, read(file)) : GUEST_SOURCES[path]!;
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
