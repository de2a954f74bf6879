/** The lab's findings as text. */

import { hex8 } from '../lib/hex.ts';
import { say, told, worded } from '../lib/say.ts';
import { CLASSES } from './derive.ts';
import { PUBLISHED_COUNT, ROBIN_IRVINE } from './literature.ts';
import type { Difference } from './outcome.ts';
import type { Evidence, LabRow } from './report.ts';
import type { Setting } from './resources.ts';
import type { GuestRow, GuestVerdict, Verdict } from './verdict.ts';

const list = (names: readonly string[]): string => (names.length === 0 ? '-' : names.join(' '));

/** Privileged or not, it reads or writes what belongs to the system. */
export const isSensitive = ({ reads, writes }: LabRow): boolean => reads.length + writes.length > 0;
/** Sensitive, and no monitor is told of it. */
export const isCritical = (row: LabRow): boolean => isSensitive(row) && !row.privileged;

/** Names of the rows that share what was found: `POPFW, POPFD`. */
const groupedBy = (rows: readonly LabRow[], key: (row: LabRow) => string): LabRow[][] => {
  const groups = new Map<string, LabRow[]>();
  for (const row of rows) {
    const group = groups.get(key(row));
    if (group === undefined) groups.set(key(row), [row]);
    else group.push(row);
  }
  return [...groups.values()];
};

