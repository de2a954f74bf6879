// Writes the table of docs/misconceptions.md from the bank of misconceptions.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { importBundled } from './bundle.mjs';
import { root } from './run.mjs';

const PAGE = join(root, 'docs', 'misconceptions.md');
const BANK = 'src/session/questions/misconceptions.ts';
const HEAD = '| id | kind | belief | offered when | in truth |\n| --- | --- | --- | --- | --- |\n';

const { MISCONCEPTIONS } = await importBundled(BANK, 'misconceptions', [BANK, 'src/lib']);
const rows = Object.entries(MISCONCEPTIONS).map(
  ([id, { kind, belief, applies, wrong }]) => `| \`${id}\` | ${kind} | ${belief} | ${applies} | ${wrong} |\n`,
);
const page = readFileSync(PAGE, 'utf8');
writeFileSync(PAGE, page.slice(0, page.indexOf('| id |')) + HEAD + rows.join(''));
