import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { pageProblems, type Sessions } from '../src/cli/lesson-pages.ts';
import { lessons } from '../src/lessons/catalog.ts';
import { findExercise } from '../src/lessons/exercises.ts';
import { GLOSSARY } from '../src/lessons/glossary.ts';
import { type Inline, LessonError, type Page } from '../src/lessons/lesson.ts';
import { parseLesson } from '../src/lessons/parse.ts';
import { readPlace } from '../src/lessons/places.ts';

const textOf = ({ blocks }: Page): readonly Inline[] =>
  blocks.flatMap((block) => (block.kind === 'paragraph' ? block.text : block.kind === 'list' ? block.items.flat() : []));
const wordsOf = (page: Page): number =>
  textOf(page)
    .map(({ text }) => text)
    .join('')
    .split(/\s+/).length;

/** Lessons share the runs of their scenarios. */
const sessions: Sessions = new Map();

describe.each(lessons().map((lesson) => [lesson.id, lesson] as const))('%s', (_, lesson) => {
  test('every page stands where it says, its claims hold, its questions can be answered', () => {
    expect(pageProblems(lesson, sessions)).toEqual([]);
  });

  test('at most 120 words before the first thing to do, and a claim on every page that stands somewhere', () => {
    expect(wordsOf(lesson.pages[0]!)).toBeLessThanOrEqual(120);
    for (const page of lesson.pages) if (page.place !== null) expect(page.claims.length, page.title).toBeGreaterThan(0);
    expect(lesson.goals.length).toBeGreaterThan(0);
    for (const { build } of lesson.pages) if (build !== null) expect(findExercise(build), build).toBeDefined();
  });

  test('every term is in the glossary; the voice has no exclamation marks and none of the words it avoids', () => {
    for (const page of lesson.pages) {
      for (const part of textOf(page)) if (part.kind === 'term') expect(Object.keys(GLOSSARY)).toContain(part.term);
      const text = textOf(page)
        .map((part) => part.text)
        .join('');
      expect(text).not.toMatch(/!|\b(simply|just|magic|powerful|let's|easy|obviously)\b/i);
    }
  });
});

describe('all lessons', () => {
  test('each has something to change and something to build, its own', () => {
    const tasks = lessons().flatMap(({ pages }) => pages.flatMap(({ build }) => build ?? []));
    expect(new Set(tasks).size).toBe(tasks.length);
    for (const { id, pages } of lessons()) {
      expect(pages.filter(({ change }) => change !== null).length, `${id}: pages with a change`).toBeGreaterThan(0);
      expect(pages.filter(({ build }) => build !== null).length, `${id}: pages with something to build`).toBe(1);
    }
  });

  test('each explains a word of the glossary where it is used', () => {
    const without = lessons().filter(({ pages }) => !pages.some((page) => textOf(page).some(({ kind }) => kind === 'term')));
    expect(without.map(({ id }) => id)).toEqual([]);
  });

  test('docs/lessons.md lists them: node scripts/lessons.mjs', async () => {
    const script = '../scripts/lessons.mjs';
    const { lessonsPage } = (await import(script)) as { lessonsPage(): string };
    expect(lessonsPage()).toBe(readFileSync(new URL('../docs/lessons.md', import.meta.url), 'utf8'));
  });
});

describe('the text of a lesson', () => {
  const head = '---\ntitle: T\npart: P\none: O\nscenario: first-exit\nmachine: m\ngoal: g\n---\n';

  test('places', () => {
    expect(readPlace('start', 1)).toBe('start');
    expect(readPlace('before exit cr-write 2', 1)).toEqual({ event: 'exit', name: 'cr-write', count: 2, steps: -1 });
    expect(readPlace('after entry 3', 1)).toEqual({ event: 'entry', name: '', count: 3, steps: 0 });
    expect(readPlace('3 before interrupt 20h', 1)).toEqual({ event: 'interrupt', name: '20h', count: 1, steps: -3 });
    expect(readPlace('after exception 13', 1)).toEqual({ event: 'exception', name: '13', count: 1, steps: 0 });
    expect(() => readPlace('near exit', 7)).toThrow(new LessonError(7, 'x').message.slice(0, 7));
  });

  test.each([
    ['no head', 'line 1: expected a head'],
    [`${head}text`, 'line 9: expected a heading'],
    [`${head}# A\n\n<b>bold</b>`, 'line 11: text is emphasis, strong, code and links; found html'],
    [`${head}# A\n\n[x](javascript:alert)`, 'a link leads to # or https://'],
    [`${head}# A\n\n![x](y.png)`, 'text is emphasis, strong, code and links'],
    [`${head}# A\n\n\`\`\`place\nsomewhere\n\`\`\``, 'line 12: expected start'],
    [`${head}# A\n\n\`\`\`claim\ncolour: red\n\`\`\``, 'line 12: expected one of ring'],
    [
      `${head}# A\n\n\`\`\`predict\nkind: colour\n\`\`\``,
      'line 12: expected misconception: and its id, or kind: and one of who, exit, vector, bit, reason; found kind: colour',
    ],
    [`${head}# A\n\n\`\`\`change\nx.asm\n\`\`\``, 'line 12: expected a path in src/guest'],
    [`${head}# A\n\n\`\`\`change\nx.asm\n-a\nb\n\`\`\``, 'line 14: expected a line with - or +'],
    [head.replace('title: T\n', ''), 'expected a page'],
    [`${head.replace('title: T\n', '')}# A`, 'the head has no title'],
  ])('%j', (text, message) => {
    expect(() => parseLesson('x', text)).toThrow(message);
  });
});
