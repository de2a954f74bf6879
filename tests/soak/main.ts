/** Runs the soak from the command line: `npm run soak -- --help`. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { KINDS } from './guests.ts';
import { CELLS, type Cell, type Figures, Finding, noFigures, Soak } from './soak.ts';
import { LEVELS } from './states.ts';

const HELP = `npm run soak -- [options]
  --steps N     instructions (and events in their place) in each cell, at its own level; 20000 unless said
  --level N     or: in the cells of one level, with one kind of guest, together
  --seed N      another seed, another soak; 1 unless said
  --only TEXT   cells whose name has this in it: 'vmx cpl3', 'none real', '16 pae'
  --case N      one case of one cell, by its number
  --file PATH   where the figures are kept; a soak of the same seed goes on from there
  --minutes N   stop after so long
  --write       put the figures into docs/conformance.md
`;

/** What a soak of one seed has come to. */
interface Kept {
  readonly seed: number;
  readonly cells: Record<string, Figures>;
  readonly findings: string[];
}

/** Cases of a cell before the next has its turn, and between two signs of life. */
const CASES_AT_ONCE = 4096;
const CASES_A_BEAT = 64;

function option(name: string, otherwise: string): string {
  const index = process.argv.indexOf(`--${name}`);
  return index < 0 ? otherwise : (process.argv[index + 1] ?? '');
}

function read(file: string, seed: number): Kept {
  const fresh: Kept = { seed, cells: {}, findings: [] };
  if (!existsSync(file)) return fresh;
  const kept = JSON.parse(readFileSync(file, 'utf8')) as Kept;
  return kept.seed === seed ? kept : fresh;
}

const millions = (steps: number): string => (steps / 1e6).toFixed(2);

/** One row for each level, one column for each kind of guest. */
export function table(cells: Readonly<Record<string, Figures>>): string {
  const rows = LEVELS.map((level) => {
    const columns = KINDS.map((kind) => {
      const own = CELLS.filter((cell) => cell.kind === kind && cell.mode.level === level).map(({ name }) => cells[name]?.own ?? 0);
      return millions(own.reduce((sum, steps) => sum + steps, 0));
    });
    return `| ${level} | ${columns.join(' | ')} |`;
  });
  return ['| millions of steps at | no guest | guest of VT-x | guest of AMD-V |', '|---|---|---|---|', ...rows].join('\n');
}

const DOCS = 'docs/conformance.md';
const BEGIN = '<!-- soak: begin -->';
const END = '<!-- soak: end -->';

/** Puts the figures between their marks in the page. */
function writeDocs({ seed, cells, findings }: Kept, steps: number, exits: number): void {
  const page = readFileSync(DOCS, 'utf8');
  const [before, rest] = page.split(BEGIN);
  const after = rest?.split(END)[1];
  if (after === undefined) throw new Error(`${DOCS} has no ${BEGIN} and ${END}`);
  const sum = `Seed ${seed}: ${millions(steps)} million steps, each twice; ${exits} VM exits; ${findings.length} findings.`;
  writeFileSync(DOCS, `${before}${BEGIN}\n\n${table(cells)}\n\n${sum}\n\n${END}${after}`);
}

const beat = (cell: string, number: number): void => {
  process.send?.({ cell, number });
};

/** Runs a cell up to so many steps at its own level. */
function soak(cell: Cell, seed: number, kept: Kept, enough: () => boolean): void {
  kept.cells[cell.name] ??= noFigures();
  const machine = new Soak(cell, seed, kept.cells[cell.name]);
  while (!enough()) {
    if (machine.figures.cases % CASES_A_BEAT === 0) beat(cell.name, machine.figures.cases);
    try {
      machine.next();
    } catch (error) {
      if (!(error instanceof Finding)) throw error;
      console.log(error.message);
      kept.findings.push(error.message.split('\n')[0]);
      machine.figures.cases++;
    }
  }
}

function main(): number {
  if (process.argv.includes('--help')) {
    console.log(HELP);
    return 0;
  }
  const seed = Number(option('seed', '1'));
  const only = option('only', '');
  const cells = CELLS.filter(({ name }) => name.includes(only));
  if (cells.length === 0) {
    console.error(`No cell has '${only}' in its name. There are: ${CELLS.map(({ name }) => name).join(', ')}.`);
    return 2;
  }
  const single = option('case', '');
  if (single !== '') {
    new Soak(cells[0], seed).one(Number(single));
    console.log(`${cells[0].name}, seed ${seed}, case ${single}: nothing found`);
    return 0;
  }
  const file = option('file', '');
  const kept = read(file, seed);
  const end = performance.now() + Number(option('minutes', 'Infinity')) * 60_000;
  const perLevel = option('level', '');
  const save = (): void => {
    if (file === '') return;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(kept, null, 1));
  };
  const targetOf = (cell: Cell): number => {
    if (perLevel === '') return Number(option('steps', '20000'));
    const alike = CELLS.filter(({ kind, mode }) => kind === cell.kind && mode.level === cell.mode.level);
    return Number(perLevel) / alike.length;
  };
  const open = new Set(cells);
  while (open.size > 0 && performance.now() < end) {
    for (const cell of open) {
      const figures = kept.cells[cell.name] ?? noFigures();
      const most = figures.cases + CASES_AT_ONCE;
      const done = (): boolean => (kept.cells[cell.name]?.own ?? 0) >= targetOf(cell);
      soak(cell, seed, kept, () => done() || (kept.cells[cell.name]?.cases ?? 0) >= most || performance.now() > end);
      if (done()) open.delete(cell);
      save();
    }
  }
  const steps = Object.values(kept.cells).reduce((sum, figures) => sum + figures.steps, 0);
  const exits = Object.values(kept.cells).reduce((sum, figures) => sum + figures.exits, 0);
  console.log(
    `${table(kept.cells)}\n\nSeed ${seed}: ${millions(steps)} million steps in all, each twice; ${exits} VM exits; ${kept.findings.length} findings.`,
  );
  if (open.size > 0)
    console.log(`The time is up: ${open.size} of ${cells.length} cells are short of what was asked. It goes on with the same seed.`);
  if (process.argv.includes('--write')) writeDocs(kept, steps, exits);
  return kept.findings.length === 0 ? 0 : 1;
}

process.exitCode = main();
process.disconnect?.();
