import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { lessons } from '../src/lessons/catalog.ts';
import { findExercise } from '../src/lessons/exercises.ts';
import { GLOSSARY } from '../src/lessons/glossary.ts';
import { type Change, type Inline, type Lesson, LessonError, type Page } from '../src/lessons/lesson.ts';
import { parseLesson } from '../src/lessons/parse.ts';
import { readPlace } from '../src/lessons/places.ts';
import { found, holds } from '../src/session/claims.ts';
import { GUEST_SOURCES } from '../src/session/guest-sources.ts';
import { Session } from '../src/session/session.ts';

const textOf = ({ blocks }: Page): readonly Inline[] =>
  blocks.flatMap((block) => (block.kind === 'paragraph' ? block.text : block.kind === 'list' ? block.items.flat() : []));
const wordsOf = (page: Page): number =>
  textOf(page)
    .map(({ text }) => text)
    .join('')
    .split(/\s+/).length;

const sessions = new Map<string, Session>();

/** Lessons share the runs of their scenarios. */
function sessionOf({ scenario, vmm, paging, vms }: Lesson, { change }: Page): Session {
  const key = JSON.stringify([scenario, vmm, paging, vms, change]);
  const session = sessions.get(key) ?? Session.open({ scenario, vmm, paging, vms, ...(change && { changes: changesOf(change) }) });
  sessions.set(key, session);
  return session;
}

/** The whole text of the source that a page changes; its old lines stand there once. */
function changesOf({ path, old, new: better }: Change): Readonly<Record<string, string>> {
  const text = GUEST_SOURCES[path] ?? '';
  expect(text.split(old), `${path} has these lines once: ${old}`).toHaveLength(2);
  return { [path]: text.replace(old, () => better) };
}

function goTo(session: Session, page: Page, opening: boolean): void {
  if (page.place === 'start') session.seek(0);
  else if (page.place !== null) for (const _ of session.toPlace(page.place));
  else if (opening) for (const _ of session.opening());
}

describe.each(lessons().map((lesson) => [lesson.id, lesson] as const))('%s', (_, lesson) => {
  test('every page stands where it says, its claims hold, its questions can be answered', () => {
    lesson.pages.forEach((page, i) => {
      const session = sessionOf(lesson, page);
      goTo(session, page, i === 0);
      const here = session.view();
      if (page.place !== null && page.place !== 'start')
        expect(here.ended && page.place.steps < 0, `${page.title}: the run ends before its place`).toBe(false);
      for (const claim of page.claims.filter(({ after }) => !after))
        expect(holds(claim, here), `line ${claim.line}, ${claim.about}: ${found(claim, here)}`).toBe(true);
      if (page.predict) {
        const { question } = session.view(false, page.predict);
        const { kind, misconception } = page.predict;
        expect(question?.kind, page.title).toBe(kind);
        if (misconception !== '') expect(question?.options.map((option) => option.misconception)).toContain(misconception);
      }
      if (page.predict || page.claims.some(({ after }) => after)) {
        session.step();
        const next = session.view();
        for (const claim of page.claims.filter(({ after }) => after))
          expect(holds(claim, next), `line ${claim.line}, after ${claim.about}: ${found(claim, next)}`).toBe(true);
        session.back();
      }
    });
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
