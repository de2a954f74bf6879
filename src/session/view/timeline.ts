/** Where the processor was over time. Cycles are the axis: what crossing sides costs is to be seen. */

import { say } from '../../lib/say.ts';
import type { Stage } from '../stage.ts';
import type { Ring, StaysView, TimelineSegment, TimelineView } from '../views.ts';
import { HYPERVISOR, MONITOR, Occupancy, type Place } from './occupancy.ts';
import { Overview } from './overview.ts';
import { staysView } from './stays.ts';
import { ticks } from './ticks.ts';

const SLICES = 320;
/** Moves of a window that are still drawn one by one. */
const MOST_MOVES = 400;
/** Cycles on either side of the cursor when the window follows it. */
const BEFORE = 30_000;
const AFTER = 6_000;

export type Window = { readonly from: number; readonly to: number };

/** From the top of a slice down. */
const DRAWN: readonly Ring[] = ['3', '2', '1', '0', 'm'];

/** Virtual machines that the run as far as it is known has had; 0: the bare machine. */
const lanesOf = ({ vms, inner, log }: Stage): number => (inner > 0 ? vms : Math.max(vms, log.vmcs.length));

/** Every stretch from the one that holds the window's first cycle to the one that holds its last, those in one place joined. */
function exact(occupancy: Occupancy, span: Window): TimelineSegment[] {
  const result: TimelineSegment[] = [];
  for (let moves = occupancy.movesBy(span.from); ; moves++) {
    const stretch = occupancy.after(moves);
    if (!(stretch[0]?.fromCycle < span.to)) return result;
    for (const segment of stretch) {
      const before = result[result.length - 1];
      if (segment.toCycle <= segment.fromCycle && segment.to <= segment.from) continue;
      if (before !== undefined && !segment.crossing && !before.crossing && before.vm === segment.vm && before.ring === segment.ring)
        result[result.length - 1] = { ...before, to: segment.to, toCycle: segment.toCycle };
      else result.push(segment);
    }
  }
}

/** Too many to tell apart: in each of equal slices, one segment for each place that had a share of it. */
function coarse(occupancy: Occupancy, span: Window, reachedCycle: number): TimelineSegment[] {
  const result: TimelineSegment[] = [];
  const { places } = occupancy;
  const rank = (place: number) => DRAWN.length * places[place].vm + DRAWN.indexOf(places[place].ring);
  const order = [...places.keys()].sort((a, b) => rank(a) - rank(b));
  const startOf = (slice: number) => Math.min(reachedCycle, Math.max(0, span.from + (slice * (span.to - span.from)) / SLICES));
  let fromCycle = startOf(0);
  let from = occupancy.stepAt(fromCycle);
  let before = occupancy.spentBy(fromCycle);
  for (let slice = 1; slice <= SLICES; slice++) {
    const end = startOf(slice);
    const last = occupancy.stepAt(end);
    const after = occupancy.spentBy(end);
    const steps = (last - from) / (end - fromCycle || 1);
    const shared = order.filter((place) => after[place] > before[place]);
    for (const [i, place] of shared.entries()) {
      const { vm, ring } = places[place];
      const ends = i === shared.length - 1;
      const toCycle = ends ? end : Math.min(end, fromCycle + after[place] - before[place]);
      const to = ends ? last : from + Math.floor(steps * (toCycle - fromCycle));
      result.push({ vm, ring, from, to, fromCycle, toCycle, crossing: false });
      fromCycle = toCycle;
      from = to;
    }
    before = after;
  }
  return result;
}

/** What the timeline shows, and what it keeps of the run from one view to the next. */
export class Timeline {
  private readonly stage: Stage;
  private occupancy!: Occupancy;
  private overview!: Overview;
  private epoch = -1;

  constructor(stage: Stage) {
    this.stage = stage;
  }

  /** @param chosen the window; null follows the cursor */
  view(chosen: Window | null): TimelineView {
    const { stage } = this;
    const { history, machine } = stage;
    this.follow();
    const { occupancy, overview } = this;
    const vms = lanesOf(stage);
    const { reached, reachedCycle } = history;
    const span = chosen ?? { from: Math.max(0, machine.cycle - BEFORE), to: Math.max(machine.cycle + AFTER, BEFORE + AFTER) };
    const lanes = Array.from({ length: Math.max(1, vms) }, (_, k) => k + 1).flatMap((vm) => [
      { vm, ring: '3' as const, label: vms === 0 ? say`programs` : `VM ${vm}` },
      { vm, ring: stage.compressed ? ('1' as const) : ('0' as const), label: vms === 0 ? say`kernel` : '' },
    ]);
    if (stage.inner > 0) lanes.push({ vm: stage.inner, ring: '0', label: say`inner hypervisor` });
    const moves = occupancy.movesBy(span.to) - occupancy.movesBy(span.from);
    return {
      lanes:
        vms === 0
          ? lanes
          : [
              ...lanes,
              stage.compressed
                ? { ...MONITOR, label: say`monitor` }
                : { ...HYPERVISOR, label: stage.inner > 0 ? say`outer hypervisor` : say`hypervisor` },
            ],
      window: span,
      segments: moves > MOST_MOVES ? coarse(occupancy, span, reachedCycle) : exact(occupancy, span),
      ticks: ticks(stage, span, SLICES, !stage.compressed && vms > 0),
      overview: overview.shares(Math.max(1, reachedCycle)),
      reached,
      reachedCycle,
    };
  }

  /** The stays in a place up to the cursor, and those behind it as far as the run is known. */
  stays(place: Place): StaysView {
    this.follow();
    return staysView(this.stage, this.occupancy, place);
  }

  private follow(): void {
    const { log } = this.stage;
    if (log.epoch !== this.epoch || log.length < this.occupancy.counted) {
      this.epoch = log.epoch;
      this.occupancy = new Occupancy(this.stage);
      this.overview = new Overview(this.occupancy, SLICES);
    }
    this.occupancy.follow();
  }
}
