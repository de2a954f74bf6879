/** Where the processor was over time. Cycles are the axis: what crossing sides costs is to be seen. */

import { placeCpl, placeMode } from '../../cpu/events.ts';
import { say } from '../../lib/say.ts';
import { Kind } from '../../trace/log.ts';
import type { Stage } from '../stage.ts';
import type { Ring, TimelineSegment, TimelineView } from '../views.ts';
import { ticks } from './ticks.ts';
import { ringOf } from './who.ts';

const SLICES = 320;
/** Rows of a window that are still drawn one by one. */
const MOST_ROWS = 400;
/** Cycles on either side of the cursor when the window follows it. */
const BEFORE = 30_000;
const AFTER = 6_000;

const PLACED = new Set<number>([Kind.EXCEPTION, Kind.INTERRUPT, Kind.TRANSFER, Kind.VMEXIT, Kind.VMENTRY]);

export type Window = { readonly from: number; readonly to: number };

interface Stretch {
  readonly vm: number;
  readonly ring: Ring;
}

const DRAWN: readonly Ring[] = ['3', '2', '1', '0', 'm'];

const HYPERVISOR: Stretch = { vm: 0, ring: 'm' };
const MONITOR: Stretch = { vm: 0, ring: '0' };

/** The bare machine is drawn on VM 1's lanes. */
const stretchAfter = (stage: Stage, row: number): Stretch => {
  const to = stage.log.toOf(row);
  if (stage.compressed && placeCpl(to) === 0) return MONITOR;
  return { vm: placeMode(to) === 1 ? 0 : stage.bare && stage.log.vmOf(row) === 0 ? 1 : stage.log.vmOf(row), ring: ringOf(to) };
};

/** Before the first event: the image is entered in ring 0. */
const first = (stage: Stage): Stretch => (stage.compressed ? MONITOR : stage.bare ? { vm: 1, ring: '0' } : HYPERVISOR);

/** Virtual machines that the run as far as it is known has had; 0: the bare machine. */
const lanesOf = ({ vms, inner, log }: Stage): number => (inner > 0 ? vms : Math.max(vms, log.vmcs.length));

const crossingCost = (stage: Stage, row: number): number => {
  const { exit, entry } = stage.machine.cpu.costs.events;
  const kind = stage.log.kindOf(row);
  return kind === Kind.VMEXIT ? exit : kind === Kind.VMENTRY ? entry : 0;
};

/** Where the processor was, stretch by stretch, from the one that holds the window's first cycle to the one that holds its last. */
function* stretches(stage: Stage, span: Window): Generator<TimelineSegment, void> {
  const { log, history } = stage;
  const { reached, reachedCycle } = history;
  let row = firstAfterCycle(stage, span.from);
  let previous = row - 1;
  while (previous >= 0 && !PLACED.has(log.kindOf(previous))) previous--;
  let here = previous >= 0 ? stretchAfter(stage, previous) : first(stage);
  let from = previous >= 0 ? log.stepOf(previous) : 0;
  let fromCycle = previous >= 0 ? log.cycleOf(previous) : 0;
  const until = (to: number, toCycle: number, crossing: boolean): TimelineSegment => {
    const { vm, ring } = crossing ? HYPERVISOR : here;
    const segment = { vm, ring, from, to, fromCycle, toCycle, crossing };
    from = to;
    fromCycle = toCycle;
    return segment;
  };
  for (; row < log.length && log.stepOf(row) <= reached; row++) {
    if (!PLACED.has(log.kindOf(row))) continue;
    if (fromCycle >= span.to) return;
    const cost = crossingCost(stage, row);
    yield until(log.stepOf(row), log.cycleOf(row) - cost, false);
    if (cost > 0) yield until(log.stepOf(row), log.cycleOf(row), true);
    here = stretchAfter(stage, row);
  }
  yield until(reached, reachedCycle, false);
}

/** Every stretch, those in one place joined. */
function exact(stage: Stage, span: Window): TimelineSegment[] {
  const result: TimelineSegment[] = [];
  for (const segment of stretches(stage, span)) {
    const before = result[result.length - 1];
    if (segment.toCycle <= segment.fromCycle && segment.to <= segment.from) continue;
    if (before !== undefined && !segment.crossing && !before.crossing && before.vm === segment.vm && before.ring === segment.ring)
      result[result.length - 1] = { ...before, to: segment.to, toCycle: segment.toCycle };
    else result.push(segment);
  }
  return result;
}

/** Step count at a cycle within a stretch, as if its steps all took as long. */
const stepAt = ({ from, to, fromCycle, toCycle }: TimelineSegment, cycle: number): number =>
  from + Math.floor(((to - from) * (cycle - fromCycle)) / (toCycle - fromCycle || 1));

