/** rm1 lab: the class of every instruction, found by running it. */
import { ROWS } from '../isa/table.ts';
import { labMarkdown } from '../lab/markdown.ts';
import { Laboratory, type LabRow, nameOf } from '../lab/report.ts';
import { guestText, labText, rowText, verdictText } from '../lab/text.ts';
import { type Verdict, verdicts } from '../lab/verdict.ts';
import type { CliIo } from './io.ts';

const USAGE = `usage: rm1 lab [--cpu NAME] [--instruction NAME] [--json | --markdown]

Runs every row of the instruction table in rings 0, 1 and 3, and prints its class by Popek and Goldberg's definitions, found so: privileged, control-sensitive,
behaviour-sensitive or innocuous; what of the system it reads and writes; where that is not what Robin and Irvine published; and for each processor whether a guest without privilege, and
one of VT-x or AMD-V, can have every sensitive instruction for its own or else must leave it to its monitor.

  --cpu NAME          on that processor (default: on the oldest that has the instruction)
  --instruction NAME  those of that mnemonic, with a witness for all that was found
  --markdown          the table of docs/lab.md
  --json              one object: {"rows": [...], "verdicts": [...]}, each row with its witnesses
`;

interface Options {
  cpu: string | undefined;
  instruction: string | undefined;
  json: boolean;
  markdown: boolean;
}

function parse(args: readonly string[]): Options | string {
  const options: Options = { cpu: undefined, instruction: undefined, json: false, markdown: false };
  for (let k = 0; k < args.length; k++) {
    const arg = args[k] as string;
    if (arg === '--json') options.json = true;
    else if (arg === '--markdown') options.markdown = true;
    else if (arg === '--cpu' || arg === '--instruction') {
      const value = args[++k];
      if (value === undefined) return `${arg} needs a name`;
      options[arg === '--cpu' ? 'cpu' : 'instruction'] = value;
    } else
      return arg.startsWith('-') ? `there is no option ${arg}` : `expected options, found ${arg}; an instruction is --instruction ${arg}`;
  }
  return options;
}

export function lab(args: readonly string[], io: CliIo): number {
  if (args.includes('--help') || args.includes('-h')) {
    io.stdout(USAGE);
    return 0;
  }
  const wrong = (message: string): number => {
    io.stderr(`rm1 lab: ${message}\n`);
    return 2;
  };
  const options = parse(args);
  if (typeof options === 'string') return wrong(`${options}\n${USAGE}`);
  const { cpu, json, markdown } = options;
  const name = options.instruction?.toUpperCase();
  const asked = name === undefined ? ROWS : ROWS.filter((row) => row.mnemonic === name || nameOf(row).toUpperCase() === name);
  if (asked.length === 0) return wrong(`no row of the instruction table is called ${options.instruction}`);
  let rows: LabRow[];
  let judged: Verdict[];
  try {
    const laboratory = new Laboratory(cpu);
    rows = [...laboratory.rows(asked)];
    judged = [...verdicts(laboratory, rows, cpu)];
  } catch (error) {
    if (cpu === undefined) throw error;
    return wrong((error as Error).message);
  }
  if (rows.length === 0) return wrong(`${cpu} does not have ${name}`);
  if (json) io.stdout(`${JSON.stringify({ rows, verdicts: judged })}\n`);
  else if (markdown) io.stdout(`${labMarkdown(rows, judged)}\n`);
  else
    io.stdout(
      name === undefined ? labText(rows) + verdictText(judged) : rows.map((row) => rowText(row) + guestText(row, judged)).join('\n'),
    );
  return 0;
}
