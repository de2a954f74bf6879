/** rm1 costs: the techniques side by side, in cycles that the machine counts. */
import { type Account, SIDES } from '../lab/costs/account.ts';
import { margin, ORDERS, type Survival } from '../lab/costs/orders.ts';
import { PAPER, type PaperWay } from '../lab/costs/paper.ts';
import { COST_NAMES, chosenCosts } from '../session/cost-names.ts';
import { type Comparison, compare, vary } from '../session/costs/compare.ts';
import { Refused } from '../session/refused.ts';
import { finish } from './finish.ts';
import type { CliIo } from './io.ts';

const USAGE = `usage: rm1 costs [--costs NAME] [--vary] [--json]

Runs the same guest work under each technique and prints what it costs, in cycles that the machine counts between two marks in the guest: the
nanobenchmarks of Adams and Agesen (2006), TLB misses, and process creation in minim.

  --costs NAME   cycles per event: ${COST_NAMES.join(', ')}
                 (default p4-672-2005, the paper's processor)
  --vary         each cost that is not measured also half as much and half as much again: which orders survive (about a minute)
  --json         one JSON object
`;

const PAPER_PROFILE = 'p4-672-2005';
const whole = (cycles: number): string => Math.round(cycles).toLocaleString('en');

/** Columns as wide as what is in them, the first to the left and the others to the right. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0].map((_, k) => Math.max(...rows.map((row) => row[k].length)));
  return rows
    .map((row) => `${row.map((cell, k) => (k === 0 ? cell.padEnd(widths[k]) : cell.padStart(widths[k]))).join('  ')}`.trimEnd())
    .map((line) => `  ${line}\n`)
    .join('');
}

const cell = (account: Account | null): string => (account === null ? '-' : whole(account.cycles));

const measuredTable = ({ ways, loads, cells }: Comparison): string =>
  table([['', ...ways.map(({ id }) => id)], ...loads.map(({ id }) => [id, ...ways.map((way) => cell(cells[way.id][id]))])]);

const PAPER_WAYS: readonly PaperWay[] = ['none', 'translate', 'vtx-traced'];

const paperTable = (): string =>
  table([
    ['', ...PAPER_WAYS],
    ...Object.entries(PAPER).map(([load, figures]) => [
      load,
      ...PAPER_WAYS.map((way) => `${whole(figures[way].cycles)}${figures[way].status === 'remembered' ? '?' : ' '}`),
    ]),
  ]);

/** `CR_ACCESS 1, #PF 25.3` */
const exitsOf = (exits: Account['exits']): string =>
  Object.entries(exits)
    .filter(([, count]) => Math.round(count * 10) !== 0)
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => `${name} ${Number(count.toFixed(1))}`)
    .join(', ');

const sidesTable = ({ ways, loads, cells }: Comparison): string =>
  table([
    ['', ...SIDES, 'crossings', 'ways into the monitor'],
    ...loads.flatMap(({ id }) =>
      ways.flatMap((way) => {
        const account = cells[way.id][id];
        if (account === null) return [];
        const sides = SIDES.map((side) => whole(account.bySide[side]));
        return [[`${id}, ${way.id}`, ...sides, Number(account.crossings.toFixed(1)).toLocaleString('en'), exitsOf(account.exits)]];
      }),
    ),
  ]);

const verdict = (isSo: boolean): string => (isSo ? 'yes' : 'NO');

const ordersTable = ({ cells }: Comparison): string =>
  table([
    ['', 'so?'],
    ...ORDERS.map((order) => [order.text, verdict(margin(order, (way) => cells[way][order.load]?.cycles ?? Number.NaN) > 0)]),
  ]);

const survivalTable = (survivals: readonly Survival[]): string =>
  table([
    ['', 'so?', 'one by one', 'all at their worst'],
    ...survivals.map(({ order, margin: by, turnedBy, worst }) => [
      order.text,
      verdict(by > 0),
      by <= 0 ? '-' : turnedBy.length === 0 ? 'survives' : `turned by ${turnedBy.join(', ')}`,
      by <= 0 ? '-' : worst > 0 ? 'survives' : 'may turn',
    ]),
  ]);

export function costs(args: string[], io: CliIo): number {
  const options = { name: PAPER_PROFILE, vary: false, json: false };
  for (let k = 0; k < args.length; k++) {
    const [name, attached] = args[k].split('=', 2);
    if (name === '--help') {
      io.stdout(USAGE);
      return 0;
    }
    if (name === '--vary') options.vary = true;
    else if (name === '--json') options.json = true;
    else if (name === '--costs' && (attached ?? args[k + 1]) !== undefined) options.name = attached ?? args[++k];
    else {
      io.stderr(`rm1 costs: ${name === '--costs' ? '--costs needs a value' : `there is no option ${name}`}\n\n${USAGE}`);
      return 2;
    }
  }
  try {
    return report(options, io);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    io.stderr(`rm1 costs: ${error.message}\n`);
    return 2;
  }
}

function report(options: { readonly name: string; readonly vary: boolean; readonly json: boolean }, io: CliIo): number {
  const profile = chosenCosts(options.name);
  const tell = (what: string) => io.stderr(`${what} ...\n`);
  const comparison = finish(compare(profile), tell);
  const survivals = options.vary ? finish(vary(comparison, profile), tell) : null;
  if (options.json) {
    io.stdout(`${JSON.stringify({ ...comparison, costs: profile.costs, paper: PAPER, ...(survivals !== null && { survivals }) })}\n`);
    return 0;
  }
  io.stdout(`Cycles for each, by the costs of ${profile.title} (${profile.name}):\n\n${measuredTable(comparison)}\n`);
  for (const { id, what } of comparison.loads) io.stdout(`  ${id.padEnd(10)}${what}\n`);
  if (profile.name === PAPER_PROFILE)
    io.stdout(`\nWhat Adams and Agesen report of a Pentium 4 672 (second hand; ?: nobody could check it here):\n\n${paperTable()}`);
  io.stdout(`\nOn which side the cycles went, and why the guest was left:\n\n${sidesTable(comparison)}`);
  if (profile.name === PAPER_PROFILE)
    io.stdout(`\nThe paper's orders:\n\n${survivals === null ? ordersTable(comparison) : survivalTable(survivals)}`);
  io.stdout('\nThe costs themselves:\n\n');
  for (const [key, { cycles, status, source }] of Object.entries(profile.costs))
    io.stdout(`  ${key.padEnd(10)}${String(cycles).padStart(6)}  ${status.padEnd(11)}${source}\n`);
  return 0;
}
