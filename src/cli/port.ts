/** rm1 port: what was changed of minim so that it runs under the monitor para. */
import { guestFiles, guestImage } from '../session/guests.ts';
import { MINIM } from '../session/minim-disk.ts';
import { portOf } from '../session/porting.ts';
import { PORTS } from '../session/ports.ts';
import type { PortedSource, PortPart } from '../session/views.ts';
import type { CliIo } from './io.ts';

const USAGE = `usage: rm1 port [FILE] [--json]

Without a file: the sources of minim for the monitor para, and of how many lines of code each has how many were changed. With one (trap.inc): the two
sources line by line, and for each change its reason.
`;

const told = ({ from, code, changed, gone }: PortedSource): string =>
  changed + gone === 0 ? `the same file, ${code} lines` : `${changed} of ${code} lines${from === '' ? ', new' : `, in place of ${gone}`}`;

function shown({ alike, why, old, now }: PortPart): string {
  if (alike) return now.map(({ text }) => `  ${text}\n`).join('');
  return `${why === '' ? '' : `@ ${why}\n`}${old.map(({ text }) => `- ${text}\n`).join('')}${now.map(({ text }) => `+ ${text}\n`).join('')}`;
}

export function port(args: string[], io: CliIo): number {
  const [name] = args.filter((arg) => !arg.startsWith('--'));
  const path = PORTS[MINIM];
  const ported = [...portOf(path, guestImage(path).map.files, guestFiles().text)];
  if (args.includes('--help')) io.stdout(USAGE);
  else if (name !== undefined) {
    const found = ported.find(([file]) => file === name || file.endsWith(`/${name}`));
    if (found === undefined) {
      io.stderr(`rm1 port: there is no source ${name}; there are ${ported.map(([file]) => file).join(', ')}\n`);
      return 2;
    }
    io.stdout(args.includes('--json') ? `${JSON.stringify(found[1])}\n` : found[1].parts.map(shown).join(''));
  } else if (args.includes('--json')) io.stdout(`${JSON.stringify(Object.fromEntries(ported))}\n`);
  else {
    const width = Math.max(...ported.map(([file]) => file.length)) + 2;
    for (const [file, source] of ported) io.stdout(`${file.padEnd(width)}${told(source)}\n`);
    const sum = (of: (source: PortedSource) => number): number => ported.reduce((all, [, source]) => all + of(source), 0);
    io.stdout(
      `${'all'.padEnd(width)}${sum(({ changed }) => changed)} of ${sum(({ code }) => code)} lines, in place of ${sum(({ gone }) => gone)}\n`,
    );
  }
  return 0;
}
