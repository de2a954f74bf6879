/** `npm run attacks`: the table of docs/attacks.md, found by running; --write puts it there, --json prints it for others. */
import { readFileSync, writeFileSync } from 'node:fs';
import { markdown, TECHNIQUES, table } from './attacks.ts';

const PAGE = 'docs/attacks.md';
const MARKS = ['<!-- attacks: begin -->', '<!-- attacks: end -->'] as const;

const rows = table();
const text = markdown(rows);
if (process.argv.includes('--json')) console.log(JSON.stringify({ techniques: TECHNIQUES, rows, markdown: text }));
else console.log(text);
if (process.argv.includes('--write')) {
  const page = readFileSync(PAGE, 'utf8');
  const [from, to] = MARKS.map((mark) => page.indexOf(mark));
  writeFileSync(PAGE, `${page.slice(0, from + MARKS[0].length)}\n${text}\n${page.slice(to)}`);
}
