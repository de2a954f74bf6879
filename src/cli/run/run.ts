/** rm1 run: power on and go. */
import { formatError } from '../../asm/errors.ts';
import { ScenarioFileErrors } from '../../lessons/scenario-file.ts';
import { SourceErrors } from '../../session/guests.ts';
import { Refused } from '../../session/refused.ts';
import { Session } from '../../session/session.ts';
import { sentenceOf } from '../../session/telling.ts';
import { faultChain, lastRefusal } from '../../session/view/failure.ts';
import type { RunIo } from '../io.ts';
import { ConsolePrinter } from './consoles.ts';
import { fromScenarioFile, powerOnOptions, scenarioText } from './image.ts';
import { recordedInputs } from './inputs.ts';
import { parseRun, RUN_USAGE, type RunOptions } from './options.ts';
import { TraceWriter } from './trace.ts';

const CHUNK = 200_000;

const USAGE_STATUS = 2;
const BROKEN_STATUS = 8;

/** The machine's end as exit status and words. */
function outcome(session: Session): { status: number; text: string } {
  const { end } = session.machine;
  if (end === null) return { status: 4, text: 'step limit' };
  switch (end.kind) {
    case 'halted':
      return { status: 0, text: 'halted' };
    case 'shutdown':
      return { status: 6, text: `triple fault: ${faultChain(session, session.n).join(', then ')}` };
    case 'debug-exit':
      return { status: 1 + 2 * end.value, text: `debug exit ${end.value}` };
    case 'reset':
      return { status: 10, text: 'the guest reset the machine' };
    default:
      return { status: BROKEN_STATUS, text: `not implemented: ${end.what}` };
  }
}

/** What went wrong, on stderr for a person and on stdout for a program; the status. */
function complain(error: unknown, json: boolean, io: RunIo): number {
  if (error instanceof SourceErrors) {
    if (json) io.stdout(`${JSON.stringify({ status: USAGE_STATUS, errors: error.errors })}\n`);
    for (const one of error.errors) io.stderr(`${formatError(one)}\n`);
    return USAGE_STATUS;
  }
  const expected = error instanceof Refused || error instanceof ScenarioFileErrors || (error instanceof Error && 'code' in error);
  const status = expected ? USAGE_STATUS : BROKEN_STATUS;
  const message = error instanceof Error ? error.message : String(error);
  if (json) io.stdout(`${JSON.stringify({ status, errors: [{ message }] })}\n`);
  io.stderr(`rm1 run: ${message}\n`);
  if (!expected && error instanceof Error) io.stderr(`${error.stack}\n`);
  return status;
}

/** Runs to the end, in pieces, so that typed input gets in and output gets out. */
async function go(session: Session, options: RunOptions, io: RunIo, trace: TraceWriter | null): Promise<void> {
  const { machine } = session;
  const printer = options.json ? null : new ConsolePrinter(session, io);
  if (options.input !== undefined) session.feed(recordedInputs(options.input, machine.board.uarts.length, io));
  await io.ready?.();
  for (;;) {
    const typed = io.typed?.() ?? [];
    if (typed.length > 0) session.type(session.keyboard, typed);
    if (session.n >= options.most) break;
    if (session.ended) {
      if (!machine.awaitsInput || !((await io.more?.()) ?? false)) break;
      continue;
    }
    const until = Math.min(options.most, session.n + CHUNK);
    if (options.every && trace !== null) while (!session.ended && session.n < until) trace.step();
    else session.run(until);
    trace?.note();
    printer?.flush();
    await io.breathe?.();
  }
  printer?.flush(true);
}

function saveDisks(session: Session, folder: string, io: RunIo): void {
  const disks = session.diskContents();
  if (disks.length === 0) throw new Refused(`--save-disk ${folder}: the machine has no disk; add --disk FILE`);
  io.makeFolder?.(folder);
  const monitored = session.machine.board.uarts.length > 1;
  disks.forEach((bytes, k) => {
    io.writeFile(`${folder}/${monitored ? `vm${k + 1}` : 'disk'}.img`, bytes);
  });
}

/** Why no guest runs any more: the refusal that a run ended with, if nothing else ended it. */
function refusalOf(session: Session): { readonly n: number; readonly text: string } | null {
  const row = session.machine.end?.kind === 'debug-exit' ? -1 : lastRefusal(session);
  return row < 0 ? null : { n: session.log.stepOf(row), text: sentenceOf(session, row) };
}

/** What a program wants to know of a run. */
function report(session: Session, options: RunOptions, { status, text }: { status: number; text: string }): string {
  const { machine, vmm, vms } = session;
  return JSON.stringify({
    image: options.image,
    vmm,
    vms,
    status,
    outcome: text,
    n: machine.n,
    cycle: Math.floor(machine.cycle),
    exits: session.log.exits.length,
    ...(refusalOf(session) !== null && { refusal: refusalOf(session) }),
    ...(options.hash && { hash: machine.hash() }),
    consoles: machine.board.consoles.map(({ title, vm, text: printed }) => ({ title, vm, text: printed })),
  });
}

/** `rm1 run`: the exit status. */
export async function run(args: readonly string[], io: RunIo): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) {
    io.stdout(RUN_USAGE);
    return 0;
  }
  const options = parseRun(args);
  if (typeof options === 'string') {
    io.stderr(`rm1 run: ${options}\nrm1 run --help tells the options.\n`);
    return USAGE_STATUS;
  }
  try {
    const { trace: path } = options;
    const file = scenarioText(options, io);
    const session =
      file === undefined ? new Session(powerOnOptions(options, io), undefined, false, path !== undefined) : fromScenarioFile(file, options);
    if (path !== undefined) io.writeFile(path, '');
    const trace = path === undefined ? null : new TraceWriter(session, options, (text) => io.appendFile(path, text));
    await go(session, options, io, trace);
    trace?.close();
    if (options.saveDisk !== undefined) saveDisks(session, options.saveDisk, io);
    const result = outcome(session);
    const { status, text } = result;
    if (options.json) io.stdout(`${report(session, options, result)}\n`);
    if (status !== 0 && status % 2 === 0) io.stderr(`rm1 run: ${text}, at step ${session.n}\n`);
    const refusal = refusalOf(session);
    if (refusal !== null && !options.json) io.stderr(`rm1 run: step ${refusal.n}: ${refusal.text}\n`);
    if (options.hash) io.stderr(`${session.machine.hash()}\n`);
    return status;
  } catch (error) {
    return complain(error, options.json, io);
  }
}
