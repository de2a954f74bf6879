/** The table of docs/lab.md. */
import { CLASSES } from './derive.ts';
import type { LabRow } from './report.ts';
import { guestSummary, isCritical, witnessOf } from './text.ts';
import type { Verdict } from './verdict.ts';

const cells = (line: readonly string[]): string => `| ${line.join(' | ')} |`;

function table(heading: readonly string[], lines: readonly (readonly string[])[]): string {
  return [cells(heading), cells(heading.map(() => '---')), ...lines.map(cells)].join('\n');
}

const listOf = (names: readonly string[]): string => names.join(', ') || '–';

const EXTENSIONS = { vmx: 'VT-x', svm: 'AMD-V' } as const;

export function labMarkdown(rows: readonly LabRow[], verdicts: readonly Verdict[]): string {
  const counts = CLASSES.map((name) => [name, String(rows.filter((row) => row.missing === '' && row.class === name).length)]);
  const missing = rows.filter((row) => row.missing !== '').length;
  const critical = rows.filter(isCritical);
  const privileged = rows.filter((row) => row.privileged);
  return [
    table(['class', 'rows'], [...counts, ['not run', String(missing)]]),
    '',
    'Sensitive and not privileged:',
    '',
    table(
      ['instruction', 'opcode', 'class', 'reads', 'writes', 'listed as', 'a witness'],
      critical.map((row) => [row.name, row.encoding, row.class, listOf(row.reads), listOf(row.writes), row.listed ?? '–', witnessOf(row)]),
    ),
    '',
    'Privileged:',
    '',
    table(
      ['instruction', 'opcode', 'reads', 'writes', 'unless'],
      privileged.map((row) => [row.name, row.encoding, listOf(row.reads), listOf(row.writes), listOf(row.unless)]),
    ),
    '',
    'The verdicts:',
    '',
    table(
      ['processor', 'without an extension', 'its guests, every intercept on', 'its guests, only what must be on'],
      verdicts.map(({ title, critical, extension, guests }) => [
        title,
        `fails: ${critical.length} rows`,
        ...[0, 1].map((k) => (guests[k] === undefined || extension === null ? '–' : `${EXTENSIONS[extension]} ${guestSummary(guests[k])}`)),
      ]),
    ),
  ].join('\n');
}
