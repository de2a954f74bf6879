/**
 * Time is a number. Going anywhere is: the nearest checkpoint at or before, then replay. Nothing is ever undone.
 *
 * Checkpoints stand every `SPACING` steps; when there are too many, every second one far from the cursor goes, but no gap grows beyond
 * what a second of replay bridges.
 */
import type { Checkpoint, Machine } from '../machine/machine.ts';
import { EventLog } from './log.ts';
import { runTraced, type Standpoint, standpoint } from './recent.ts';

/** How checkpoints are spread, in steps. */
export interface Spacing {
  readonly apart: number;
  /** Thinning leaves no gap beyond this. */
  readonly widestGap: number;
  /** Above so many, the old ones thin out. */
  readonly most: number;
}

const SPACING: Spacing = { apart: 1 << 16, widestGap: 1 << 22, most: 128 };
/** Standpoints kept behind the cursor. */
export const RECENT = 48;

interface Mark {
  readonly n: number;
  readonly state: Checkpoint;
}

export class History {
  readonly machine: Machine;
  readonly log: EventLog;
  /** The last steps before the cursor, oldest first. */
  recent: Standpoint[] = [];
  private readonly spacing: Spacing;
  private marks: Mark[];
  private furthest: number;
  private furthestCycle: number;

  constructor(machine: Machine, detailed = false, spacing = SPACING) {
    this.machine = machine;
    this.spacing = spacing;
    this.log = new EventLog(machine.cpu, detailed);
    machine.cpu.events = this.log;
    this.marks = [{ n: machine.n, state: machine.save() }];
    this.furthest = machine.n;
    this.furthestCycle = machine.cycle;
  }

  get n(): number {
    return this.machine.n;
  }

  /** The last step ever reached on this branch, and its cycle. */
  get reached(): number {
    return this.furthest;
  }
  get reachedCycle(): number {
    return this.furthestCycle;
  }

  /** Step counts at which checkpoints stand. */
  get checkpoints(): readonly number[] {
    return this.marks.map((mark) => mark.n);
  }

  /** Whether `recent` holds the steps right before this one. */
  get known(): boolean {
    const { recent, n } = this;
    return recent.length === Math.min(RECENT, n - this.marks[0].n) && (recent.length === 0 || recent[recent.length - 1].n === n - 1);
  }

  /** Goes to step count `n`, or as near as the machine gets before it ends. The steps right before it are then in `recent`. */
  seek(n: number): void {
    this.go(n);
    if (!this.known) this.go(this.n);
  }

  private go(n: number): void {
    const first = this.marks[0].n;
    const target = Math.max(first, Math.floor(n));
    if (!this.known || target < this.n || target - this.n > RECENT) {
      const start = Math.max(first, target - RECENT);
      if (start < this.n || this.nearest(start).n > this.n) this.restore(this.nearest(start));
      this.recent = [];
      this.fast(start);
    }
    this.trace(target);
  }

  /** Runs at full speed to step count `until`, leaving checkpoints. Nothing is kept in `recent`. */
  fast(until: number): void {
    const { machine } = this;
    while (machine.n < until && machine.end === null) {
      const { apart } = this.spacing;
      const mark = this.lastMark().n + apart;
      const next = mark > machine.n ? mark : machine.n + apart;
      const before = machine.n;
      machine.run(Math.min(until, next));
      this.arrived();
      if (machine.n >= this.lastMark().n + apart) this.mark();
      if (machine.n === before) break;
    }
    if (this.recent.length > 0 && this.recent[this.recent.length - 1].n !== machine.n - 1) this.recent = [];
  }

  /** Runs with tracing to step count `until`. */
  trace(until: number): void {
    runTraced(this.machine, this.log, until, this.recent, RECENT);
    this.arrived();
  }

  /**
   * Does something that changes the future, and forgets the one there was.
   *
   * @param change what is done to the machine at the present step
   */
  fork(change: (machine: Machine) => void): void {
    const { machine } = this;
    change(machine);
    this.marks = this.marks.filter((mark) => mark.n < machine.n);
    this.mark();
    this.log.truncate(machine.n);
    this.furthest = machine.n;
    this.furthestCycle = machine.cycle;
  }

  /**
   * Runs ahead from here, hands the machine over after it, and comes back: what will happen if nothing intervenes.
   *
   * @param traced how many steps in full
   * @param steps how many in all
   * @param look called with the steps that were traced, and where they led
   */
  ahead<T>(traced: number, steps: number, look: (future: readonly Standpoint[], after: Standpoint) => T): T {
    const { machine, log } = this;
    const here = machine.save();
    const { length } = log;
    const future: Standpoint[] = [];
    runTraced(machine, log, here.n + traced, future, traced);
    const after = standpoint(machine, log);
    machine.run(here.n + steps);
    const result = look(future, after);
    machine.restore(here);
    log.shorten(length);
    return result;
  }

  private arrived(): void {
    const { n, cycle } = this.machine;
    if (n > this.furthest) {
      this.furthest = n;
      this.furthestCycle = cycle;
    }
    this.log.settle(n);
  }

  private lastMark(): Mark {
    return this.nearest(this.machine.n);
  }

  /** The newest checkpoint at or before step count `n`. */
  private nearest(n: number): Mark {
    let low = 0;
    let high = this.marks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.marks[middle].n <= n) low = middle;
      else high = middle - 1;
    }
    return this.marks[low];
  }

  private restore(mark: Mark): void {
    this.machine.restore(mark.state);
  }

  private mark(): void {
    const { machine } = this;
    const at = this.marks.findIndex((mark) => mark.n >= machine.n);
    if (at >= 0 && this.marks[at].n === machine.n) return;
    const mark = { n: machine.n, state: machine.save() };
    if (at < 0) this.marks.push(mark);
    else this.marks.splice(at, 0, mark);
    if (this.marks.length > this.spacing.most) this.thin();
  }

  /** Drops the checkpoint whose loss hurts least: the smallest gap for its distance from the cursor. The first stays. */
  private thin(): void {
    const { marks } = this;
    let best = -1;
    let bestScore = Number.POSITIVE_INFINITY;
    for (let i = 1; i < marks.length - 1; i++) {
      const gap = marks[i + 1].n - marks[i - 1].n;
      if (gap > this.spacing.widestGap) continue;
      const score = gap / (1 + Math.abs(this.machine.n - marks[i].n));
      if (score < bestScore) {
        bestScore = score;
        best = i;
      }
    }
    if (best > 0) marks.splice(best, 1);
  }
}
