/**
 * The soak: random instructions from random states of each mode, with and without a guest. Each case runs twice, in one go and cut into pieces
 * between which everything derived is dropped, and must leave the same processor and the same memory.
 */
import { DEFAULT_COSTS } from '../../src/cpu/costs.ts';
import { Cpu } from '../../src/cpu/cpu.ts';
import { type Profile, processorProfile } from '../../src/cpu/profiles.ts';
import * as bit from '../../src/cpu/registers.ts';
import { run } from '../../src/cpu/run.ts';
import { at } from '../../src/cpu/state.ts';
import { createVirtExtension } from '../../src/cpu/virt/create.ts';
import { Hash } from '../../src/lib/hash.ts';
import { Ram } from '../../src/machine/ram.ts';
import { Random } from '../support/random.ts';
import { forbidden } from './allowed.ts';
import { fillGround } from './ground.ts';
import { bare, type Ground, KINDS, type Kind } from './guests.ts';
import { PAGE, RAM_SIZE } from './layout.ts';
import { SoakBus } from './soak-bus.ts';
import { LEVELS, type Level, levelOf, type Mode, PAGINGS } from './states.ts';
import { SVM_GROUND } from './svm-ground.ts';
import { VMX_GROUND } from './vmx-ground.ts';

/** Steps of one case. */
const STEPS = 256;
/** Cases on one ground. */
const CASES_ON_GROUND = 4096;
/** So many cases without one step at their own level: then the soak is at fault. */
const IDLE_CASES = 32;
/** Entries into a guest in one case. */
const ENTRIES = 24;

export interface Cell {
  readonly name: string;
  readonly kind: Kind;
  readonly mode: Mode;
  readonly number: number;
}

function modes(): Mode[] {
  return LEVELS.flatMap((level) => {
    const sizes = level === 'real' || level === 'vm86' ? ([16] as const) : ([32, 16] as const);
    const pagings = level === 'real' ? (['off'] as const) : PAGINGS;
    return sizes.flatMap((bits) => pagings.map((paging) => ({ level, bits, paging })));
  });
}

/** Every mode without a guest, in a guest of VT-x and in one of AMD-V: `vmx cpl3 16 pae`. */
export const CELLS: readonly Cell[] = KINDS.flatMap((kind) => modes().map((mode) => ({ kind, mode }))).map(({ kind, mode }, number) => ({
  name: `${kind} ${mode.level} ${mode.bits} ${mode.paging}`,
  kind,
  mode,
  number,
}));

const BARE = bare(['katmai', 'yonah', 'haswell', 'phenom'].map(processorProfile));
const GROUNDS: Readonly<Record<Kind, Ground>> = { none: BARE, vmx: VMX_GROUND, svm: SVM_GROUND };

export interface Figures {
  cases: number;
  /** Steps in all, and those that began and ended at the cell's own level, in a guest or not as the cell says. */
  steps: number;
  own: number;
  exits: number;
  /** Changes of the monitor that an entry refused. */
  refused: number;
  /** By why a case ended before its last step. */
  ends: Record<string, number>;
}

export const noFigures = (): Figures => ({ cases: 0, steps: 0, own: 0, exits: 0, refused: 0, ends: {} });

/** Something that must not be. `case` tells how to see it again. */
export class Finding extends Error {
  constructor(where: string, what: string) {
    super(`${where}: ${what}`);
  }
}

const hash = new Hash();
const WORDS = PAGE >>> 2;

const grounds = new Map<string, Int32Array>();

/** The memory that cases of every cell begin with; the last two are kept. */
function groundOf(seed: number, number: number, vm86: boolean): Int32Array {
  const key = `${seed} ${number} ${vm86}`;
  let image = grounds.get(key);
  if (image === undefined) {
    const ram = new Ram(RAM_SIZE);
    fillGround(ram, new Random(seed, number, vm86 ? 1 : 0, -1), vm86);
    image = ram.dwords;
    if (grounds.size === 2) grounds.delete([...grounds.keys()][0]);
    grounds.set(key, image);
  }
  return image;
}

/** One machine for the cases of one cell. */
export class Soak {
  readonly cell: Cell;
  readonly seed: number;
  readonly figures: Figures;
  readonly #bus = new SoakBus();
  #base: Int32Array = new Int32Array(0);
  readonly #cpus = new Map<Profile, Cpu>();
  readonly #profiles: readonly Profile[];
  readonly #ground: Ground;
  #groundNumber = -1;

  constructor(cell: Cell, seed: number, figures: Figures = noFigures()) {
    this.cell = cell;
    this.seed = seed;
    this.figures = figures;
    this.#ground = GROUNDS[cell.kind];
    this.#profiles = this.#ground.profiles(cell.mode);
  }

  /** Runs the next case; throws a Finding. */
  next(): void {
    const { figures } = this;
    this.one(figures.cases);
    figures.cases++;
    if (figures.cases === IDLE_CASES && figures.own === 0) throw new Finding(this.cell.name, `nothing was executed in ${IDLE_CASES} cases`);
  }

