import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { goTo, pageProblems, type Sessions, sessionOf } from '../src/cli/lesson-pages.ts';
import { findLesson, lessons } from '../src/lessons/catalog.ts';
import { findExercise } from '../src/lessons/exercises.ts';
import { GLOSSARY } from '../src/lessons/glossary.ts';
import { type Inline, type Lesson, LessonError, type Page } from '../src/lessons/lesson.ts';
import { parseLesson } from '../src/lessons/parse.ts';
import { readPlace } from '../src/lessons/places.ts';
import { Session } from '../src/session/session.ts';
import { parseLink } from '../src/web/app/link.ts';

const textOf = ({ blocks }: Page): readonly Inline[] =>
  blocks.flatMap((block) => (block.kind === 'paragraph' ? block.text : block.kind === 'list' ? block.items.flat() : []));
const plainText = (page: Page): string =>
  textOf(page)
    .map(({ text }) => text)
    .join('');
const wordsOf = (page: Page): number => plainText(page).split(/\s+/).length;

/** Lessons share the runs of their scenarios. */
const sessions: Sessions = new Map();

/** A lesson's pages that stand somewhere, each on its machine there; one that has no place of its own where the page before ended. */
function* visits(lesson: Lesson): Generator<{ readonly page: Page; readonly session: Session; readonly next: Page | undefined }> {
  for (const [i, page] of lesson.pages.entries()) {
    const session = sessionOf(lesson, page, sessions);
    if (typeof session === 'string') throw new Error(session);
    expect(goTo(session, page, i === 0)).toEqual([]);
    yield { page, session, next: lesson.pages[i + 1] };
  }
}

/** Questions and text that says *step* send a reader on by hand: to where another runs, and no further than where the next page stands. */
function stepsByHand(lesson: Lesson, page: Page, session: Session, next: Page | undefined): number {
  if (!/\bstep\b/i.test(plainText(page))) return page.predict === null ? 0 : 1;
  const from = session.n;
  const goesOn = next?.place && sessionOf(lesson, next, sessions) === session && goTo(session, next, false).length === 0;
  const most = goesOn && session.n > from ? Math.min(MOST_STEPS + 1, session.n - from) : MOST_STEPS + 1;
  session.seek(from);
  const { ring, vm } = session.view().who;
  for (let steps = 1; steps < most; steps++) {
    session.step();
    const { who, ended } = session.view();
    if (ended || who.ring !== ring || who.vm !== vm) return steps;
  }
  return most;
}

/** What a reader goes through by hand in one lesson, at the most. */
const MOST_STEPS = 200;
/** Lines of source that a reader sees at a time. */
const MOST_LINES = 20;

/** How each word of the glossary is written in the text. */
const WORDS: Readonly<Record<keyof typeof GLOSSARY, RegExp>> = {
  asid: /\bASID\b/,
  'call-gate': /\bcall gates?\b/i,
  chain: /\bchain(s|ed|ing)?\b/i,
  cpl: /\bCPL\b/,
  dpl: /\bDPL\b/,
  ept: /\bEPT\b/,
  exit: /\bVM exits?\b/,
  entry: /\bVM entry\b/,
  gate: /\bgates?\b/i,
  gdt: /\bGDT\b/,
  'guest-physical': /\bguest-physical\b/i,
  hypercall: /\bhypercalls?\b/i,
  idt: /\bIDT\b(?! register)/,
  idtr: /\bIDTR\b|\bIDT register\b/,
  if: /\bIF\b/,
  injection: /\binject(s|ed|ion)?\b/i,
  iopl: /\bIOPL\b/,
  monitor: /\b(monitor|hypervisor)s?\b/i,
  msr: /\bmodel-specific registers?\b|\bMSRs?\b/,
  'page-fault': /\bpage faults?\b|#PF/i,
  privileged: /\bprivileged\b/i,
  qualification: /\bqualification\b/i,
  root: /\broot (operation|mode)\b/i,
  sensitive: /\bsensitive\b/i,
  shadow: /\bshadow(s|ed)?\b/i,
  tlb: /\bTLB\b/,
  tracing: /\btracing\b/i,
  tss: /\bTSS\b/,
  unit: /\btranslation unit\b|\bunits?\b/i,
  vector: /\bvectors?\b/i,
  vmcb: /\bVMCB\b/,
  vmcs: /\bVMCS\b/,
  window: /\bwindow\b/i,
};

/** Words of the glossary that a lesson uses before it explains them. */
function unexplained({ pages }: Lesson): readonly string[] {
  const known = new Set<string>();
  return pages.flatMap((page) =>
    textOf(page).flatMap((part) => {
      if (part.kind === 'term') known.add(part.term);
      if (part.kind === 'term' || part.kind === 'code' || part.kind === 'link') return [];
      const words = Object.keys(WORDS).filter((word) => WORDS[word]!.test(part.text) && !(word === 'gate' && known.has('call-gate')));
      return words.filter((word) => !known.has(word)).map((word) => `${word} on “${page.title}”: ${part.text}`);
    }),
  );
}