function table(lines: readonly (readonly string[])[]): string {
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines.map((line) => `  ${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd()).join('\n');
}

const LETS: Readonly<Record<Setting, string>> = {
  IOPL: worded('IOPL is 3'),
  TSD: worded('CR4.TSD is 0'),
  PCE: worded('CR4.PCE is 1'),
  bitmap: worded('the I/O bitmap allows the port'),
};

/** `ring 3`, or `rings 0 and 3`. */
const ringsOf = ({ rings }: Evidence): string =>
  rings.length === 2 && rings[0] !== rings[1] ? say`rings ${rings[0]} and ${rings[1]}` : say`ring ${rings[0]}`;

/** Fields of EFLAGS, as far as trials can change them. */
const FLAGS: readonly (readonly [name: string, low: number, mask: number])[] = [
  ['CF', 0, 1],
  ['PF', 2, 1],
  ['AF', 4, 1],
  ['ZF', 6, 1],
  ['SF', 7, 1],
  ['TF', 8, 1],
  ['IF', 9, 1],
  ['DF', 10, 1],
  ['OF', 11, 1],
  ['IOPL', 12, 3],
  ['NT', 14, 1],
];

/** `EAX 00000001 → 00000002`; of EFLAGS the fields that differ, `IF 1 → 0`. */
function differenceText({ what, before, after }: Difference): string {
  if (what !== 'EFLAGS') return `${what} ${hex8(before)} → ${hex8(after)}`;
  const fields = FLAGS.filter(([, low, mask]) => (((before ^ after) >> low) & mask) !== 0);
  return fields.map(([name, low, mask]) => `${name} ${(before >> low) & mask} → ${(after >> low) & mask}`).join(', ');
}

const isOf = (of: string, what: string): boolean => what.split(' ')[0] === of || (what === 'EFLAGS' && (of === 'IF' || of === 'IOPL'));

/** Of a change, that of the resource itself, where it is a register with a name. */
function differencesText({ shows, of, differences }: Evidence): string {
  const own = shows === 'writes' ? differences.filter(({ what }) => isOf(of, what)) : [];
  return (own.length > 0 ? own : differences).map(differenceText).join(', ');
}

/** What a witness shows, in one sentence. */
export function sentence(evidence: Evidence): string {
  const { shows, of, instruction } = evidence;
  switch (shows) {
    case 'trap':
      return say`${instruction}: ring 0 executes it, ring 3 traps.`;
    case 'reads':
      if (of === 'CPL') return say`${instruction}: ${ringsOf(evidence)} differ in more than the ring: ${differencesText(evidence)}`;
      return say`${instruction}: in ${ringsOf(evidence)}, two machines that differ in ${of} alone come to differ: ${differencesText(evidence)}`;
    case 'writes':
      return say`${instruction}: in ${ringsOf(evidence)}, ${of} is not what it was: ${differencesText(evidence)}`;
    case 'alike':
      return say`${instruction}: rings 0 and 3 do the same.`;
    default:
      return say`${instruction}: ring 3 executes it where ${told(LETS[of as Setting])}.`;
  }
}

/** Of what was found, the witness that says most in few words: two rings that differ, else two machines, else a change. */
export function witnessOf({ evidence }: LabRow): string {
  const best =
    evidence.find(({ shows, of }) => shows === 'reads' && of === 'CPL') ??
    evidence.find(({ shows }) => shows === 'reads' || shows === 'writes');
  return best === undefined ? '' : sentence({ ...best, differences: best.differences.slice(0, 2) });
}

function summary(rows: readonly LabRow[]): string {
  const run = rows.filter(({ missing }) => missing === '');
  const lines = CLASSES.map((name) => [name, String(run.filter((row) => row.class === name).length)]);
  const missing = rows.length - run.length;
  return table([...lines, ...(missing > 0 ? [['not run: the simulator lacks it', String(missing)]] : [])]);
}

function section(title: string, rows: readonly LabRow[]): string {
  if (rows.length === 0) return '';
  const heading = ['instruction', 'opcode', 'reads', 'writes', 'listed'];
  const groups = groupedBy(rows, ({ name, reads, writes, listed }) => [name.split(' ')[0], reads, writes, listed].join('|'));
  const lines = groups.map((group) => {
    const [{ reads, writes, listed }] = group as [LabRow];
    const mnemonic = group.length === 1 ? group[0]?.name : (group[0]?.name.split(' ')[0] ?? '');
    return [mnemonic ?? '', group.map(({ encoding }) => encoding).join(', '), list(reads), list(writes), listed ?? '-'];
  });
  return `\n${title}\n${table([heading, ...lines])}\n`;
}

/** Differences from the published list, each with a witness. */
function differences(rows: readonly LabRow[]): string {
  const told = rows.filter(({ explanation }) => explanation !== null);
  const mnemonics = ROBIN_IRVINE.length;
  const lines = groupedBy(told, ({ explanation }) => explanation ?? '').map((group) => {
    const names = group.map(({ name }) => name).join('; ');
    const witness = group
      .flatMap(({ evidence }) => evidence)
      .find(({ shows }) => shows === 'lets' || shows === 'reads' || shows === 'writes');
    return `  ${names}\n    ${group[0]?.explanation ?? ''}\n${witness === undefined ? '' : `    Witness: ${sentence(witness)}\n`}`;
  });
  const unfound = ROBIN_IRVINE.filter(({ name }) => !rows.some((row) => row.listed === name && isCritical(row)));
  const tail = unfound.length === 0 ? 'All of the list is found.' : `Listed and not found: ${unfound.map(({ name }) => name).join(', ')}.`;
  return `\nBeside the list of Robin and Irvine (2000)\n  It counts ${PUBLISHED_COUNT} instructions; each mnemonic counted once makes ${mnemonics}. ${tail} Besides:\n${lines.join('')}`;
}

const EXTENSIONS = { vmx: 'VT-x', svm: 'AMD-V' } as const;

/** What guests showed, in one line. */
export function guestSummary({ rows, virtualizable }: GuestVerdict): string {
  const exits = rows.filter((row) => row.exits.length > 0).length;
  const own = rows.filter((row) => row.exits.length === 0 && row.real.length === 0).length;
  const real = rows.filter((row) => row.real.length > 0);
  const others = [...new Set(real.map(({ name }) => name.split(' ')[0]))].join(', ');
  const verdict = virtualizable
    ? say`holds: ${exits} of ${rows.length} sensitive instructions exit, ${own} have what is the guest's own`
    : say`fails: ${exits} of ${rows.length} sensitive instructions exit, ${own} have what is the guest's own`;
  return real.length === 0 ? verdict : say`${verdict}; not the guest's: ${others}`;
}

/** The verdict for each processor. */
export function verdictText(verdicts: readonly Verdict[]): string {
  const lines = verdicts.flatMap(({ cpu, title, critical, extension, guests }) => [
    `  ${cpu}: ${title}`,
    `    without an extension: fails, ${critical.length} rows are sensitive and not privileged`,
    ...guests.map(
      (guest) =>
        `    ${extension === null ? '' : EXTENSIONS[extension]}, ${guest.intercepts === 'all' ? 'every intercept on' : 'only what must be on'}: ${guestSummary(guest)}`,
    ),
  ]);
  return `\nIs every sensitive instruction privileged, or a guest's own?\n${lines.join('\n')}\n`;
}

/** The whole table. */
export function labText(rows: readonly LabRow[]): string {
  const critical = rows.filter(isCritical);
  const isConditional = (row: LabRow): boolean => row.privileged && row.unless.length > 0;
  return [
    'Every row of the instruction table, run in rings 0, 1 and 3 from many states, each with one resource of the system changed in turn.\n\n',
    summary(rows),
    '\n',
    section('Sensitive and not privileged: no trap tells a monitor in ring 0', critical),
    section(
      'Privileged',
      rows.filter((row) => row.privileged && !isConditional(row)),
    ),
    section('Privileged while a monitor does not let them through (IOPL, CR4.TSD, CR4.PCE, the I/O bitmap)', rows.filter(isConditional)),
    differences(rows),
  ].join('');
}

/** One instruction, with its evidence. */
export function rowText(row: LabRow): string {
  const { name, encoding, cpu, class: found, derived, reads, writes, unless, runs, listed, explanation, evidence, missing } = row;
  const ran = ([0, 1, 3] as const).map((ring) => `ring ${ring}: ${runs[ring].runs} runs, ${runs[ring].traps} traps`).join('; ');
  const lines = [
    `${name} (${encoding}) on ${cpu}`,
    ...(missing === '' ? [] : [`  not run: the simulator does not have ${missing}`]),
    `  class      ${found}${isSensitive(row) && found === 'privileged' ? ', and sensitive: its trap tells a monitor' : ''}`,
    `  derived    ${derived}`,
    `  runs       ${ran}`,
    `  reads      ${list(reads)}`,
    `  writes     ${list(writes)}`,
    ...(unless.length > 0 ? [`  unless     ${unless.map((setting) => LETS[setting]).join(', or ')}`] : []),
    `  published  ${listed === null ? 'not on the list of Robin and Irvine' : `listed as ${listed}`}`,
    ...(explanation ? [`             ${explanation}`] : []),
    ...evidence.map((one) => `  ${one.shows.padEnd(9)}  ${sentence(one)}`),
  ];
  return `${lines.join('\n')}\n`;
}

/** What became of one instruction in guests. */
export function guestText({ id }: LabRow, judged: readonly Verdict[]): string {
  const lines = judged.flatMap(({ cpu, guests }) =>
    guests.flatMap(({ intercepts, rows }) =>
      rows.filter((row) => row.id === id).map((row) => `  ${cpu.padEnd(9)}  ${intercepts.padEnd(5)}  ${howText(row)}`),
    ),
  );
  return lines.length === 0 ? '' : `  In a guest, with every intercept on (all) or only what must be (least):\n${lines.join('\n')}\n`;
}

function howText({ exits, own, swapped, real }: GuestRow): string {
  const parts = [
    ...(exits.length > 0 ? [`exits: ${exits.join(', ')}`] : []),
    ...(own ? ["the guest's own"] : []),
    ...(swapped.length > 0 ? [`left in the processor, for the monitor to swap: ${swapped.join(', ')}`] : []),
    ...(real.length > 0 ? [`not the guest's: ${real.join(', ')}`] : []),
  ];
  return parts.join('; ');
}