/** Too many to tell apart: in each of equal slices, one segment for each place that had a share of it. */
function coarse(stage: Stage, span: Window): TimelineSegment[] {
  const result: TimelineSegment[] = [];
  const width = (span.to - span.from) / SLICES;
  const places = Array.from({ length: Math.max(1, lanesOf(stage), stage.inner) + 1 }, (_, vm) =>
    DRAWN.map((ring) => ({ vm, ring, cycles: 0 })),
  );
  const shares = places.flat();
  let slice = 0;
  let fromCycle = span.from;
  let from = -1;
  let rest = { cycle: span.from, step: 0 };
  const close = (toCycle: number, to: number) => {
    const steps = (to - from) / (toCycle - fromCycle || 1);
    for (const share of shares) {
      if (share.cycles === 0) continue;
      const end = Math.min(toCycle, fromCycle + share.cycles);
      const step = from + Math.floor(steps * (end - fromCycle));
      result.push({ vm: share.vm, ring: share.ring, from, to: step, fromCycle, toCycle: end, crossing: false });
      share.cycles = 0;
      fromCycle = end;
      from = step;
    }
  };
  for (const stretch of stretches(stage, span)) {
    const share = places[stretch.vm][DRAWN.indexOf(stretch.ring)];
    let cycle = Math.max(stretch.fromCycle, span.from);
    if (from < 0) from = stepAt(stretch, cycle);
    const last = Math.min(stretch.toCycle, span.to);
    while (cycle < last) {
      const boundary = span.from + (slice + 1) * width;
      const end = Math.min(last, boundary);
      share.cycles += end - cycle;
      cycle = end;
      if (cycle < boundary) continue;
      close(boundary, stepAt(stretch, boundary));
      slice++;
    }
    rest = { cycle: last, step: stepAt(stretch, last) };
  }
  close(rest.cycle, rest.step);
  return result;
}

/** First row whose cycle is beyond `cycle`. */
function firstAfterCycle(stage: Stage, cycle: number): number {
  const { log } = stage;
  let low = 0;
  let high = log.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (log.cycleOf(middle) <= cycle) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Shares of ring 3, the kernel's rings and ring -1 in equal slices of the run. Sums kept between calls in fine slices that double when the run
 * outgrows them, so that a call costs only what has happened since the last.
 */
export class Overview {
  private width = 256;
  private counted = 0;
  private epoch = 0;
  private cycle = 0;
  private sums: Float64Array = new Float64Array(3 * 2 * SLICES);
  private here: Stretch;
  private readonly stage: Stage;

  constructor(stage: Stage) {
    this.stage = stage;
    this.here = first(stage);
  }

  /** @param end cycle the run has reached */
  shares(end: number): readonly (readonly [number, number, number])[] {
    const { log } = this.stage;
    if (log.epoch !== this.epoch || log.length < this.counted || end < this.cycle) this.restart();
    for (; this.counted < log.length; this.counted++) {
      if (!PLACED.has(log.kindOf(this.counted))) continue;
      const cost = crossingCost(this.stage, this.counted);
      this.spend(this.here, log.cycleOf(this.counted) - cost);
      this.spend({ vm: 0, ring: 'm' }, log.cycleOf(this.counted));
      this.here = stretchAfter(this.stage, this.counted);
    }
    const slices = Math.max(1, Math.ceil(end / this.width));
    const step = Math.max(1, Math.ceil(slices / SLICES));
    const result: [number, number, number][] = [];
    for (let slice = 0; slice < slices; slice += step) {
      const sum: [number, number, number] = [0, 0, 0];
      for (let k = slice; k < Math.min(slice + step, slices); k++)
        for (let part = 0; part < 3; part++) sum[part] += this.sums[3 * k + part];
      const total = sum[0] + sum[1] + sum[2];
      result.push(total > 0 ? [sum[0] / total, sum[1] / total, sum[2] / total] : this.only());
    }
    return result;
  }

  private only(): [number, number, number] {
    const { ring } = this.here;
    return [ring === '3' ? 1 : 0, ring !== '3' && ring !== 'm' ? 1 : 0, ring === 'm' ? 1 : 0];
  }

  private restart(): void {
    this.epoch = this.stage.log.epoch;
    this.counted = 0;
    this.cycle = 0;
    this.sums.fill(0);
    this.here = first(this.stage);
  }

  private spend(stretch: Stretch, until: number): void {
    const part = stretch.ring === '3' ? 0 : stretch.ring === 'm' ? 2 : 1;
    while (this.cycle < until) {
      const slice = Math.floor(this.cycle / this.width);
      if (3 * slice >= this.sums.length) {
        this.coarsen();
        continue;
      }
      const to = Math.min(until, (slice + 1) * this.width);
      this.sums[3 * slice + part] += to - this.cycle;
      this.cycle = to;
    }
  }

  private coarsen(): void {
    const { sums } = this;
    const half = sums.length / 6;
    for (let k = 0; k < half; k++) for (let part = 0; part < 3; part++) sums[3 * k + part] = sums[6 * k + part] + sums[6 * k + 3 + part];
    sums.fill(0, 3 * half);
    this.width *= 2;
  }
}

export function timelineView(stage: Stage, overview: Overview, chosen: Window | null): TimelineView {
  const { history, machine } = stage;
  const vms = lanesOf(stage);
  const { reached, reachedCycle } = history;
  const span = chosen ?? { from: Math.max(0, machine.cycle - BEFORE), to: Math.max(machine.cycle + AFTER, BEFORE + AFTER) };
  const lanes = Array.from({ length: Math.max(1, vms) }, (_, k) => k + 1).flatMap((vm) => [
    { vm, ring: '3' as const, label: vms === 0 ? say`programs` : `VM ${vm}` },
    { vm, ring: stage.compressed ? ('1' as const) : ('0' as const), label: vms === 0 ? say`kernel` : '' },
  ]);
  if (stage.inner > 0) lanes.push({ vm: stage.inner, ring: '0', label: say`inner hypervisor` });
  const rows = firstAfterCycle(stage, span.to) - firstAfterCycle(stage, span.from);
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
    segments: rows > MOST_ROWS ? coarse(stage, span) : exact(stage, span),
    ticks: ticks(stage, span, SLICES, !stage.compressed && vms > 0),
    overview: overview.shares(reachedCycle),
    reached,
    reachedCycle,
  };
}
