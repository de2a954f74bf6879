/**
 * Lessons are Markdown: a head of `name: value` lines between `---`, then one page for each `#` heading. Fenced blocks say what the page does:
 *
 *     ```place      before exit cr-write 1      where it stands
 *     ```predict                                 asks who runs next
 *     ```claim      after ring: m                must hold there
 *     ```change     first-exit/monitor.inc       the reader changes lines: -old, +new
 *     ```build      answer-cpuid                 the reader writes what is missing: an exercise
 *
 * Other fences are listings. Text is emphasis, strong, code, links and lists; nothing else, and never markup.
 */
import { fromMarkdown } from 'mdast-util-from-markdown';
import type { EventPlace, Paging, Vmm } from '../session/views.ts';
import { type Block, type Change, type Exercise, type Inline, type Lesson, LessonError, type Page, type PageClaim } from './lesson.ts';

type Root = ReturnType<typeof fromMarkdown>;
type Node = Root['children'][number];
type Phrasing = Extract<Node, { type: 'paragraph' }>['children'][number];

/** Reads a lesson. Throws LessonError with the line. */
export function parseLesson(id: string, text: string): Lesson {
  const { head, pages } = readText(text);
  const need = (name: string): string => needed(head, name);
  return {
    id,
    title: typeset(need('title')),
    part: need('part'),
    one: typeset(need('one')),
    ...readMachine(head),
    scenario: need('scenario'),
    goals: (head.get('goal') ?? []).map(typeset),
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
    patience: Number(head.get('patience')?.[0] ?? PATIENCE),
    source: change === null ? source : source.replace(change.old, () => change.new),
    checks: checks.map(({ title, place, claims }) => ({ title, place, claims: claims.map(({ about, value }) => ({ about, value })) })),
  };
}

function readMachine(head: ReadText['head']): Pick<Exercise, 'scenario' | 'vmm' | 'paging' | 'vms'> {
  const vms = head.get('vms')?.[0];
  return {
    scenario: head.get('scenario')?.[0],
    vmm: head.get('vmm')?.[0] as Vmm | undefined,
    paging: head.get('paging')?.[0] as Paging | undefined,
    vms: vms === undefined ? undefined : Number(vms),
  };
}

/** Steps after which a program that has not ended is taken at its word, where an exercise does not say. */
const PATIENCE = 4_000_000;

interface ReadText {
  readonly head: ReadonlyMap<string, readonly string[]>;
  readonly pages: readonly Page[];
}

function readText(text: string): ReadText {
  const match = /^---\r?\n([\s\S]*?)\r?\n---\r?\n/.exec(text);
  if (!match) throw new LessonError(1, 'expected a head of name: value lines between --- and ---');
  const head = readHead(match[1] ?? '');
  const skipped = match[0].split('\n').length - 1;
  const pages = readPages(fromMarkdown(text.slice(match[0].length)).children, skipped);
  if (pages.length === 0) throw new LessonError(skipped + 1, 'expected a page: a heading such as # The first exit');
  return { head, pages };
}

function needed(head: ReadText['head'], name: string): string {
  const value = head.get(name)?.[0];
  if (value === undefined) throw new LessonError(1, `the head has no ${name}`);
  return value;
}

const HEAD = new Set(['title', 'part', 'one', 'scenario', 'vmm', 'paging', 'vms', 'goal', 'machine', 'patience']);

function readHead(text: string): ReadonlyMap<string, readonly string[]> {
  const head = new Map<string, string[]>();
  text.split('\n').forEach((line, i) => {
    if (line.trim() === '') return;
    const cut = line.indexOf(':');
    const name = line.slice(0, cut).trim();
    if (cut < 0 || !HEAD.has(name))
      throw new LessonError(i + 2, `expected one of ${[...HEAD].join(', ')} and a colon, found ${line.trim()}`);
    head.set(name, [...(head.get(name) ?? []), line.slice(cut + 1).trim()]);
  });
  return head;
}

interface Draft {
  title: string;
  place: Page['place'];
  blocks: Block[];
  predict: boolean;
  claims: PageClaim[];
  change: Change | null;
  build: string | null;
}

function readPages(nodes: readonly Node[], skipped: number): readonly Page[] {
  const pages: Draft[] = [];
  for (const node of nodes) {
    const line = (node.position?.start.line ?? 0) + skipped;
    if (node.type === 'heading' && node.depth === 1) {
      pages.push({ title: plain(node.children), place: null, blocks: [], predict: false, claims: [], change: null, build: null });
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
  else if (language === 'predict') page.predict = true;
  else if (language === 'change') page.change = readChange(text, line + 1);
  else if (language === 'build') page.build = text.trim();
  else if (language === 'claim')
    text.split('\n').forEach((row, i) => {
      if (row.trim() !== '') page.claims.push(readClaim(row.trim(), line + 1 + i));
    });
  else page.blocks.push({ kind: 'listing', text });
}

/** The members of a type, each of which must be here. */
const membersOf = <T extends string>(members: Readonly<Record<T, true>>): readonly T[] => Object.keys(members) as T[];

const EVENTS = membersOf<EventPlace['event']>({
  exit: true,
  entry: true,
  refused: true,
  exception: true,
  interrupt: true,
  transfer: true,
  disk: true,
  halted: true,
  shutdown: true,
});

/** Events that a lone number names: `exception 13` is the first of vector 13. */
const NUMBERED: ReadonlySet<string> = new Set(['exception', 'interrupt', 'refused']);

/** `start`, `before exit cr-write 2`, `after entry`, `3 before interrupt 20h` */
export function readPlace(text: string, line: number): EventPlace | 'start' {
  if (text === 'start') return 'start';
  const match = /^(?:(\d+) )?(before|after) (\S+)(?: (\S+))?(?: (\d+))?$/.exec(text);
  const event = EVENTS.find((one) => one === match?.[3]);
  if (!match || !event)
    throw new LessonError(line, `expected start, or such as: before exit cr-write 2 (events are ${EVENTS.join(', ')}); found ${text}`);
  const [, more, side, , first = '', second] = match;
  const counted = second === undefined && /^\d+$/.test(first) && !NUMBERED.has(event);
  const distance = Number(more ?? (side === 'before' ? 1 : 0));
  return {
    event,
    name: counted ? '' : first,
    count: Number((counted ? first : second) ?? 1),
    steps: side === 'before' ? -distance : distance,
  };
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

const SUBJECTS = membersOf<PageClaim['about']>({
  ring: true,
  vm: true,
  instruction: true,
  exit: true,
  sentence: true,
  console: true,
  register: true,
  exits: true,
  end: true,
});

function readClaim(text: string, line: number): PageClaim {
  const match = /^(after )?(\w+): (.+)$/.exec(text);
  const about = SUBJECTS.find((one) => one === match?.[2]);
  if (!match || !about) throw new LessonError(line, `expected one of ${SUBJECTS.join(', ')}, a colon and a value; found ${text}`);
  return { about, value: match[3] ?? '', after: match[1] !== undefined, line };
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
