// Runs the lab and writes its table into docs/lab.md.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './run.mjs';

const PAGE = join(root, 'docs', 'lab.md');
const MARKS = ['<!-- lab: begin -->', '<!-- lab: end -->'];
const options = { encoding: 'utf8', maxBuffer: 1 << 28 };
const table = execFileSync(process.execPath, [join(root, 'bin', 'rm1.mjs'), 'lab', '--markdown'], options);
const page = readFileSync(PAGE, 'utf8');
const [begin, end] = MARKS.map((mark) => page.indexOf(mark));
if (begin < 0 || end < begin) throw new Error(`${PAGE} has no ${MARKS.join(' ... ')}`);
writeFileSync(PAGE, `${page.slice(0, begin)}${MARKS[0]}\n\n${table.trimEnd()}\n\n${page.slice(end)}`);