/** What a lesson's head must say of its machine, and must not, by what the machine does on its pages. */
function machineProblems(lesson: Lesson): readonly string[] {
  const seen = Array.from(visits(lesson), ({ session }) => ({ session, view: session.view() }));
  const { session, view } = seen[0]!;
  const switchedOn = seen.some(({ view }) => view.who.mode !== 'none');
  const rules: readonly (readonly [RegExp, boolean])[] = [
    [/^one processor\b/, true],
    [/\b(no|without) virtualization\b/, !switchedOn],
    [/\bVT-x\b/, switchedOn && view.vendor === 'vmx'],
    [/\bAMD-V\b/, switchedOn && view.vendor === 'svm'],
    [/\bshadow page tables\b/, session.paging === 'shadow' && session.vms > 1],
    [/(?<!without )\bEPT\b/, session.paging === 'nested' || session.vmm === 'vtx-vtx'],
  ];
  return rules
    .filter(([words, is]) => words.test(lesson.machine) !== is)
    .map(([words, is]) => `${words} is ${is ? 'missing' : 'not so'}: ${lesson.machine}`);
}

describe.each(lessons().map((lesson) => [lesson.id, lesson] as const))('%s', (_, lesson) => {
  test('every page stands where it says, its claims hold, its questions can be answered', () => {
    expect(pageProblems(lesson, sessions)).toEqual([]);
  });

  test('at most 120 words before the first thing to do, and a claim on every page that stands somewhere', () => {
    expect(wordsOf(lesson.pages[0]!)).toBeLessThanOrEqual(120);
    for (const page of lesson.pages) if (page.place !== null) expect(page.claims.length, page.title).toBeGreaterThan(0);
    for (const { build } of lesson.pages) if (build !== null) expect(findExercise(build), build).toBeDefined();
  });

  test('its goals are things to do; its machine is named as it is', () => {
    expect(lesson.goals.length).toBeGreaterThan(0);
    for (const goal of lesson.goals) expect(goal).toMatch(/^(check|count|find|follow|list|name|predict|read|say|state|tell)\b/);
    expect(machineProblems(lesson)).toEqual([]);
  });

  test('what a page claims of the coming step is asked before', () => {
    const told = lesson.pages.filter(
      ({ predict, claims }) => predict === null && claims.some(({ after, about }) => after && about !== 'instruction'),
    );
    expect(told.map(({ title }) => title)).toEqual([]);
    expect(lesson.pages.filter(({ predict }) => predict !== null).length).toBeGreaterThan(1);
  });

  test(`at most ${MOST_STEPS} steps by hand, and at most ${MOST_LINES} lines of source at a time`, () => {
    const steps = Array.from(visits(lesson), ({ page, session, next }) => [page.title, stepsByHand(lesson, page, session, next)] as const);
    expect(
      steps.reduce((sum, [, some]) => sum + some, 0),
      JSON.stringify(steps),
    ).toBeLessThanOrEqual(MOST_STEPS);
    for (const { change, blocks } of lesson.pages) {
      if (change) expect(`${change.old}\n${change.new}`.split('\n').length).toBeLessThanOrEqual(MOST_LINES);
      for (const block of blocks) if (block.kind === 'listing') expect(block.text.split('\n').length).toBeLessThanOrEqual(MOST_LINES);
    }
  });

  test('somewhere the instructions stand under the purpose that their source names', () => {
    const purposes = Array.from(visits(lesson), ({ session }) => {
      const { past, current } = session.view().stream;
      return [...past.slice(-8), current].flatMap((row) => (row && 'goal' in row && row.goal) || []);
    });
    expect(purposes.flat()).not.toEqual([]);
  });

  test('each word of the glossary is explained where it comes first; the voice has none of the words it avoids', () => {
    for (const part of lesson.pages.flatMap(textOf)) if (part.kind === 'term') expect(Object.keys(GLOSSARY)).toContain(part.term);
    expect(unexplained(lesson)).toEqual([]);
    for (const page of lesson.pages) expect(plainText(page)).not.toMatch(/!|\b(simply|just|magic|powerful|let's|easy|obviously)\b/i);
  });

  test('its links open what they name', () => {
    for (const part of lesson.pages.flatMap(textOf)) if (part.kind === 'link' && part.to.startsWith('#')) open(part.to);
  });
});

/** Opens what a link of a lesson names: a lesson, or a machine. */
function open(to: string): void {
  const read = parseLink(to);
  if (!read.ok) throw new Error(`${to}: ${read.error.message}`);
  const { lesson, page, scenario, vmm, paging } = read.link;
  if (lesson !== null) expect(findLesson(lesson)?.pages[(page ?? 1) - 1], to).toBeDefined();
  else Session.open({ scenario: scenario!, ...(vmm && { vmm }), ...(paging && { paging }) });
}

describe('the article, claim by claim', () => {
  const claims = findLesson('article')!.pages.filter((page) => plainText(page).startsWith('The claim'));

  test('has all of them', () => {
    expect(claims.length).toBeGreaterThanOrEqual(9);
  });

  test.each(claims.map((page) => [page.title, page] as const))('%s: it is shown here, or opens what shows it', (_, page) => {
    const opened = textOf(page).filter((part) => part.kind === 'link' && /^#(scenario|lesson)=/.test(part.to));
    expect(opened.length + (page.place === null ? 0 : page.claims.length)).toBeGreaterThan(0);
  });
});

describe('all lessons', () => {
  test('the test knows how every word of the glossary is written', () => {
    expect(Object.keys(WORDS).sort()).toEqual(Object.keys(GLOSSARY).sort());
  });

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
