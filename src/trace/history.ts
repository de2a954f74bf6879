/**
 * Time is a number. Going anywhere is: the nearest checkpoint at or before, then replay. Nothing is ever undone.
 *
 * Checkpoints stand every `SPACING` steps; when there are too many, every second one far from the cursor goes, but no gap grows beyond
 * what a second of replay bridges.
 */
import type { Checkpoint, Machine } from '../machine/machine.ts';
import { EventLog } from './log.ts';
import { runTraced, type Standpoint } from './recent.ts';

const SPACING = 1 << 16;
const WIDEST_GAP = 1 << 22;
const MOST_CHECKPOINTS = 128;
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
  private marks: Mark[];
  private furthest: number;
  private furthestCycle: number;

  constructor(machine: Machine, detailed = false) {
    this.machine = machine;
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

  /** Goes to step count `n`, or as near as the machine gets before it ends. The steps right before it are then in `recent`. */
  seek(n: number): void {
    const target = Math.max(0, Math.floor(n));
    const trace = Math.max(0, target - RECENT);
    const nearby = target >= this.n && target - this.n <= RECENT;
    if (nearby) {
      this.trace(target);
      return;
    }
    if (trace < this.n || this.nearest(trace).n > this.n) this.restore(this.nearest(trace));
    this.recent = [];
    this.fast(trace);
    this.trace(target);
  }

  /** Runs at full speed to step count `until`, leaving checkpoints. Nothing is kept in `recent`. */
  fast(until: number): void {
    const { machine } = this;
    while (machine.n < until && machine.end === null) {
      const mark = this.lastMark().n + SPACING;
      const next = mark > machine.n ? mark : machine.n + SPACING;
      const before = machine.n;
      machine.run(Math.min(until, next));
      this.arrived();
      if (machine.n >= this.lastMark().n + SPACING) this.mark();
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
   * @param look called with the steps that were run
   */
  ahead<T>(steps: number, look: (future: readonly Standpoint[], log: EventLog) => T): T {
    const { machine } = this;
    const here = machine.save();
    const length = this.log.length;
    const future: Standpoint[] = [];
    runTraced(machine, this.log, machine.n + steps, future, steps);
    const result = look(future, this.log);
    machine.restore(here);
    this.log.shorten(length);
    return result;
  }

  private arrived(): void {
    const { n, cycle } = this.machine;
    if (n > this.furthest) {
      this.furthest = n;
      this.furthestCycle = cycle;
    }
    if (n > this.log.upTo) this.log.upTo = n;
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
    if (this.marks.length > MOST_CHECKPOINTS) this.thin();
  }

  /** Drops the checkpoint whose loss hurts least: the smallest gap for its distance from the cursor. The first stays. */
  private thin(): void {
    const { marks } = this;
    let best = -1;
    let bestScore = Number.POSITIVE_INFINITY;
    for (let i = 1; i < marks.length - 1; i++) {
      const gap = marks[i + 1].n - marks[i - 1].n;
      if (gap > WIDEST_GAP) continue;
      const score = gap / (1 + Math.abs(this.machine.n - marks[i].n));
      if (score < bestScore) {
        bestScore = score;
        best = i;
      }
    }
    if (best > 0) marks.splice(best, 1);
  }
}
