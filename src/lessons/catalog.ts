/** All lessons, in the order of the gallery, and the glossary. */
import type { Lesson } from './lesson.ts';
import { parseLesson } from './parse.ts';
import firstExit from './text/first-exit.md?raw';

const TEXTS: readonly (readonly [id: string, text: string])[] = [['first-exit', firstExit]];

let parsed: readonly Lesson[] | undefined;

export function lessons(): readonly Lesson[] {
  parsed ??= TEXTS.map(([id, text]) => parseLesson(id, text));
  return parsed;
}

export function findLesson(id: string): Lesson | undefined {
  return lessons().find((lesson) => lesson.id === id);
}

export function lessonsByPart(): readonly { readonly part: string; readonly lessons: readonly Lesson[] }[] {
  const parts = [...new Set(lessons().map(({ part }) => part))];
  return parts.map((part) => ({ part, lessons: lessons().filter((lesson) => lesson.part === part) }));
}
