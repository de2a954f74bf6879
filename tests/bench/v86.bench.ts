/**
 * One image on our machine and on v86 with its JIT off: both interpret, each in a Node process of its own, in turn. A line of the image's console
 * `<name> start` or `<name> end` bounds a part. Ours records its events. Seconds are those of the processor, so that other work
 * on the computer counts less.
 *
 * v86 is not among our packages. `npm install --no-save v86`, or V86=FOLDER with libv86.mjs and v86.wasm; BIOS=FOLDER with bios.bin and
 * vgabios-stdvga.bin (Debian's package seabios); IMAGE=FILE for another Multiboot 1 image that says END.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { loadMultiboot } from '../../src/machine/loaders/multiboot.ts';
import { Machine } from '../../src/machine/machine.ts';
import { EventLog } from '../../src/trace/log.ts';

const { V86: v86Folder = 'node_modules/v86/build', BIOS: biosFolder = '/usr/share/seabios' } = process.env;
const { IMAGE: imageFile = '../shared/peers/images/bench.bin' } = process.env;
const MEMORY = 64 << 20;
const ROUNDS = 3;
const LAST_LINE = 'END';
const WHOLE = 'whole process';
const WALL = 'by the wall clock';
const CHUNK = 100_000;

interface V86Emulator {
  add_listener(name: 'serial0-output-byte', listener: (byte: number) => void): void;
}

/** Seconds of the processor that the process had used when each line of the console was whole. */
type Lines = (readonly [line: string, seconds: number])[];

function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
const bytesOf = (file: string): Uint8Array<ArrayBuffer> => new Uint8Array(readFileSync(file));

function runOurs(): Lines {
  const machine = new Machine({ memory: MEMORY });
  const log = new EventLog(machine.cpu);
  machine.cpu.events = log;
  machine.enter(loadMultiboot(machine.ram, { name: imageFile, bytes: bytesOf(imageFile) }).entry);
  const [console] = machine.board.consoles;
  const lines: Lines = [];
  while (machine.end === null) {
    machine.run(machine.n + CHUNK);
    log.settle(machine.n);
    const whole = console.text.split('\n').slice(0, -1);
    for (const line of whole.slice(lines.length)) lines.push([line, processorSeconds()]);
  }
  return lines;
}

async function runV86(): Promise<Lines> {
  const file = (folder: string, name: string): string => resolve(folder, name);
  const { V86 } = (await import(pathToFileURL(file(v86Folder, 'libv86.mjs')).href)) as { V86: new (options: object) => V86Emulator };
  const emulator = new V86({
    wasm_path: file(v86Folder, 'v86.wasm'),
    bios: { buffer: bytesOf(file(biosFolder, 'bios.bin')).buffer },
    vga_bios: { buffer: bytesOf(file(biosFolder, 'vgabios-stdvga.bin')).buffer },
    multiboot: { buffer: bytesOf(imageFile).buffer },
    memory_size: MEMORY,
    disable_jit: true,
    disable_speaker: true,
    autostart: true,
    log_level: 0,
  });
  const lines: Lines = [];
  let line = '';
  return new Promise((done) => {
    emulator.add_listener('serial0-output-byte', (byte) => {
      if (byte !== 10) line += String.fromCharCode(byte);
      else {
        lines.push([line, processorSeconds()]);
        if (line === LAST_LINE) done(lines);
        line = '';
      }
    });
  });
}

const RUNS = { ours: runOurs, v86: runV86 };
type Name = keyof typeof RUNS;

interface Run {
  /** Seconds of the processor by part, and of the whole process, there also by the clock on the wall. */
  readonly parts: ReadonlyMap<string, number>;
  readonly console: string;
}

/** One run in a process of its own. */
function measured(name: Name): Promise<Run> {
  const begin = performance.now();
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, [process.argv[1], name], { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.on('data', (data) => {
      text += data;
    });
    child.on('close', (status) => {
      if (status !== 0) return failed(new Error(`${name} ended with status ${status}`));
      const lines = JSON.parse(text) as Lines;
      const parts = new Map<string, number>();
      const starts = new Map<string, number>();
      for (const [line, seconds] of lines) {
        const [part, what] = line.split(' ');
        if (what === 'start') starts.set(part, seconds);
        else if (what === 'end') parts.set(part, seconds - (starts.get(part) ?? 0));
      }
      parts.set(WHOLE, lines[lines.length - 1][1]);
      parts.set(WALL, (performance.now() - begin) / 1000);
      done({ parts, console: lines.map(([line]) => line).join('\n') });
    });
  });
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1];

async function compare(): Promise<void> {
  const runs: Record<Name, Run[]> = { ours: [], v86: [] };
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of ['ours', 'v86'] as const) runs[name].push(await measured(name));
  }
  const seconds = (name: Name, part: string): number => median(runs[name].map(({ parts }) => parts.get(part) ?? Number.NaN));
  console.log(`${''.padEnd(20)}${'ours'.padStart(10)}${'v86'.padStart(12)}${'ratio'.padStart(10)}    median of ${ROUNDS}`);
  for (const part of runs.ours[0].parts.keys()) {
    const [ours, v86] = [seconds('ours', part), seconds('v86', part)];
    console.log(
      `${part.padEnd(20)}${ours.toFixed(2).padStart(8)} s${v86.toFixed(2).padStart(10)} s${(ours / v86).toFixed(2).padStart(10)}`,
    );
  }
  const outputs = new Set([...runs.ours, ...runs.v86].map((run) => run.console));
  if (outputs.size === 1) return;
  console.error('The consoles differ.');
  process.exitCode = 1;
}

const child = RUNS[process.argv[2] as Name];
const missing = [join(v86Folder, 'libv86.mjs'), join(biosFolder, 'bios.bin'), imageFile].filter((file) => !existsSync(file));
if (child !== undefined) {
  const lines = await child();
  process.stdout.write(JSON.stringify(lines), () => process.exit(0));
} else if (missing.length > 0) {
  console.log(`Not here: ${missing.join(', ')}. Set V86, BIOS or IMAGE, or: npm install --no-save v86; apt install seabios`);
} else await compare();