  /** Runs one case by its number. */
  one(number: number): void {
    const where = `${this.cell.name}, seed ${this.seed}, case ${number}`;
    const groundNumber = Math.floor(number / CASES_ON_GROUND);
    if (groundNumber !== this.#groundNumber) this.#layGround(groundNumber);
    const cpu = this.#cpu(number);
    try {
      const whole = this.#play(cpu, number, null);
      const cut = this.#play(cpu, number, this.figures);
      if (whole !== cut) throw new Finding(where, `in one go it ends as ${whole}, in pieces as ${cut}`);
    } catch (error) {
      if (error instanceof Finding) throw new Finding(where, error.message);
      throw new Finding(where, error instanceof Error ? (error.stack ?? error.message) : String(error));
    }
  }

  #layGround(number: number): void {
    this.#groundNumber = number;
    const ram = this.#bus.memory;
    for (const cpu of this.#cpus.values()) cpu.blocks.dropAll(cpu);
    this.#base = groundOf(this.seed, number, this.cell.mode.level === 'vm86');
    ram.dwords.set(this.#base);
    ram.clean();
  }

  #cpu(number: number): Cpu {
    const profile = this.#profiles[number % this.#profiles.length];
    let cpu = this.#cpus.get(profile);
    if (cpu === undefined) {
      cpu = new Cpu(this.#bus, profile, DEFAULT_COSTS, createVirtExtension(profile));
      cpu.events = this.#bus.events;
      this.#cpus.set(profile, cpu);
    }
    this.#bus.cpu = cpu;
    return cpu;
  }

  /** Memory as the ground has it. */
  #restore(cpu: Cpu): void {
    const ram = this.#bus.memory;
    for (let i = 0; i < ram.touched; i++) {
      const page = ram.touchedPages[i];
      ram.dwords.set(this.#base.subarray(page * WORDS, (page + 1) * WORDS), page * WORDS);
      cpu.blocks.dropPage(cpu, page);
    }
    for (const other of this.#cpus.values()) if (other !== cpu) other.blocks.dropAll(other);
    ram.clean();
    cpu.translation.drop();
  }

  /** Plays a case and returns what it led to, as a hash and in words. With `figures` in pieces. */
  #play(cpu: Cpu, number: number, figures: Figures | null): string {
    const bus = this.#bus;
    const { mode, kind } = this.cell;
    this.#restore(cpu);
    cpu.f.fill(0);
    cpu.missing = null;
    const random = new Random(this.seed, this.cell.number, number);
    const cuts = new Random(this.seed, this.cell.number, number, 1);
    bus.begin(random);
    this.#ground.begin(cpu, random, mode);
    const last = cpu.steps + STEPS;
    let entries = 0;
    let end = '';
    while (cpu.steps < last && end === '') {
      this.#check(cpu);
      if (kind !== 'none' && cpu.s[at.guest] === 0) {
        if (entries++ >= ENTRIES) end = 'entries';
        else end = this.#resume(cpu, random, figures);
        continue;
      }
      if (bus.stopped) end = 'left';
      else end = figures === null ? this.#run(cpu, last) : this.#piece(cpu, cuts, last, figures);
    }
    this.#check(cpu);
    if (figures !== null && end !== '') figures.ends[end] = (figures.ends[end] ?? 0) + 1;
    return `${this.#hash(cpu)} ${end}`;
  }

  #resume(cpu: Cpu, random: Random, figures: Figures | null): string {
    this.#bus.crossedRealMode = true;
    const found = this.#ground.resume(cpu, random, this.cell.mode);
    if (figures !== null) figures.exits++;
    if (found === null) return 'shutdown';
    if (found !== '') throw new Finding('', `the state that an exit saved is not entered again: ${found}`);
    if (this.#bus.refusal !== '' && figures !== null) figures.refused++;
    return '';
  }

  #run(cpu: Cpu, last: number): string {
    const end = run(cpu, last);
    if (cpu.steps > last) throw new Finding('', `${cpu.steps - last} steps more than were asked for`);
    if (end === 'missing') return `missing: ${cpu.missing!.what}`;
    return end === 'limit' || end === 'asked' ? '' : end;
  }

  #piece(cpu: Cpu, cuts: Random, last: number, figures: Figures): string {
    const { level } = this.cell.mode;
    const before = levelOf(cpu);
    const guest = cpu.s[at.guest];
    const from = cpu.steps;
    const end = this.#run(cpu, Math.min(last, from + 1 + cuts.below(12)));
    const done = cpu.steps - from;
    figures.steps += done;
    const stayed: Level | '' = guest === cpu.s[at.guest] || this.#bus.stopped ? before : '';
    if (stayed === level && levelOf(cpu) === level) figures.own += done;
    const what = cuts.below(64);
    if (what === 0) cpu.blocks.dropAll(cpu);
    else if (what < 8) cpu.translation.drop();
    else if (what < 16) cpu.translation.dropWrites();
    return end;
  }

  #check(cpu: Cpu): void {
    const { s } = cpu;
    const real = this.cell.mode.level === 'real' || this.#bus.crossedRealMode || (s[at.cr0] & bit.CR0_PE) === 0;
    const rule = forbidden(cpu, real);
    if (rule !== '') throw new Finding('', `a state that the manual does not allow, at step ${cpu.steps}: ${rule}`);
  }

  #hash(cpu: Cpu): string {
    const ram = this.#bus.memory;
    hash.reset().words(cpu.s);
    let lo = 0;
    let hi = 0;
    const arena = hash.finish().toString();
    for (let i = 0; i < ram.touched; i++) {
      const page = ram.touchedPages[i];
      hash
        .reset()
        .word(page)
        .words(ram.dwords, page * WORDS, (page + 1) * WORDS)
        .finish();
      lo = (lo + hash.lo) | 0;
      hi = (hi + hash.hi) | 0;
    }
    return `${arena} ${hash.reset().word(lo).word(hi).word(ram.touched).finish()}`;
  }
}
