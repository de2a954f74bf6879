import { type Lesson, LessonError } from '../../lessons/lesson.ts';
import { parseLesson } from '../../lessons/parse.ts';
import { say } from '../../lib/say.ts';
import type { LinkError } from './link.ts';
import type { PackedFile } from './packed.ts';

/** Reads a lesson that somebody brings. Throws LinkError. */
export function readLesson({ name, text }: PackedFile): Lesson {
  try {
    return parseLesson('own', text);
  } catch (error) {
    if (!(error instanceof LessonError)) throw error;
    throw {
      message: say`${name} is no lesson that can be opened.`,
      scenario: null,
      details: [`${name}, ${error.message}`],
    } satisfies LinkError;
  }
}
