/** Where the processor was over time. Cycles are the axis: what crossing sides costs is to be seen. */
import { placeMode } from '../../cpu/events.ts';
import { Kind } from '../../trace/log.ts';
import type { Stage } from '../stage.ts';
import type { Ring, TimelineSegment, TimelineTick, TimelineView } from '../views.ts';
import { ringOf } from './who.ts';

const SLICES = 320;
const MOST_SEGMENTS = 600;
/** Cycles on either side of the cursor when the window follows it. */
const BEFORE = 30_000;
const AFTER = 6_000;

const PLACED = new Set<number>([Kind.EXCEPTION, Kind.INTERRUPT, Kind.TRANSFER, Kind.VMEXIT, Kind.VMENTRY]);

export type Window = { readonly from: number; readonly to: number };

interface Stretch {
  readonly vm: number;
  readonly ring: Ring;
}

/** The bare machine is drawn on VM 1's lanes. */
const stretchAfter = (stage: Stage, row: number): Stretch => {
  const to = stage.log.toOf(row);
  return { vm: placeMode(to) === 1 ? 0 : stage.vms === 0 ? 1 : stage.log.vmOf(row), ring: ringOf(to) };
};

/** Before the first event: the image is entered in ring 0. */
const first = (stage: Stage): Stretch => ({ vm: stage.vms === 0 ? 1 : 0, ring: stage.vms === 0 ? '0' : 'm' });

const crossingCost = (stage: Stage, row: number): number => {
  const { exit, entry } = stage.machine.cpu.costs.events;
  const kind = stage.log.kindOf(row);
  return kind === Kind.VMEXIT ? exit : kind === Kind.VMENTRY ? entry : 0;
};

function segments(stage: Stage, span: Window, reached: number, reachedCycle: number): TimelineSegment[] {
  const { log } = stage;
  const result: TimelineSegment[] = [];
  let row = firstAfterCycle(stage, span.from);
  let previous = row - 1;
  while (previous >= 0 && !PLACED.has(log.kindOf(previous))) previous--;
  let here = previous >= 0 ? stretchAfter(stage, previous) : first(stage);
  let from = previous >= 0 ? log.stepOf(previous) : 0;
  let fromCycle = previous >= 0 ? log.cycleOf(previous) : 0;
  const add = (stretch: Stretch, to: number, toCycle: number, crossing: boolean) => {
    if (toCycle > fromCycle || to > from) result.push({ ...stretch, from, to, fromCycle, toCycle, crossing });
    from = to;
    fromCycle = toCycle;
  };
  for (; row < log.length && result.length < MOST_SEGMENTS && fromCycle < span.to && log.stepOf(row) <= reached; row++) {
    if (!PLACED.has(log.kindOf(row))) continue;
    const cost = crossingCost(stage, row);
    add(here, log.stepOf(row), log.cycleOf(row) - cost, false);
    if (cost > 0) add({ vm: 0, ring: 'm' }, log.stepOf(row), log.cycleOf(row), true);
    here = stretchAfter(stage, row);
  }
  const last = row === log.length || log.stepOf(row) > reached;
  if (last && fromCycle < reachedCycle && result.length < MOST_SEGMENTS) add(here, reached, reachedCycle, false);
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
  const { history, machine, log, vms } = stage;
  const { reached, reachedCycle } = history;
  const span = chosen ?? { from: Math.max(0, machine.cycle - BEFORE), to: Math.max(machine.cycle + AFTER, BEFORE + AFTER) };
  const lanes = Array.from({ length: Math.max(1, vms) }, (_, k) => k + 1).flatMap((vm) => [
    { vm, ring: '3' as const, label: vms === 0 ? 'programs' : `VM ${vm}` },
    { vm, ring: '0' as const, label: vms === 0 ? 'kernel' : '' },
  ]);
  const ticks: TimelineTick[] = [];
  for (
    let row = firstAfterCycle(stage, span.from);
    row < log.length && log.cycleOf(row) <= span.to && ticks.length < MOST_SEGMENTS;
    row++
  ) {
    if (log.kindOf(row) !== Kind.VMEXIT || log.stepOf(row) > reached) continue;
    ticks.push({
      n: log.stepOf(row),
      cycle: log.cycleOf(row) - machine.cpu.costs.events.exit,
      code: log.valueOf(row, 0) & 0xffff,
      vm: log.vmOf(row),
    });
  }
  return {
    lanes: vms === 0 ? lanes : [...lanes, { vm: 0, ring: 'm' as const, label: 'hypervisor' }],
    window: span,
    segments: segments(stage, span, reached, reachedCycle),
    ticks,
    overview: overview.shares(reachedCycle),
    reached,
    reachedCycle,
  };
}
