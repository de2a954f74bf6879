/** The entry of lesson.js: an embed loads it where its address is for a lesson. */
import { findLesson } from '../../lessons/catalog.ts';
import type { Lesson } from '../../lessons/lesson.ts';
import { lessonAt, readLesson } from '../app/lesson-opening.ts';
import type { LinkState } from '../app/link.ts';
import type { PackedFile } from '../app/packed.ts';

export { GLOSSARY } from '../../lessons/glossary.ts';
export { default as style } from '../styles/lesson-frame.css?inline';
export { FrameLesson } from './FrameLesson.tsx';

/** The lesson that an address is for, out of the catalogue or of a file. Throws LinkError. */
export function lessonOf({ lesson: name, file: inside, page }: LinkState, file: PackedFile | null): Lesson {
  const from = inside ?? { path: name ?? '' };
  const lesson = file ? { ...readLesson(file), from } : findLesson(name ?? '');
  return lessonAt(lesson, name ?? '', page ?? 1);
}
