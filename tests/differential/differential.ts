/**
 * The images on our machine and on its peers, compared line by line. Run by `npm run differential`, from the root of the checkout.
 *
 * Status 0 if every difference has a reason, 1 if one has none, 2 if a peer is not installed.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { compare, differs, isUnexplained, type Row, toText } from './support/compare.ts';
import { EXEMPTIONS, type Exemption } from './support/exemptions.ts';
import { diskOf, imageOf } from './support/images.ts';
import { runOurs } from './support/ours.ts';
import { missing, runPeer } from './support/peers.ts';
import { fileOf, RUNS, type Run } from './support/runs.ts';

const FOLDER = 'tests/differential';
const DOCS = 'docs/conformance.md';
const BEGIN = '<!-- differential: begin -->';
const END = '<!-- differential: end -->';

const usage = `npm run differential [-- [--write] IMAGE...]

Runs hypervisor images on this simulator, on Bochs and on QEMU, and compares what they print. IMAGE: part of an image's name.
--write keeps the outcome in ${FOLDER}/expected and, of a run of all images, in ${DOCS}.`;

const args = process.argv.slice(2);
const write = args.includes('--write');
const wanted = args.filter((arg) => !arg.startsWith('-'));
if (args.some((arg) => arg.startsWith('-') && arg !== '--write')) {
  console.log(usage);
  process.exit(args.includes('--help') ? 0 : 2);
}

interface Outcome {
  readonly run: Run;
  readonly rows: readonly Row[];
}

const count = (rows: readonly Row[], of: (row: Row) => boolean): number => rows.filter(of).length;

async function outcomes(runs: readonly Run[]): Promise<Outcome[]> {
  const found: Outcome[] = [];
  for (const run of runs) {
    const image = imageOf(FOLDER, run.image);
    const ours = runOurs(run.image, image, run.processor);
    const rows = compare(run, ours, await runPeer(run.peer, run.model, diskOf(FOLDER, image)));
    const unexplained = rows.filter(isUnexplained);
    console.log(`${run.image} as ${run.processor} beside ${run.peer}: ${rows.length} lines, ${count(rows, differs)} differ`);
    for (const { ours, theirs } of unexplained) console.log(`  ${run.peer}: ${theirs}\n  ours: ${ours}`);
    if (write && rows.every(({ theirs }) => theirs === undefined)) console.log(`  ${run.peer} printed nothing: what is expected stays`);
    else if (write) writeFileSync(`${FOLDER}/expected/${fileOf(run)}`, toText(rows));
    found.push({ run, rows });
  }
  return found;
}

function table(all: readonly Outcome[]): string {
  const lines = all.map(({ run, rows }) => {
    const different = count(rows, differs);
    return `| ${run.image} | ${run.processor} | ${run.peer} | ${rows.length} | ${rows.length - different} | ${different} |`;
  });
  const total = all.flatMap(({ rows }) => rows);
  const different = count(total, differs);
  return [
    '| image | as | beside | lines | the same | different, with a reason |',
    '|---|---|---|---|---|---|',
    ...lines,
    `| all | | | ${total.length} | ${total.length - different} | ${different} |`,
  ].join('\n');
}

function reasons(all: readonly Outcome[]): string {
  const uses = new Map<Exemption, number>();
  for (const { exemption } of all.flatMap(({ rows }) => rows)) {
    if (exemption !== undefined) uses.set(exemption, (uses.get(exemption) ?? 0) + 1);
  }
  const byReason = new Map<string, number>();
  for (const [{ peer, why }, lines] of uses) {
    const key = `${peer}: ${why}`;
    byReason.set(key, (byReason.get(key) ?? 0) + lines);
  }
  return [...byReason].map(([why, lines]) => `- ${why} (${lines})`).join('\n');
}

const used = (all: readonly Outcome[]): Set<Exemption> =>
  new Set(all.flatMap(({ rows }) => rows.flatMap(({ exemption }) => (exemption === undefined ? [] : [exemption]))));

function writeDocs(all: readonly Outcome[]): void {
  const page = readFileSync(DOCS, 'utf8');
  const from = page.indexOf(BEGIN);
  const to = page.indexOf(END);
  if (from < 0 || to < from) throw new Error(`${DOCS}: expected the lines ${BEGIN} and ${END}, between which the outcome goes`);
  writeFileSync(DOCS, `${page.slice(0, from + BEGIN.length)}\n\n${table(all)}\n\n${page.slice(to)}`);
}

const runs = RUNS.filter(({ image }) => wanted.length === 0 || wanted.some((part) => image.includes(part)));
if (runs.length === 0) {
  console.error(`No image is called ${wanted.join(' or ')}: ${[...new Set(RUNS.map(({ image }) => image))].join(' ')}`);
  process.exit(2);
}
for (const peer of new Set(runs.map(({ peer }) => peer))) {
  const file = missing(peer);
  if (file === undefined) continue;
  console.error(`${peer} is missing: expected ${file}. On Debian: apt-get install bochs bochsbios vgabios qemu-system-x86`);
  process.exit(2);
}
mkdirSync(`${FOLDER}/expected`, { recursive: true });
const all = await outcomes(runs);
console.log(`\n${table(all)}\n\nReasons:\n${reasons(all)}`);
const unexplained = count(
  all.flatMap(({ rows }) => rows),
  isUnexplained,
);
if (unexplained > 0) {
  console.error(`\n${unexplained} differences without a reason`);
  process.exitCode = 1;
}
if (wanted.length === 0) {
  const idle = EXEMPTIONS.filter((exemption) => !used(all).has(exemption));
  for (const { peer, image, line } of idle) console.error(`No line needs the exemption of ${peer}, ${image}, ${line}.`);
  if (idle.length > 0) process.exitCode = 1;
  if (write && process.exitCode !== 1) writeDocs(all);
}
