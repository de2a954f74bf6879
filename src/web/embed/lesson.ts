/** The entry of lesson.js: an embed loads it where its address is for a lesson. */
import { findLesson } from '../../lessons/catalog.ts';
import type { Lesson } from '../../lessons/lesson.ts';
import { say } from '../../lib/say.ts';
import { readLesson } from '../app/lesson-opening.ts';
import type { LinkError, LinkState } from '../app/link.ts';
import type { PackedFile } from '../app/packed.ts';

export { GLOSSARY } from '../../lessons/glossary.ts';
export { default as style } from '../styles/lesson.css?inline';
export { FrameLesson } from './FrameLesson.tsx';

/** The lesson that an address is for, out of the catalogue or of a file. Throws LinkError. */
export function lessonOf({ lesson: name, file: inside, page }: LinkState, file: PackedFile | null): Lesson {
  const from = inside ?? { path: name ?? '' };
  const lesson = file ? { ...readLesson(file), from } : findLesson(name ?? '');
  if (!lesson)
    throw { message: say`This link is for a lesson called “${name ?? ''}”, and there is none here.`, scenario: null } satisfies LinkError;
  if ((page ?? 1) > lesson.pages.length)
    throw {
      message: say`This link is for page ${page ?? 1} of “${lesson.title}”, which has ${lesson.pages.length}.`,
      scenario: lesson.scenario,
    } satisfies LinkError;
  return lesson;
}
