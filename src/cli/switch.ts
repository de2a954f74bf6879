/** rm1 switch: from one technique to others, at the same place in the guest. */
import { hex0x } from '../lib/hex.ts';
import { SourceErrors } from '../session/guests.ts';
import { type Kept, keepPlace } from '../session/keeping.ts';
import { Refused } from '../session/refused.ts';
import { Session } from '../session/session.ts';
import type { Paging, Vmm } from '../session/views.ts';
import { finish } from './finish.ts';
import type { CliIo } from './io.ts';

const USAGE = `usage: rm1 switch SCENARIO --step N --from TECHNIQUE [--json] TECHNIQUE...

Where the guest stands at a step under one technique, and where that is under others: the same address in the same virtual machine, and the same count
of arrivals there. Where a technique never comes there, why.

  SCENARIO    one of rm1 scenarios
  TECHNIQUE   none, trap, translate, vtx, svm; of the last two also vtx/shadow, vtx/nested, ...
  --step N    the step under --from
  --json      one object a line, with the guest's general registers under both

Status 0 when every technique comes to the place, 1 when one does not.
`;

interface Options {
  readonly scenario: string;
  readonly step: number;
  readonly from: string;
  readonly to: readonly string[];
  readonly json: boolean;
}

/** What is wrong with the arguments, as a text; or the options. */
function parse(args: readonly string[]): Options | string {
  const plain: string[] = [];
  const values: Record<string, string> = {};
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    if (arg === '--json') continue;
    if (arg === '--step' || arg === '--from') {
      const value = args[++i];
      if (value === undefined) return `${arg} needs a value`;
      values[arg] = value;
    } else if (arg.startsWith('-')) return `there is no option ${arg}`;
    else plain.push(arg);
  }
  const [scenario, ...to] = plain;
  const { '--step': step = '', '--from': from = '' } = values;
  if (scenario === undefined) return 'which scenario? rm1 scenarios lists them';
  if (!/^(0|[1-9][0-9]{0,14})$/.test(step)) return `--step takes a number, found ${step === '' ? 'none' : step}`;
  if (from === '') return '--from names the technique of the step';
  if (to.length === 0) return 'to which techniques? for instance: vtx translate';
  return { scenario, step: Number(step), from, to, json: args.includes('--json') };
}

function open(scenario: string, technique: string): Session {
  const [vmm, paging] = technique.split('/');
  if (paging !== undefined && paging !== 'shadow' && paging !== 'nested') throw new Refused(`paging is shadow or nested, found ${paging}`);
  return Session.open({ scenario, vmm: vmm as Vmm, ...(paging !== undefined && { paging: paging as Paging }) });
}

const REGISTERS = ['EAX', 'ECX', 'EDX', 'EBX', 'ESP', 'EBP', 'ESI', 'EDI'];

const registersOf = (session: Session): Readonly<Record<string, string>> =>
  Object.fromEntries(
    session
      .view(true)
      .registers.filter(({ name }) => REGISTERS.includes(name))
      .map(({ name, value }) => [name, hex0x(value)]),
  );

function recordOf(from: Session, to: Session, technique: string, { found, place, n, sentence }: Kept): unknown {
  if (place !== null) from.seek(place.n);
  return {
    to: technique,
    found,
    n,
    ...(place !== null && {
      place: { vm: place.vm, address: hex0x(place.linear), program: place.program, arrival: place.arrival, n: place.n },
      before: registersOf(from),
      after: registersOf(to),
    }),
    sentence,
  };
}

export function switchTechnique(args: string[], io: CliIo): number {
  if (args.includes('--help')) {
    io.stdout(USAGE);
    return 0;
  }
  const options = parse(args);
  if (typeof options === 'string') {
    io.stderr(`rm1 switch: ${options}\n`);
    return 2;
  }
  const { scenario, step, from, to, json } = options;
  try {
    let status = 0;
    for (const technique of to) {
      const [before, after] = [open(scenario, from), open(scenario, technique)];
      before.run(step);
      before.seek(step);
      const kept = finish(keepPlace(before, after));
      if (!kept.found) status = 1;
      io.stdout(json ? `${JSON.stringify(recordOf(before, after, technique, kept))}\n` : `${technique}: ${kept.sentence}\n`);
    }
    return status;
  } catch (error) {
    if (!(error instanceof Refused || error instanceof SourceErrors)) throw error;
    io.stderr(`rm1 switch: ${error.message}\n`);
    return 2;
  }
}
