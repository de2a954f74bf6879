// Runs every vector that is at hand and writes what came of it into docs/conformance.md. The other tables there have commands of their own.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inThousands, judge } from './judge.mjs';
import { ensurePackages } from './packages.mjs';
import { root } from './run.mjs';

const PAGE = join(root, 'docs', 'conformance.md');
const SOURCES = [
  ['A real processor, CPL 3', join(root, '..', 'shared', 'silicon', 'vectors')],
  ['CPL 0 to 3, VM86 and real mode, by Bochs', join(root, '..', 'shared', 'system', 'vectors')],
];
const MARKS = ['<!-- vectors: begin -->', '<!-- vectors: end -->'];

if (!(await ensurePackages())) process.exit(1);
const missing = SOURCES.filter(([, folder]) => !existsSync(folder));
if (missing.length > 0) {
  console.error(`There are no vectors in ${missing.map(([, folder]) => folder).join(', ')}: nothing is written.`);
  process.exit(1);
}

const rows = [];
const sum = { passed: 0, failed: 0, apart: 0 };
for (const [title, folder] of SOURCES) {
  for (const file of readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl.gz'))
    .sort()) {
    const family = judge(join(folder, file));
    const apart = family.disputed + family.sourcesWay;
    sum.passed += family.passed;
    sum.failed += family.failed;
    sum.apart += apart;
    rows.push([title, family.family, family.simulated, family.passed, family.failed, apart]);
    console.log(`${family.family.padEnd(14)}${String(family.passed).padStart(7)} passed ${String(family.failed).padStart(5)} failed`);
  }
}

const table = [
  '| made by | family | run as | passed | failed | not judged |',
  '|---|---|---|---|---|---|',
  ...rows.map(([title, family, as, ...counts]) => `| ${[title, family, as, ...counts.map(inThousands)].join(' | ')} |`),
  `| all | | | **${inThousands(sum.passed)}** | **${inThousands(sum.failed)}** | ${inThousands(sum.apart)} |`,
].join('\n');
const page = readFileSync(PAGE, 'utf8');
const [begin, end] = MARKS.map((mark) => page.indexOf(mark));
if (begin < 0 || end < begin) throw new Error(`${PAGE} has no ${MARKS.join(' ... ')}`);
writeFileSync(PAGE, `${page.slice(0, begin)}${MARKS[0]}\n\n${table}\n\n${page.slice(end)}`);
console.log(`${sum.passed} passed, ${sum.failed} failed, ${sum.apart} not judged`);
process.exitCode = sum.failed > 0 ? 1 : 0;
