/**
 * Lessons are Markdown: a head of `name: value` lines between `---`, then one page for each `#` heading. Fenced blocks say what the page does:
 *
 *     ```place      before exit cr-write 1      where it stands
 *     ```predict    kind: vector                 asks that; without a kind who runs next
 *     ```claim      after ring: m                must hold there
 *     ```change     first-exit/monitor.inc       the reader changes lines: -old, +new
 *     ```program                                 the lesson's own program, in place of a scenario
 *     ```build      answer-cpuid                 the reader writes what is missing: an exercise
 *
 * Other fences are listings. Text is emphasis, strong, code, links and lists; nothing else, and never markup.
 */
import { fromMarkdown } from 'mdast-util-from-markdown';
import { PAGINGS, VMMS } from '../lib/technique-names.ts';
import type { QuestionWish } from '../session/views.ts';
import {
  type Block,
  type Change,
  type Exercise,
  type Inline,
  type Lesson,
  LessonError,
  PATIENCE,
  type Page,
  type PageClaim,
} from './lesson.ts';
import { readClaim, readPlace } from './places.ts';
import { KINDS } from './scenario-schema.ts';

type Root = ReturnType<typeof fromMarkdown>;
type Node = Root['children'][number];
type Phrasing = Extract<Node, { type: 'paragraph' }>['children'][number];

/** Reads a lesson. Throws LessonError with the line. */
export function parseLesson(id: string, text: string): Lesson {
  const { head, pages, program } = readText(text);
  const need = (name: string): string => needed(head, name);
  if (program !== null && head.has('scenario'))
    throw new LessonError(lineOf(head, 'scenario'), 'a lesson with a program of its own has no scenario');
  return {
    id,
    title: typeset(need('title')),
    part: head.get('part')?.[0]?.text ?? '',
    one: typeset(need('one')),
    ...readMachine(head),
    ...(program === null ? { scenario: need('scenario') } : { scenario: '', source: program }),
    goals: (head.get('goal') ?? []).map(({ text: goal }) => typeset(goal)),
    machine: typeset(need('machine')),
    pages,
  };
}

/**
 * Reads an exercise: its first page is the task, each other one a check. `source` is the program to begin with, or, where the task has a change, the source
 * of src/guest whose lines it leaves out. Throws LessonError with the line.
 */
export function parseExercise(id: string, text: string, source: string): Exercise {
  const { head, pages } = readText(text);
  const [task, ...checks] = pages;
  const change = task!.change;
  if (change !== null && source.split(change.old).length !== 2)
    throw new LessonError(1, `expected these lines once in ${change.path}: ${change.old}`);
  return {
    id,
    title: typeset(needed(head, 'title')),
    path: change?.path ?? null,
    ...readMachine(head),
    blocks: task!.blocks,
    patience: Number(head.get('patience')?.[0]?.text ?? PATIENCE),
    source: change === null ? source : source.replace(change.old, () => change.new),
    checks: checks.map(({ title, place, claims }) => ({ title, place, claims: claims.map(({ about, value }) => ({ about, value })) })),
  };
}

const COUNTS = ['1', '2', '3', '4'] as const;

function readMachine(head: Head): Pick<Exercise, 'scenario' | 'vmm' | 'paging' | 'vms'> & Pick<Lesson, 'cpu' | 'costs'> {
  const vms = chosen(head, 'vms', COUNTS);
  const [cpu, costs] = [head.get('cpu')?.[0]?.text, head.get('costs')?.[0]?.text];
  return {
    scenario: head.get('scenario')?.[0]?.text,
    vmm: chosen(head, 'vmm', VMMS),
    paging: chosen(head, 'paging', PAGINGS),
    vms: vms === undefined ? undefined : Number(vms),
    ...(cpu !== undefined && { cpu }),
    ...(costs !== undefined && { costs }),
  };
}

function chosen<T extends string>(head: Head, name: string, values: readonly T[]): T | undefined {
  const [given] = head.get(name) ?? [];
  const known = values.find((value) => value === given?.text);
  if (given !== undefined && known === undefined)
    throw new LessonError(given.line, `expected one of ${values.join(', ')} for ${name}, found ${given.text}`);
  return known;
}

type Head = ReadonlyMap<string, readonly { readonly text: string; readonly line: number }[]>;

interface ReadText {
  readonly head: Head;
  readonly pages: readonly Page[];
  /** The program of a lesson that brings its own. */
  readonly program: string | null;
}

function readText(text: string): ReadText {
  const match = /^---\r?\n([\s\S]*?)\r?\n---\r?\n/.exec(text);
  if (!match) throw new LessonError(1, 'expected a head of name: value lines between --- and ---');
  const head = readHead(match[1] ?? '');
  const skipped = match[0].split('\n').length - 1;
  const { children } = fromMarkdown(text.slice(match[0].length));
  const pages = readPages(children, skipped);
  if (pages.length === 0) throw new LessonError(skipped + 1, 'expected a page: a heading such as # The first exit');
  return { head, pages, program: readProgram(children, skipped) };
}

/** The text of the one fence `program`, which is a listing besides. */
function readProgram(nodes: readonly Node[], skipped: number): string | null {
  const programs = nodes.filter((node) => node.type === 'code' && node.lang === 'program');
  const [first, second] = programs as readonly Extract<Node, { type: 'code' }>[];
  if (second) throw new LessonError((second.position?.start.line ?? 0) + skipped, 'a lesson has one program: this is the second');
  return first === undefined ? null : `${first.value}\n`;
}

const lineOf = (head: Head, name: string): number => head.get(name)?.[0]?.line ?? 1;

function needed(head: Head, name: string): string {
  const value = head.get(name)?.[0]?.text;
  if (value === undefined) throw new LessonError(1, `the head has no ${name}`);
  return value;
}

