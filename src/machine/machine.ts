/** The whole machine: processor, board, time. What happens depends on nothing but its state and the inputs recorded with their steps. */
import { type CostProfile, DEFAULT_COSTS } from '../cpu/costs.ts';
import { Cpu } from '../cpu/cpu.ts';
import { settleFlags } from '../cpu/flags.ts';
import { DEFAULT_PROFILE, type Profile } from '../cpu/profiles.ts';
import { CR0_ET, CR0_PE } from '../cpu/registers.ts';
import { reset } from '../cpu/reset.ts';
import { run } from '../cpu/run.ts';
import { deriveSegments, FLAT_CODE, FLAT_DATA, setSegment } from '../cpu/segments.ts';
import { at, counterAt } from '../cpu/state.ts';
import { Vmx } from '../cpu/virt/vmx/vmx.ts';
import { Hash } from '../lib/hash.ts';
import { Board, type BoardState } from './board.ts';
import { DEFAULT_FREQUENCY, SystemClock } from './clock.ts';
import { firmware } from './firmware.ts';
import type { EntryState, GeneralRegister } from './loaders/image.ts';
import { PageStore, type RamImage } from './pages.ts';
import { Ram } from './ram.ts';

export interface MachineConfig {
  /** Bytes of RAM. */
  readonly memory: number;
  readonly profile?: Profile;
  readonly costs?: CostProfile;
  /** Cycles of the virtual clock per second. */
  readonly frequency?: number;
  /** Virtual machines a monitor will run, each with a 16550 of its own; 0 without a monitor. */
  readonly vms?: number;
}

/** Why no further step can happen. */
export type End =
  /** HLT that nothing can end. */
  | { readonly kind: 'halted' }
  /** Triple fault. */
  | { readonly kind: 'shutdown' }
  /** A value was written to the debug-exit port. */
  | { readonly kind: 'debug-exit'; readonly value: number }
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
  readonly consoles: readonly number[];
  readonly inputs: number;
  readonly end: End | null;
}

export class Machine {
  readonly cpu: Cpu;
  readonly board: Board;
  readonly ram: Ram;
  readonly clock: SystemClock;
  /** Everything that came from outside, in order; those before `taken` have entered. */
  readonly inputs: Input[] = [];
  end: End | null = null;
  private taken = 0;
  private readonly pages: PageStore;

  constructor(config: MachineConfig) {
    const { memory, profile = DEFAULT_PROFILE, costs = DEFAULT_COSTS, frequency = DEFAULT_FREQUENCY, vms = 0 } = config;
    this.ram = new Ram(memory);
    this.pages = new PageStore(this.ram);
    this.clock = new SystemClock(frequency);
    this.board = new Board({ memory: this.ram, clock: this.clock, vms });
    this.cpu = new Cpu(this.board.bus, profile, costs, profile.features.has('vmx') ? new Vmx(profile) : null);
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
    while (this.end === null && cpu.steps < until) {
      const waiting = !this.takeInput();
      const stop = run(cpu, waiting ? cpu.steps + 1 : Math.min(until, this.nextInput()));
      if (stop === 'limit') continue;
      this.end = this.ending(stop);
    }
  }

  /** Records a byte typed now at a console. It enters as soon as the receiver has room. */
  type(console: number, byte: number): void {
    this.inputs.length = this.taken;
    this.inputs.push({ n: this.n, console, byte });
    this.end = null;
    this.takeInput();
  }

  save(): Checkpoint {
    settleFlags(this.cpu);
    const ram = this.pages.capture();
    this.cpu.translation.dropWrites();
    return {
      n: this.n,
      arena: this.cpu.arena.slice(0),
      board: this.board.save(),
      ram,
      consoles: this.board.consoles.map((console) => console.length),
      inputs: this.taken,
      end: this.end,
    };
  }

  restore(checkpoint: Checkpoint): void {
    const { cpu, board } = this;
    cpu.b.set(new Uint8Array(checkpoint.arena));
    for (const page of this.pages.restore(checkpoint.ram)) cpu.blocks.dropPage(cpu, page);
    cpu.translation.drop();
    deriveSegments(cpu);
    cpu.vectoring.info = 0;
    cpu.ext = 0;
    cpu.nextShadow = 0;
    cpu.missing = null;
    board.load(checkpoint.board);
    board.consoles.forEach((console, i) => console.rewind(checkpoint.consoles[i]));
    this.taken = checkpoint.inputs;
    this.end = checkpoint.end;
  }

  /** The whole machine in 16 hexadecimal digits: equal states of one version have equal hashes. */
  hash(): string {
    settleFlags(this.cpu);
    const hash = new Hash();
    hash.words(this.cpu.s);
    const { devices, debugExit } = this.board.save();
    for (const device of devices) hash.numbers(device);
    hash.word(debugExit);
    for (const console of this.board.consoles) {
      for (const byte of console.bytes()) hash.word(byte);
      hash.word(console.length);
    }
    this.pages.hash(hash);
    return hash.finish().toString();
  }

  /** Drops everything that is derived from the state: decoded code, host pointers, lazy flags. No future changes by it. */
  dropDerived(): void {
    this.cpu.blocks.dropAll(this.cpu);
    this.cpu.translation.drop();
    settleFlags(this.cpu);
  }

  /** Step count at which the next recorded input is due, or Infinity. */
  private nextInput(): number {
    return this.taken < this.inputs.length ? Math.max(this.inputs[this.taken].n, this.n) : Number.POSITIVE_INFINITY;
  }

  /** Lets in what is due; false when a receiver has no room for it yet. */
  private takeInput(): boolean {
    while (this.taken < this.inputs.length && this.inputs[this.taken].n <= this.n) {
      const { console, byte } = this.inputs[this.taken];
      if (!this.board.receive(console, byte)) return false;
      this.taken++;
    }
    return true;
  }

  private ending(stop: string): End {
    if (stop === 'shutdown') return { kind: 'shutdown' };
    if (stop === 'missing') return { kind: 'not-implemented', what: this.cpu.missing?.what ?? '' };
    if (this.board.debugExit >= 0) return { kind: 'debug-exit', value: this.board.debugExit };
    return { kind: 'halted' };
  }
}

