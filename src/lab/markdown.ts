/** The table of docs/lab.md. */
import { CLASSES } from './derive.ts';
import type { LabRow } from './report.ts';
import { isCritical, witnessOf } from './text.ts';

const cells = (line: readonly string[]): string => `| ${line.join(' | ')} |`;

function table(heading: readonly string[], lines: readonly (readonly string[])[]): string {
  return [cells(heading), cells(heading.map(() => '---')), ...lines.map(cells)].join('\n');
}

const listOf = (names: readonly string[]): string => names.join(', ') || '–';

export function labMarkdown(rows: readonly LabRow[]): string {
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
  ].join('\n');
}
