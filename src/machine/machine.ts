/** The whole machine: processor, board, time. What happens depends on nothing but its state and the inputs recorded with their steps. */
import { PAGE_WATCHED } from '../cpu/bus.ts';
import { type CostProfile, DEFAULT_COSTS } from '../cpu/costs.ts';
import { Cpu } from '../cpu/cpu.ts';
import { settleFlags } from '../cpu/flags.ts';
import type { Marks, PageWatch } from '../cpu/marks.ts';
import { DEFAULT_PROFILE, type Profile } from '../cpu/profiles.ts';
import { CR0_ET, CR0_PE, IF, WAITING_FOR_STARTUP } from '../cpu/registers.ts';
import { reset } from '../cpu/reset.ts';
import { run, type Stop, standstill } from '../cpu/run.ts';
import { deriveSegments, FLAT_CODE, FLAT_DATA, setSegment } from '../cpu/segments.ts';
import { at, counterAt, SIGNAL_INIT, SIGNAL_STARTUP } from '../cpu/state.ts';
import { createVirtExtension } from '../cpu/virt/create.ts';
import { Hash } from '../lib/hash.ts';
import { Board, type BoardState, type Medium } from './board.ts';
import { DEFAULT_FREQUENCY, SystemClock } from './clock.ts';
import type { ConsoleState } from './console.ts';
import { SECTOR } from './devices/ata-disk.ts';
import { firmware } from './firmware.ts';
import type { EntryState, GeneralRegister } from './loaders/image.ts';
import { PageStore, type RamImage } from './pages.ts';
import { PAGE_SIZE, Ram } from './ram.ts';

export interface MachineConfig {
  /** Bytes of RAM. */
  readonly memory: number;
  readonly profile?: Profile;
  readonly costs?: CostProfile;
  /** Cycles of the virtual clock per second. */
  readonly frequency?: number;
  /** Virtual machines a monitor will run, each with a 16550 of its own; 0 without a monitor. */
  readonly vms?: number;
  /** One of them is a monitor itself, and has the others. Its 16550 is the first; its number the last. */
  readonly inner?: boolean;
  /** A local APIC and an I/O APIC; without them CPUID shows none. */
  readonly apic?: boolean;
  /** What is on the ATA disk, in sectors of 512 bytes; without it there is none. It is copied. */
  readonly disk?: Uint8Array;
}

/** Why no further step can happen. */
export type End =
  /** HLT that nothing can end. */
  | { readonly kind: 'halted' }
  /** Triple fault. */
  | { readonly kind: 'shutdown' }
  /** A value was written to the debug-exit port. */
  | { readonly kind: 'debug-exit'; readonly value: number }
  /** The guest reset the machine, which has no firmware to start again. */
  | { readonly kind: 'reset' }
  /** The simulator has no such thing yet. */
  | { readonly kind: 'not-implemented'; readonly what: string };

/** A byte typed at a console (by index of the board's list) when the step count was `n`. */
export interface Input {
  readonly n: number;
  readonly console: number;
  readonly byte: number;
}

/** The machine at one step. Immutable; holds for any machine of the same configuration. */
export interface Checkpoint {
  readonly n: number;
  readonly arena: ArrayBuffer;
  readonly board: BoardState;
  readonly ram: RamImage;
  /** What is written on the disk. */
  readonly disk: RamImage | null;
  readonly consoles: readonly ConsoleState[];
  /** For each console, how many of its inputs have entered. */
  readonly inputs: readonly number[];
  readonly end: End | null;
}

export class Machine {
  readonly cpu: Cpu;
  readonly board: Board;
  readonly ram: Ram;
  readonly clock: SystemClock;
  end: End | null = null;
  /** What was typed at each console, in order, and how much of it has entered. */
  private readonly queues: Input[][];
  private entered: number[];
  private readonly pages: PageStore;
  private readonly medium: Medium | null;
  private readonly sectors: PageStore | null;

