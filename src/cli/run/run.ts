/** rm1 run: power on and go. */
import { assembleSource, guestImage, SourceErrors } from '../../session/guests.ts';
import { chosenCosts, chosenProcessor } from '../../session/hardware.ts';
import { type PowerOn, type Program, Refused } from '../../session/power-on.ts';
import { findScenario, SCENARIOS } from '../../session/scenarios.ts';
import { Session } from '../../session/session.ts';
import { faultChain } from '../../session/view/failure.ts';
import type { CliIo } from '../io.ts';
import { ConsolePrinter } from './consoles.ts';
import { parseRun, RUN_USAGE, type RunOptions } from './options.ts';
import { TraceWriter } from './trace.ts';

const CHUNK = 200_000;
const MINIM = 'minim/minim.asm';

const USAGE_STATUS = 2;

function assembled(name: string, path: string): Program {
  const image = guestImage(path);
  return { name, bytes: image.image, assembled: image };
}

/** The image by name: the catalogue first, then a file. */
function program(options: RunOptions, io: CliIo): { program: Program; includesMonitor: boolean; monitored: boolean } {
  const { image } = options;
  if (image === 'minim') return { program: assembled('minim', MINIM), includesMonitor: false, monitored: false };
  const scenario = findScenario(image);
  if (scenario !== undefined) {
    return {
      program: assembled(scenario.id, scenario.source),
      includesMonitor: scenario.includesMonitor === true,
      monitored: scenario.includesMonitor === true,
    };
  }
  const bytes = io.readFile(image);
  if (bytes === undefined)
    throw new Refused(
      `${image}: no such file, and no scenario of that name (there are minim, ${SCENARIOS.map(({ id }) => id).join(', ')})`,
    );
  if (options.format === 'asm' || (options.format === undefined && /\.(asm|s|nasm)$/.test(image))) {
    const source = assembleSource(image, new TextDecoder().decode(bytes), (path) => io.readFile(path));
    return { program: { name: image, bytes: source.image, assembled: source }, includesMonitor: false, monitored: false };
  }
  return { program: { name: image, bytes, assembled: null }, includesMonitor: false, monitored: false };
}

function powerOnOptions(options: RunOptions, io: CliIo): PowerOn {
  const found = program(options, io);
  const { org, entry, mode, format } = options;
  return {
    program: found.program,
    vmm: found.monitored ? 'vtx' : options.vmm,
    vms: options.vms,
    memory: options.memory,
    includesMonitor: found.includesMonitor,
    profile: chosenProcessor(options.cpu),
    costs: chosenCosts(options.costs),
    flat: { ...(org !== undefined && { org }), ...(entry !== undefined && { entry }), ...(mode !== undefined && { mode }) },
    ...(format === 'flat' || format === 'multiboot' ? { format } : {}),
  };
}

function recordedInputs(options: RunOptions, io: CliIo): readonly { n: number; console: number; byte: number }[] {
  if (options.input === undefined) return [];
  const bytes = io.readFile(options.input);
  if (bytes === undefined) throw new Refused(`${options.input}: no such file`);
  return new TextDecoder()
    .decode(bytes)
    .split('\n')
    .flatMap((line, k) => {
      if (line.trim() === '') return [];
      try {
        const { n, console, byte } = JSON.parse(line) as Record<string, unknown>;
        if (typeof n === 'number' && typeof console === 'number' && typeof byte === 'number') return [{ n, console, byte }];
      } catch {}
      throw new Refused(`${options.input}:${k + 1}: expected {"n":NUMBER,"console":NUMBER,"byte":NUMBER}`);
    });
}

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
    default:
      return { status: 8, text: `not implemented: ${end.what}` };
  }
}

function complain(error: unknown, options: RunOptions | null, io: CliIo): number {
  if (error instanceof SourceErrors) {
    if (options?.json) io.stdout(`${JSON.stringify({ errors: error.errors })}\n`);
    else
      for (const { file, line, column, message, hint } of error.errors)
        io.stderr(`${file}:${line}:${column}: error: ${message}${hint === '' ? '' : `\n    ${hint}`}\n`);
    return USAGE_STATUS;
  }
  if (!(error instanceof Error) || !['Refused', 'Error'].includes(error.name)) throw error;
  io.stderr(`rm1 run: ${error.message}\n`);
  return USAGE_STATUS;
}

/** Runs to the end, in pieces, so that typed input gets in. */
async function go(session: Session, options: RunOptions, io: CliIo, trace: TraceWriter | null): Promise<void> {
  const printer = new ConsolePrinter(session, io);
  const inputConsole = session.machine.board.consoles.length > 2 ? 1 : 0;
  const inputs = [...recordedInputs(options, io)];
  while (!session.ended && session.n < options.most) {
    const typed = io.typed?.();
    if (typed !== undefined && typed.length > 0) session.type(inputConsole, typed);
    while (inputs.length > 0 && inputs[0].n <= session.n) {
      const { console, byte } = inputs.shift() as (typeof inputs)[number];
      session.type(console, [byte]);
    }
    const until = Math.min(options.most, inputs[0]?.n ?? Number.POSITIVE_INFINITY, session.n + CHUNK);
    if (options.every && trace !== null) while (!session.ended && session.n < until) trace.step();
    else session.run(until);
    trace?.flush();
    printer.flush();
    await io.breathe?.();
  }
  printer.flush(true);
}

/** `rm1 run`: the exit status. */
export async function run(args: readonly string[], io: CliIo): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) {
    io.stdout(RUN_USAGE);
    return 0;
  }
  const options = parseRun(args);
  if (typeof options === 'string') {
    io.stderr(`rm1 run: ${options}\n\n${RUN_USAGE}`);
    return USAGE_STATUS;
  }
  try {
    const session = new Session(powerOnOptions(options, io), undefined, false, options.trace !== undefined);
    let written = '';
    const trace = options.trace === undefined ? null : new TraceWriter(session, options, (text) => (written += text));
    const path = options.trace ?? '';
    if (trace !== null) io.writeFile(path, '');
    await go(session, options, io, trace);
    const { status, text } = outcome(session);
    if (trace !== null) {
      if (session.machine.end?.kind === 'debug-exit')
        written += `${JSON.stringify({ n: session.n, cpu: 0, cycle: Math.floor(session.machine.cycle), event: 'debug-exit' })}\n`;
      io.writeFile(path, written);
    }
    if (options.json) io.stdout(`${JSON.stringify({ status, outcome: text, n: session.n, cycle: Math.floor(session.machine.cycle) })}\n`);
    else if (status !== 0 && status % 2 === 0) io.stderr(`rm1 run: ${text}, at step ${session.n}\n`);
    if (options.hash) io.stderr(`${session.machine.hash()}\n`);
    return status;
  } catch (error) {
    return complain(error, options, io);
  }
}
