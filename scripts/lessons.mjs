// Writes the table of docs/lessons.md: each lesson, its machine, what the reader changes and what the reader builds.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './run.mjs';

const PAGE = join(root, 'docs/lessons.md');
const MARKS = ['<!-- lessons: begin -->', '<!-- lessons: end -->'];
const text = (path) => readFileSync(join(root, 'src/lessons', path), 'utf8');
const head = (source, name) => new RegExp(`^${name}: (.+)$`, 'm').exec(source)?.[1] ?? '';
/** The first line of each fence of that name. */
const fences = (source, name) => [...source.matchAll(new RegExp(`^\`\`\`${name}\\n(.+)$`, 'gm'))].map(([, line]) => line);
const row = (cells) => `| ${cells.join(' | ')} |`;

function lesson(id) {
  const source = text(`text/${id}.md`);
  const changes = fences(source, 'change').map((path) => `\`${path}\``);
  const builds = fences(source, 'build').map(
    (exercise) => `[${head(text(`exercises/${exercise}.md`), 'title')}](../src/lessons/exercises/${exercise}.md)`,
  );
  return row([`[${head(source, 'title')}](../src/lessons/text/${id}.md)`, head(source, 'machine'), changes.join(', '), builds.join(', ')]);
}

/** The page as the lessons have it now. */
export function lessonsPage() {
  const page = readFileSync(PAGE, 'utf8');
  const [before = '', rest = ''] = page.split(MARKS[0]);
  const after = rest.split(MARKS[1])[1] ?? '';
  const ids = [...text('catalog.ts').matchAll(/^ {2}\['([\w-]+)', \w+\],$/gm)].map(([, id]) => id);
  const table = [row(['Lesson', 'Machine', 'Change it and see', 'Build it']), row(['---', '---', '---', '---']), ...ids.map(lesson)];
  return `${before}${MARKS[0]}\n\n${table.join('\n')}\n\n${MARKS[1]}${after}`;
}

if (import.meta.filename === process.argv[1]) writeFileSync(PAGE, lessonsPage());
