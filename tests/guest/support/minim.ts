/** minim on the bare machine, typed at. */
import { loadMultiboot } from '../../../src/machine/loaders/multiboot.ts';
import { type End, Machine } from '../../../src/machine/machine.ts';
import { guestImage } from '../../../src/session/guests.ts';
import { filesOf, minimDisk } from '../../../src/session/minim-disk.ts';
import { EventLog } from '../../../src/trace/log.ts';

export interface MinimOptions {
  /** Its own, if absent; null: none. */
  readonly disk?: Uint8Array | null;
  /** MiB. */
  readonly memory?: number;
  readonly frequency?: number;
  /** Steps between two keys; all at once, if absent. */
  readonly every?: number;
  readonly detailed?: boolean;
}

/** A run that has not ended by then has gone wrong. */
const ENOUGH = 60_000_000;

export class Minim {
  readonly machine: Machine;
  readonly log: EventLog;

  constructor({ disk = minimDisk(), memory = 8, frequency, detailed = false }: MinimOptions) {
    this.machine = new Machine({
      memory: memory << 20,
      ...(disk !== null && { disk }),
      ...(frequency !== undefined && { frequency }),
    });
    this.machine.enter(loadMultiboot(this.machine.ram, { name: 'minim', bytes: guestImage('minim/minim.asm').image }).entry);
    this.log = new EventLog(this.machine.cpu, detailed);
    this.machine.cpu.events = this.log;
  }

  get text(): string {
    return this.machine.board.consoles[0].text;
  }

  type(text: string): void {
    for (const byte of new TextEncoder().encode(text)) this.machine.type(0, byte);
  }

  run(): void {
    this.machine.run(ENOUGH);
  }

  /** Rows of one kind that are as wanted; `value` reads a column. */
  count(kind: number, wanted: (value: (k: number) => number) => boolean): number {
    let found = 0;
    for (let row = 0; row < this.log.length; row++) if (this.log.kindOf(row) === kind && wanted((k) => this.log.valueOf(row, k))) found++;
    return found;
  }
}

export interface Session {
  readonly text: string;
  readonly disk: Uint8Array;
  readonly end: End | null;
}

/** A whole session, from power-on to the end. */
export function minim(script: string, options: MinimOptions = {}): Session {
  const { every } = options;
  const there = new Minim(options);
  if (every === undefined) there.type(script);
  else
    for (const key of script) {
      there.machine.run(there.machine.n + every);
      there.type(key);
    }
  there.run();
  return { text: there.text, disk: there.machine.diskContents ?? new Uint8Array(0), end: there.machine.end };
}

export function contentOf(disk: Uint8Array, name: string): string {
  const file = filesOf(disk).find((candidate) => candidate.name === name);
  if (file === undefined) throw new Error(`there is no file ${name}`);
  return new TextDecoder().decode(file.bytes);
}