  constructor(config: MachineConfig) {
    const {
      memory,
      profile = DEFAULT_PROFILE,
      costs = DEFAULT_COSTS,
      frequency = DEFAULT_FREQUENCY,
      vms = 0,
      inner = false,
      apic = false,
      disk,
    } = config;
    this.ram = new Ram(memory);
    this.pages = new PageStore(this.ram);
    this.clock = new SystemClock(frequency);
    this.medium = disk === undefined ? null : mediumOf(disk);
    this.sectors = this.medium === null ? null : new PageStore(this.medium.ram);
    this.board = new Board({ memory: this.ram, clock: this.clock, vms, inner, apic, ...(this.medium !== null && { disk: this.medium }) });
    this.queues = this.board.uarts.map(() => []);
    this.entered = this.board.uarts.map(() => 0);
    this.board.wanted = (console) => this.due(console) !== undefined;
    this.cpu = new Cpu(this.board.bus, profile, costs, createVirtExtension(profile));
    const { s } = this.cpu;
    this.board.pins = {
      nmi: () => {
        s[at.nmiPending] = 1;
      },
      init: () => {
        s[at.signals] |= SIGNAL_INIT;
      },
      startup: (vector) => {
        if (s[at.activity] === WAITING_FOR_STARTUP) s[at.signals] = (s[at.signals] & SIGNAL_INIT) | SIGNAL_STARTUP | (vector << 8);
      },
    };
    this.clock.bind(this.cpu.f, counterAt.cycles);
    reset(this.cpu);
    firmware(this.board.bus);
  }

  /** Steps since power-on. */
  get n(): number {
    return this.cpu.steps;
  }

  get cycle(): number {
    return this.cpu.cycles;
  }

  /** Enters an image that a loader has placed in RAM. */
  enter(entry: EntryState): void {
    const { cpu } = this;
    const { s } = cpu;
    for (const [name, value] of Object.entries(entry.registers)) s[at[name as GeneralRegister]] = value;
    s[at.eip] = entry.eip;
    s[at.cr0] = CR0_ET;
    if (entry.mode === 'protected') {
      s[at.cr0] |= CR0_PE;
      setSegment(cpu, 1, entry.cs, 0, -1, FLAT_CODE);
      for (const segment of [0, 2, 3, 4, 5]) setSegment(cpu, segment, entry.ds, 0, -1, FLAT_DATA);
    } else {
      setSegment(cpu, 1, entry.cs, entry.cs << 4, 0xffff, 0x9b);
      for (const segment of [0, 2, 3, 4, 5]) setSegment(cpu, segment, entry.ds, entry.ds << 4, 0xffff, 0x93);
    }
    cpu.blocks.dropAll(cpu);
    cpu.translation.drop();
  }

  /** Runs until the step count is `until` or the machine ends. */
  run(until: number): void {
    const { cpu } = this;
    this.admit();
    while (this.end === null && cpu.steps < until) {
      const stop = run(cpu, Math.min(until, this.nextInput()));
      const admitted = this.admit();
      if (stop === 'limit' || (stop === 'asked' && !this.board.endedByGuest) || (stop === 'asleep' && admitted)) continue;
      this.end = this.ending(stop);
    }
    this.end ??= this.foreseen();
  }

  /** What is written on the disk now: a copy; null without a disk. */
  get diskContents(): Uint8Array | null {
    return this.medium === null ? null : this.medium.ram.bytes.slice(0, this.medium.sectors * SECTOR);
  }

  /** Everything that came from outside, in the order of its steps. */
  get inputs(): readonly Input[] {
    return this.queues.flat().sort((a, b) => a.n - b.n);
  }

  /**
   * Records a byte typed now at a console, in place of everything recorded for later. It enters when the console's receiver is empty and
   * somebody looks for it; until then it waits, and none is lost.
   */
  type(console: number, byte: number): void {
    if (this.queues[console] === undefined) throw new RangeError(`console ${console} has no keyboard: there are ${this.queues.length}`);
    for (const queue of this.queues) while (queue.length > 0 && queue[queue.length - 1].n > this.n) queue.pop();
    this.queues[console].push({ n: this.n, console, byte });
    this.awaken();
  }

  /** Records inputs for the steps they name, in place of all others that have not entered yet. */
  feed(inputs: readonly Input[]): void {
    this.queues.forEach((queue, console) => {
      queue.length = this.entered[console];
      for (const input of inputs) if (input.console === console) queue.push(input);
      queue.sort((a, b) => a.n - b.n);
    });
    this.awaken();
  }

  /** Nothing but a byte typed at a console can wake the processor. */
  get awaitsInput(): boolean {
    const { s } = this.cpu;
    const deaf = s[at.guest] === 0 && (s[at.eflags] & IF) === 0;
    return this.end?.kind === 'halted' && !deaf && this.board.inputsThatInterrupt.length > 0;
  }

  save(): Checkpoint {
    settleFlags(this.cpu);
    const ram = this.pages.capture();
    const disk = this.sectors?.capture() ?? null;
    this.cpu.translation.dropWrites();
    return {
      n: this.n,
      arena: this.cpu.arena.slice(0),
      board: this.board.save(),
      ram,
      disk,
      consoles: this.board.consoles.map((console) => console.save()),
      inputs: this.entered.slice(),
      end: this.end,
    };
  }

