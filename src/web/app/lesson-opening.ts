import { type Lesson, LessonError } from '../../lessons/lesson.ts';
import { parseLesson } from '../../lessons/parse.ts';
import { say } from '../../lib/say.ts';
import type { LinkError } from './link.ts';
import type { PackedFile } from './packed.ts';

/** The lesson called `name` that was found for a link, or not, and that has the page that the link is for, from 1. Throws LinkError. */
export function lessonAt(lesson: Lesson | undefined, name: string, page: number): Lesson {
  if (!lesson)
    throw { message: say`This link is for a lesson called “${name}”, and there is none here.`, scenario: null } satisfies LinkError;
  if (page > lesson.pages.length)
    throw {
      message: say`This link is for page ${page} of “${lesson.title}”, which has ${lesson.pages.length}.`,
      scenario: lesson.from ? null : lesson.scenario,
    } satisfies LinkError;
  return lesson;
}

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
