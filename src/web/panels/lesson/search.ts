/** Finds lessons by what a reader types: words begun, run together, or misspelt. */
import type { Inline, Lesson } from '../../../lessons/lesson.ts';

export interface Found {
  readonly lessons: readonly Lesson[];
  /** What was looked for instead, where nothing speaks of what was typed; else empty. */
  readonly instead: string;
}

/** Words that readers use for what the lessons call by another name. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  syscall: 'asks kernel',
  syscalls: 'asks kernel',
  vmm: 'monitor',
  npt: 'nested',
};

interface Text {
  readonly words: ReadonlySet<string>;
  /** Without spaces and dashes. */
  readonly together: string;
}

interface Indexed {
  /** What the gallery and the lesson's first page show. */
  readonly head: Text;
  readonly whole: Text;
}

const index = new WeakMap<Lesson, Indexed>();

/** Lessons that have every word sought, in their heads if there are any, else in their pages, else with the nearest spelling. */
export function findLessons(all: readonly Lesson[], sought: string): Found {
  const words = wordsOf(sought);
  if (words.length === 0) return { lessons: all, instead: '' };
  const renamed = withAll(
    all,
    words.flatMap((word) => wordsOf(OTHER_NAMES[word] ?? word)),
  );
  if (renamed.length > 0) return { lessons: renamed, instead: '' };
  const known = new Set(all.flatMap((lesson) => [...indexed(lesson).whole.words]));
  const near = words.map((word) => (withAll(all, [word]).length > 0 ? word : nearest(word, known)));
  const guessed = near.includes('') ? [] : withAll(all, near);
  return { lessons: guessed, instead: guessed.length > 0 ? near.join(' ') : '' };
}

function withAll(all: readonly Lesson[], words: readonly string[]): readonly Lesson[] {
  const fits = (text: Text) => words.every((word) => speaksOf(text, word));
  const heads = all.filter((lesson) => fits(indexed(lesson).head));
  return heads.length > 0 ? heads : all.filter((lesson) => fits(indexed(lesson).whole));
}

/** A number is meant as it stands; of a word the beginning is enough. */
function speaksOf({ words, together }: Text, word: string): boolean {
  if (words.has(word)) return true;
  if (/^-?\d/.test(word)) return false;
  if (word.length > 3 && together.includes(word.replace(/-/g, ''))) return true;
  return [...words].some((one) => one.startsWith(word));
}

/** A dash before a number is a minus: `ring −1`, `ring -1` and `Ring-1` are the same two words. */
function wordsOf(text: string): readonly string[] {
  return plain(text).match(/-?\d[\da-f]*|\p{L}[\p{L}\d]*(?:-\p{L}[\p{L}\d]*)*/gu) ?? [];
}

const plain = (text: string): string => text.toLowerCase().replace(/[−–—‐‑]/g, '-');

function indexed(lesson: Lesson): Indexed {
  const known = index.get(lesson);
  if (known) return known;
  const head = [lesson.title, lesson.part, lesson.one, ...lesson.goals, ...lesson.pages.map(({ title }) => title)].join(' ');
  const made = { head: textOf(head), whole: textOf(`${head} ${lesson.machine} ${bodyOf(lesson)}`) };
  index.set(lesson, made);
  return made;
}

function textOf(text: string): Text {
  const words = wordsOf(text);
  return {
    words: new Set(words.flatMap((word) => [word, ...(/^\p{L}.*-/u.test(word) ? word.split('-') : [])])),
    together: plain(text).replace(/[\s-]+/g, ''),
  };
}

function bodyOf({ pages }: Lesson): string {
  const line = (parts: readonly Inline[]) => parts.map(({ text }) => text).join('');
  return pages
    .flatMap(({ blocks }) => blocks)
    .map((block) => (block.kind === 'paragraph' ? line(block.text) : block.kind === 'list' ? block.items.map(line).join(' ') : block.text))
    .join(' ');
}

/** The known word with the fewest letters to change; empty where none is near. */
function nearest(word: string, known: ReadonlySet<string>): string {
  const most = word.length < 4 || /\d/.test(word) ? 0 : word.length < 7 ? 1 : 2;
  let best = '';
  let least = most + 1;
  for (const one of known) {
    if (Math.abs(one.length - word.length) >= least) continue;
    const changes = editsBetween(word, one);
    if (changes < least) [best, least] = [one, changes];
  }
  return best;
}

/** Letters to change, add, leave out, or swap with their neighbour. */
function editsBetween(a: string, b: string): number {
  const row = (i: number) => Array.from({ length: b.length + 1 }, (_, j) => (i === 0 ? j : j === 0 ? i : 0));
  let before: number[] = [];
  let last = row(0);
  for (let i = 1; i <= a.length; i++) {
    const now = row(i);
    for (let j = 1; j <= b.length; j++) {
      now[j] = Math.min(last[j]! + 1, now[j - 1]! + 1, last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) now[j] = Math.min(now[j]!, before[j - 2]! + 1);
    }
    before = last;
    last = now;
  }
  return last[b.length]!;
}
