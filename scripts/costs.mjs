// Writes the tables of docs/costs.md: what `rm1 costs` counts, for the paper's processor and two later ones, and which orders survive.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensurePackages } from './packages.mjs';
import { root } from './run.mjs';

const PAGE = join(root, 'docs', 'costs.md');
const MARKS = ['<!-- costs: begin -->', '<!-- costs: end -->'];
const PROFILES = [
  ['p4-672-2005', ['--vary']],
  ['merom-2006', []],
  ['haswell-2013', []],
];

if (!(await ensurePackages())) process.exit(1);

function costs(name, more) {
  const { status, stdout } = spawnSync(process.execPath, ['bin/rm1.mjs', 'costs', '--costs', name, '--json', ...more], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 27,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error(`rm1 costs --costs ${name}: status ${status}`);
  return JSON.parse(stdout);
}

const row = (cells) => `| ${cells.join(' | ')} |`;
const table = (head, rows) => [row(head), row(head.map((_, k) => (k === 0 ? '---' : '---:'))), ...rows.map(row)].join('\n');
const whole = (cycles) => Math.round(cycles).toLocaleString('en');

function counted({ title, ways, loads, cells, costs: costsOf }) {
  const unsure = Object.values(costsOf).filter(({ status }) => status !== 'measured').length;
  const rows = loads.map(({ id }) => [id, ...ways.map((way) => (cells[way.id][id] === null ? '-' : whole(cells[way.id][id].cycles)))]);
  const note = `Of its ${Object.keys(costsOf).length} costs ${unsure} are reported or unverified.`;
  return `### ${title}\n\n${note}\n\n${table(['cycles', ...ways.map(({ id }) => id)], rows)}`;
}

function papers({ paper }) {
  const ways = ['none', 'translate', 'vtx-traced'];
  const figure = ({ cycles, status }) => `${whole(cycles)}${status === 'remembered' ? ' ?' : ''}`;
  return table(
    ['cycles', ...ways],
    Object.entries(paper).map(([load, figures]) => [load, ...ways.map((way) => figure(figures[way]))]),
  );
}

const survived = ({ margin, turnedBy }) => (margin <= 0 ? 'no' : turnedBy.length === 0 ? 'survives' : `turned by ${turnedBy.join(', ')}`);

function orders({ survivals }) {
  return table(
    ['order', 'so?', 'one cost at a time', 'all at their worst'],
    survivals.map((one) => [
      one.order.text,
      one.margin > 0 ? 'yes' : 'no',
      survived(one),
      one.margin <= 0 ? '-' : one.worst > 0 ? 'survives' : 'may turn',
    ]),
  );
}

const all = PROFILES.map(([name, more]) => costs(name, more));
const text = [
  ...all.map(counted),
  `### What the paper reports\n\nSecond hand; what nobody could check here has a question mark.\n\n${papers(all[0])}`,
  `### Which orders survive\n\n${orders(all[0])}`,
].join('\n\n');
const page = readFileSync(PAGE, 'utf8');
const [begin, end] = MARKS.map((mark) => page.indexOf(mark));
if (begin < 0 || end < begin) throw new Error(`${PAGE} has no ${MARKS.join(' ... ')}`);
writeFileSync(PAGE, `${page.slice(0, begin)}${MARKS[0]}\n\n${text}\n\n${page.slice(end)}`);
