/** Where the processor was over a run, and for how long: for any cycle at once, however long the run. */
import { placeCpl, placeMode } from '../../cpu/events.ts';
import { Kind } from '../../trace/log.ts';
import type { Stage } from '../stage.ts';
import type { Ring, TimelineSegment } from '../views.ts';
import { firstWhere } from './ticks.ts';
import { ringOf } from './who.ts';

export interface Place {
  readonly vm: number;
  readonly ring: Ring;
}

/**
 * A place where the processor was. Of each stay: the cycle at which it began and the row of the log that led here (-1: power-on); and how many
 * cycles and steps all those before it took, with the sum of all behind the last one, when none is open.
 */
export interface Account extends Place {
  readonly began: number[];
  readonly rows: number[];
  readonly before: number[];
  readonly ran: number[];
}

export const HYPERVISOR: Place = { vm: 0, ring: 'm' };
/** A monitor in ring 0. */
export const MONITOR: Place = { vm: 0, ring: '0' };

const MOVES = new Set<number>([Kind.EXCEPTION, Kind.INTERRUPT, Kind.TRANSFER, Kind.VMEXIT, Kind.VMENTRY]);

/** Of a log whose rows stay as they are, and grow in number. */
export class Occupancy {
  /** In the order in which the processor was first there. */
  readonly places: Account[] = [];
  /** Rows of the log that have been looked at. */
  counted = 0;
  private readonly stage: Stage;
  /** Those after which the processor is in another place. */
  private readonly moves: number[] = [];
  private open: Account | null = null;

  constructor(stage: Stage) {
    this.stage = stage;
    this.enter(this.placeAfter(0), 0, -1);
  }

  /** Takes in what has happened since it was last called. */
  follow(): void {
    const { log, history } = this.stage;
    for (; this.counted < log.length && log.stepOf(this.counted) <= history.reached; this.counted++)
      if (MOVES.has(log.kindOf(this.counted))) {
        const crossing = this.after(this.moves.push(this.counted) - 1)[1];
        if (crossing) this.enter(crossing, crossing.fromCycle, this.counted);
        this.enter(this.placeAfter(this.moves.length), log.cycleOf(this.counted), this.counted);
      }
  }

  /** How many moves have ended by a cycle. */
  movesBy(cycle: number): number {
    return firstWhere(0, this.moves.length, (move) => this.stage.log.cycleOf(this.moves[move]) > cycle);
  }

  /**
   * The stretch after so many moves, up to the next or to where the run is known to; and what that move costs, when it is a crossing. Nothing
   * after more moves than there were.
   */
  after(moves: number): readonly TimelineSegment[] {
    const { log, history, machine } = this.stage;
    if (moves > this.moves.length) return [];
    const { vm, ring } = this.placeAfter(moves);
    const last = moves > 0 ? this.moves[moves - 1] : -1;
    const from = last < 0 ? 0 : log.stepOf(last);
    const fromCycle = last < 0 ? 0 : log.cycleOf(last);
    const stay = (to: number, toCycle: number) => ({ vm, ring, from, to, fromCycle, toCycle, crossing: false });
    if (moves === this.moves.length) return [stay(history.reached, history.reachedCycle)];
    const next = this.moves[moves];
    const { exit, entry } = machine.cpu.costs.events;
    const kind = log.kindOf(next);
    const cost = kind === Kind.VMEXIT ? exit : kind === Kind.VMENTRY ? entry : 0;
    const to = log.stepOf(next);
    const toCycle = log.cycleOf(next);
    const before = stay(to, toCycle - cost);
    return cost > 0 ? [before, { vm: 0, ring: 'm', from: to, to, fromCycle: before.toCycle, toCycle, crossing: true }] : [before];
  }

  /** Cycles spent in each of `places` by a cycle that the run has reached. */
  spentBy(cycle: number): readonly number[] {
    return this.places.map(({ began, before }) => {
      const stays = firstWhere(0, began.length, (stay) => began[stay] > cycle);
      return stays === 0 ? 0 : Math.min(before[stays - 1] + cycle - began[stays - 1], before[stays] ?? Number.POSITIVE_INFINITY);
    });
  }

  /** Step count at a cycle that the run has reached, as if the steps of a stretch all took as long. */
  stepAt(cycle: number): number {
    const [{ from, to, fromCycle, toCycle }] = this.after(this.movesBy(cycle));
    return cycle < toCycle ? from + Math.floor(((to - from) * (cycle - fromCycle)) / (toCycle - fromCycle)) : to;
  }

  /** The step behind a row of the log; 0 at power-on. */
  stepOf(row: number): number {
    return row < 0 ? 0 : this.stage.log.stepOf(row);
  }

  /** Who goes from a place to the same one stays there. */
  private enter({ vm, ring }: Place, cycle: number, row: number): void {
    let account = this.places.find((one) => one.vm === vm && one.ring === ring);
    if (account === this.open && account !== undefined) return;
    if (account === undefined) {
      account = { vm, ring, began: [], rows: [], before: [0], ran: [0] };
      this.places.push(account);
    }
    if (this.open !== null) {
      const { began, rows, before, ran } = this.open;
      const last = began.length - 1;
      before.push(before[last] + cycle - began[last]);
      ran.push(ran[last] + this.stepOf(row) - this.stepOf(rows[last]));
    }
    account.began.push(cycle);
    account.rows.push(row);
    this.open = account;
  }

  /** Before the first move: the image is entered in ring 0. The bare machine is drawn on VM 1's lanes. */
  private placeAfter(moves: number): Place {
    const { log, compressed, bare } = this.stage;
    if (moves === 0) return compressed ? MONITOR : bare ? { vm: 1, ring: '0' } : HYPERVISOR;
    const row = this.moves[moves - 1];
    const to = log.toOf(row);
    if (compressed && placeCpl(to) === 0) return MONITOR;
    const vm = log.vmOf(row);
    return { vm: placeMode(to) === 1 ? 0 : bare && vm === 0 ? 1 : vm, ring: ringOf(to) };
  }
}