  restore(checkpoint: Checkpoint): void {
    const { cpu, board } = this;
    cpu.b.set(new Uint8Array(checkpoint.arena));
    for (const page of this.pages.restore(checkpoint.ram)) cpu.blocks.dropPage(cpu, page);
    if (checkpoint.disk !== null) this.sectors?.restore(checkpoint.disk);
    cpu.translation.renew();
    deriveSegments(cpu);
    cpu.vectoring.info = 0;
    cpu.ext = 0;
    cpu.nextShadow = 0;
    cpu.missing = null;
    board.load(checkpoint.board);
    board.consoles.forEach((console, i) => {
      console.load(checkpoint.consoles[i]);
    });
    this.entered = checkpoint.inputs.slice();
    this.end = checkpoint.end;
  }

  /** The whole machine in 16 hexadecimal digits: equal states of one version have equal hashes. */
  hash(): string {
    settleFlags(this.cpu);
    const hash = new Hash();
    hash.words(this.cpu.s);
    const { devices, debugExit, wasReset } = this.board.save();
    for (const device of devices) hash.numbers(device);
    hash.word(debugExit).word(Number(wasReset));
    for (const console of this.board.consoles) {
      for (const byte of console.bytes()) hash.word(byte);
      hash.word(console.length);
    }
    this.pages.hash(hash);
    this.sectors?.hash(hash);
    return hash.finish().toString();
  }

  /** Sets the instructions, and the pages, that somebody waits for; null for none. */
  watch(marks: Marks | null, pages: PageWatch | null = null): void {
    const { cpu, ram } = this;
    cpu.marks = marks;
    cpu.blocks.dropAll(cpu);
    cpu.pageWatch = pages;
    for (let page = 0; page < ram.pages; page++) {
      if (pages?.has(page) === true) ram.state[page] |= PAGE_WATCHED;
      else ram.state[page] &= ~PAGE_WATCHED;
    }
    cpu.translation.dropWrites();
  }

  /** Drops everything that is derived from the state: decoded code, host pointers, lazy flags. No future changes by it. */
  dropDerived(): void {
    this.cpu.blocks.dropAll(this.cpu);
    this.cpu.translation.drop();
    settleFlags(this.cpu);
  }

  /** The next input of a console, if its step has come. */
  private due(console: number): Input | undefined {
    const input = this.queues[console][this.entered[console]];
    return input !== undefined && input.n <= this.n ? input : undefined;
  }

  /** The step count at which the next input falls due, or Infinity. */
  private nextInput(): number {
    let next = Number.POSITIVE_INFINITY;
    this.queues.forEach((queue, console) => {
      let i = this.entered[console];
      while (i < queue.length && queue[i].n <= this.n) i++;
      if (i < queue.length && queue[i].n < next) next = queue[i].n;
    });
    return next;
  }

  /** Lets in what is due and awaited. True when there was such a byte. */
  private admit(): boolean {
    let any = false;
    this.board.uarts.forEach((uart, console) => {
      const input = uart.awaitsInput ? this.due(console) : undefined;
      if (input === undefined || !this.board.receive(console, input.byte)) return;
      this.entered[console]++;
      any = true;
    });
    this.board.resume();
    return any;
  }

  private awaken(): void {
    this.admit();
    if (this.end?.kind === 'halted') this.end = this.foreseen();
  }

  /** The end as soon as it is certain, so that it does not matter by which way the last step was reached. */
  private foreseen(): End | null {
    const stop = standstill(this.cpu);
    return stop === null || (stop === 'asked' && !this.board.endedByGuest) ? null : this.ending(stop);
  }

  private ending(stop: Stop): End {
    if (stop === 'shutdown') return { kind: 'shutdown' };
    if (stop === 'missing') return { kind: 'not-implemented', what: this.cpu.missing?.what ?? '' };
    if (this.board.debugExit >= 0) return { kind: 'debug-exit', value: this.board.debugExit };
    if (this.board.wasReset) return { kind: 'reset' };
    return { kind: 'halted' };
  }
}

/** A medium with these bytes on it. */
function mediumOf(bytes: Uint8Array): Medium {
  const sectors = bytes.length / SECTOR;
  if (!Number.isInteger(sectors) || sectors < 1 || sectors >= 1 << 28)
    throw new Error(`a disk of ${bytes.length} bytes: expected whole sectors of ${SECTOR}, from 1 to 2^28 - 1 of them`);
  const ram = new Ram(Math.ceil(bytes.length / PAGE_SIZE) * PAGE_SIZE);
  ram.write(0, bytes);
  return { ram, sectors };
}