const HEAD = new Set(['title', 'part', 'one', 'scenario', 'vmm', 'paging', 'vms', 'cpu', 'costs', 'goal', 'machine', 'patience']);

function readHead(text: string): Head {
  const head = new Map<string, { text: string; line: number }[]>();
  text.split('\n').forEach((line, i) => {
    if (line.trim() === '') return;
    const cut = line.indexOf(':');
    const name = line.slice(0, cut).trim();
    if (cut < 0 || !HEAD.has(name))
      throw new LessonError(i + 2, `expected one of ${[...HEAD].join(', ')} and a colon, found ${line.trim()}`);
    head.set(name, [...(head.get(name) ?? []), { text: line.slice(cut + 1).trim(), line: i + 2 }]);
  });
  return head;
}

interface Draft {
  title: string;
  place: Page['place'];
  blocks: Block[];
  predict: QuestionWish | null;
  claims: PageClaim[];
  change: Change | null;
  build: string | null;
}

function readPages(nodes: readonly Node[], skipped: number): readonly Page[] {
  const pages: Draft[] = [];
  for (const node of nodes) {
    const line = (node.position?.start.line ?? 0) + skipped;
    if (node.type === 'heading' && node.depth === 1) {
      pages.push({ title: plain(node.children), place: null, blocks: [], predict: null, claims: [], change: null, build: null });
      continue;
    }
    const page = pages.at(-1);
    if (!page) throw new LessonError(line, 'expected a heading before the first text');
    if (node.type === 'code') fence(page, node.lang ?? '', node.value, line);
    else if (node.type === 'paragraph') page.blocks.push({ kind: 'paragraph', text: inline(node.children, line) });
    else if (node.type === 'list') {
      const items = node.children.map((item) => {
        const [only] = item.children;
        if (item.children.length !== 1 || only?.type !== 'paragraph') throw new LessonError(line, 'a list item is one paragraph');
        return inline(only.children, line);
      });
      page.blocks.push({ kind: 'list', items });
    } else throw new LessonError(line, `a lesson has headings, paragraphs, lists and fences; found ${node.type}`);
  }
  return pages;
}

function fence(page: Draft, language: string, text: string, line: number): void {
  if (language === 'place') page.place = readPlace(text.trim(), line + 1);
  else if (language === 'predict') page.predict = readWish(text, line + 1);
  else if (language === 'change') page.change = readChange(text, line + 1);
  else if (language === 'build') page.build = text.trim();
  else if (language === 'claim')
    text.split('\n').forEach((row, i) => {
      if (row.trim() !== '') page.claims.push(readClaim(row.trim(), line + 1 + i));
    });
  else page.blocks.push({ kind: 'listing', text });
}

/** `kind: vector`, `misconception: irq-is-vector`, each on a line of its own or left out. */
function readWish(text: string, line: number): QuestionWish {
  let wish: QuestionWish = { kind: 'who', misconception: '' };
  text.split('\n').forEach((row, i) => {
    if (row.trim() === '') return;
    const [, name, value = ''] = /^(kind|misconception): (\S+)$/.exec(row.trim()) ?? [];
    const kind = KINDS.find((one) => one === value);
    if (name === undefined || (name === 'kind' && !kind))
      throw new LessonError(line + i, `expected misconception: and its id, or kind: and one of ${KINDS.join(', ')}; found ${row.trim()}`);
    wish = kind && name === 'kind' ? { ...wish, kind } : { ...wish, misconception: value };
  });
  return wish;
}

/** A path, then lines that go (`-`) and lines that come (`+`). */
function readChange(text: string, line: number): Change {
  const [path = '', ...rows] = text.split('\n');
  const wrong = rows.findIndex((row) => !/^[-+]/.test(row));
  if (wrong >= 0) throw new LessonError(line + 1 + wrong, `expected a line with - or + before it, found ${rows[wrong]}`);
  const lines = (sign: string) => rows.filter((row) => row.startsWith(sign)).map((row) => row.slice(1));
  if (path.trim() === '' || lines('-').length === 0)
    throw new LessonError(line, 'expected a path in src/guest, and below it lines with - and +');
  return { path: path.trim(), old: lines('-').join('\n'), new: lines('+').join('\n') };
}

function inline(nodes: readonly Phrasing[], line: number): readonly Inline[] {
  return nodes.map((node): Inline => {
    switch (node.type) {
      case 'text':
        return { kind: 'text', text: typeset(node.value) };
      case 'emphasis':
        return { kind: 'emphasis', text: plain(node.children) };
      case 'strong':
        return { kind: 'strong', text: plain(node.children) };
      case 'inlineCode':
        return { kind: 'code', text: node.value };
      case 'link': {
        const text = plain(node.children);
        if (node.url.startsWith('term:')) return { kind: 'term', text, term: node.url.slice('term:'.length) };
        if (!/^(#|https:\/\/)/.test(node.url)) throw new LessonError(line, `a link leads to # or https://, found ${node.url}`);
        return { kind: 'link', text, to: node.url };
      }
      default:
        throw new LessonError(line, `text is emphasis, strong, code and links; found ${node.type}`);
    }
  });
}

function plain(nodes: readonly Phrasing[]): string {
  return nodes
    .map((node) =>
      'value' in node
        ? node.type === 'inlineCode'
          ? node.value
          : typeset(node.value)
        : 'children' in node
          ? plain(node.children as readonly Phrasing[])
          : '',
    )
    .join('');
}

/** One line, with the apostrophe and the quotation marks of print. */
function typeset(text: string): string {
  return text
    .replace(/\n/g, ' ')
    .replace(/(^|[\s(])"/g, '$1“')
    .replace(/"/g, '”')
    .replace(/'/g, '’');
}
