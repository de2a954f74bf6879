import type { Crossing, Ring, RingsView } from '../session/views.ts';
import { arcPath, type Point, polar, xy } from './polar.ts';
import {
  at,
  depth,
  gateOffset,
  type Lane,
  laneOf,
  type Place,
  processesOf,
  processOffset,
  type RingsPlan,
  ringOfLane,
  sectorOf,
} from './rings-plan.ts';
import { round } from './tree.ts';

/** A piece of the processor's way: an arc inside a ring is execution, a radius is a crossing. */
export interface TrailPiece {
  readonly key: string;
  readonly path: string;
  readonly ring: Ring;
  readonly next: boolean;
  /** Goes over a ring that had no part in it. */
  readonly bridge: boolean;
}

export interface TrailHead {
  readonly key: string;
  readonly path: string;
  readonly ring: Ring;
  readonly next: boolean;
}

export interface TrailTag {
  readonly key: string;
  readonly text: string;
  readonly ring: Ring;
  readonly next: boolean;
  readonly crossing: Crossing;
  readonly angle: number;
}

export interface Trail {
  readonly pieces: readonly TrailPiece[];
  readonly heads: readonly TrailHead[];
  /** The nearest in time first: where two want one place, it has it. */
  readonly tags: readonly TrailTag[];
  readonly token: Place | null;
}

interface Stop {
  /** The same for a crossing when it is to come and when it is past; different for two of one step. */
  readonly id: string;
  readonly crossing: Crossing;
  readonly from: Lane;
  readonly to: Lane;
  readonly angle: number;
  readonly direction: 1 | -1;
  readonly next: boolean;
}

/** How far the way in view reaches before its first and after its last crossing. */
const LEAD: Readonly<Record<Lane, number>> = { '3': 13, '2': 13, '1': 13, '0': 24, inner: 22, m: 20 };

function lead(plan: RingsPlan, lane: Lane): number {
  return LEAD[lane] * (plan.sectors.length > 2 ? 0.6 : 1);
}

/** The ways past and to come, and the processor between them, in the order of time. `n` is the current step. */
export function planTrail(plan: RingsPlan, view: RingsView, n: number): Trail {
  const crossings = [...view.past.map((c) => [c, false] as const), ...view.future.map((c) => [c, true] as const)];
  const stops = crossings.filter(([c]) => c.from !== c.to).map(([c, next], i, all) => stop(plan, view, c, next, nth(all, i)));
  const token = placeToken(plan, view, n, stops);
  const split = stops.findIndex((s) => s.next);
  const past = split < 0 ? stops : stops.slice(0, split);
  const future = split < 0 ? [] : stops.slice(split);
  const distance = (s: Stop) => Math.abs(s.crossing.n - n);
  const labelled = stops.filter((s) => s.crossing.label !== '').sort((a, b) => distance(a) - distance(b));
  return {
    pieces: [
      ...pastPieces(plan, past),
      ...presentPieces(plan, view, token, past.at(-1), future[0]),
      ...futurePieces(plan, future, token !== null),
    ],
    heads: stops.map((s) => ({ key: `head${s.id}`, path: headPath(plan, s), ring: s.crossing.to, next: s.next })),
    tags: labelled.map((s) => ({
      key: `tag${s.id}`,
      text: s.crossing.label,
      ring: s.crossing.to,
      next: s.next,
      crossing: s.crossing,
      angle: s.angle,
    })),
    token,
  };
}

function pastPieces(plan: RingsPlan, past: readonly Stop[]): TrailPiece[] {
  return past.flatMap((s, i) => [
    ...(i === 0 ? leadIn(plan, s) : []),
    crossPiece(plan, s),
    ...(past[i + 1] ? between(plan, s, past[i + 1]!) : []),
  ]);
}

/** From the last crossing to the token, and from there to the next. */
function presentPieces(
  plan: RingsPlan,
  view: RingsView,
  token: Place | null,
  back: Stop | undefined,
  ahead: Stop | undefined,
): TrailPiece[] {
  if (!token || !view.active) return [];
  const { ring, vm } = view.active;
  const lane = laneOf(plan, vm, ring);
  const pieces: TrailPiece[] = [];
  if (back?.to === lane) {
    pieces.push(...arcPiece(plan, lane, back.angle, back.angle + turnIn(plan, lane, token.angle - back.angle), false, `arc${back.id}`));
  } else if (!back) {
    const from = token.angle - sectorOf(plan, vm).direction * lead(plan, lane);
    pieces.push({ key: 'lead', path: arcPath(plan.center, token.radius, from, token.angle), ring, next: false, bridge: false });
  }
  if (ahead?.from === lane) {
    pieces.push(...arcPiece(plan, lane, token.angle, token.angle + turnIn(plan, lane, ahead.angle - token.angle), true, `next${ahead.id}`));
  }
  return pieces;
}

function futurePieces(plan: RingsPlan, future: readonly Stop[], joined: boolean): TrailPiece[] {
  return future.flatMap((s, i) => {
    const after = future[i + 1];
    const { to } = s;
    const end = s.angle + s.direction * lead(plan, to);
    return [
      ...(i === 0 && !joined ? leadIn(plan, s) : []),
      crossPiece(plan, s),
      ...(after ? between(plan, s, after) : arcPiece(plan, to, s.angle, end, true, `tail${s.id}`)),
    ];
  });
}

function arcPiece(plan: RingsPlan, lane: Lane, from: number, to: number, next: boolean, key: string): TrailPiece[] {
  if (Math.abs(to - from) < 0.5) return [];
  return [{ key, path: arcPath(plan.center, plan.lane[lane], from, to), ring: ringOfLane(lane), next, bridge: false }];
}

function crossPiece(plan: RingsPlan, s: Stop): TrailPiece {
  const { from, to } = s;
  const overInner = plan.inner !== null && from !== 'inner' && to !== 'inner' && (from === 'm' || to === 'm');
  return {
    key: `cross${s.id}`,
    path: `M${xy(polar(plan.center, plan.lane[from], s.angle))}L${xy(polar(plan.center, plan.lane[to], s.angle))}`,
    ring: ringOfLane(to),
    next: s.next,
    bridge: overInner || (!plan.bare && ((from === '3' && to === plan.coreRing) || (from === plan.coreRing && to === '3'))),
  };
}

function leadIn(plan: RingsPlan, s: Stop): TrailPiece[] {
  const { from } = s;
  return arcPiece(plan, from, s.angle - s.direction * lead(plan, from), s.angle, s.next, `lead${s.id}`);
}

/** What ran between two crossings; nothing when one of them is not known. */
function between(plan: RingsPlan, s: Stop, after: Stop): TrailPiece[] {
  const { to } = s;
  const { vm } = s.crossing;
  if (after.from !== to || (to !== plan.coreRing && after.crossing.vm !== vm)) return [];
  return arcPiece(plan, to, s.angle, s.angle + turnIn(plan, to, after.angle - s.angle), s.next, `arc${s.id}`);
}

function nth(all: readonly (readonly [Crossing, boolean])[], i: number): number {
  let k = 0;
  while (k < i && all[i - k - 1]![0].n === all[i]![0].n) k++;
  return k;
}

function stop(plan: RingsPlan, view: RingsView, crossing: Crossing, next: boolean, ordinal: number): Stop {
  const sector = sectorOf(plan, crossing.vm);
  const offset = gateOffset(plan, crossing, processesOf(view, crossing.vm));
  const flow = Math.cos((offset * Math.PI) / 180) < -0.01 ? -1 : 1;
  const id = ordinal === 0 ? String(crossing.n) : `${crossing.n}.${ordinal}`;
  const [from, to] = [crossing.from, crossing.to].map((ring) => laneOf(plan, crossing.vm, ring)) as [Lane, Lane];
  return { id, crossing, from, to, angle: at(sector, offset), direction: (sector.direction * flow) as 1 | -1, next };
}

/** In the core the shorter way round; in a sector the way that stays inside it. */
function turnIn(plan: RingsPlan, lane: Lane, turn: number): number {
  if (plan.bare || lane !== plan.coreRing) return turn;
  return ((((turn + 180) % 360) + 360) % 360) - 180;
}

function placeToken(plan: RingsPlan, view: RingsView, n: number, stops: readonly Stop[]): Place | null {
  const { active } = view;
  if (!active) return null;
  const { ring } = active;
  const lane = laneOf(plan, active.vm, ring);
  const radius = plan.lane[ring === '0' && active.vm === 0 && !plan.bare ? 'm' : lane];
  const back = stops.filter((s) => !s.next && s.to === lane).at(-1);
  const ahead = stops.find((s) => s.next && s.from === lane);
  if (back && ahead) {
    const whole = Math.max(1, ahead.crossing.n - back.crossing.n);
    const done = ahead.crossing.n - n <= 1 ? 1 : Math.min(1, Math.max(0, n - back.crossing.n) / whole);
    return { radius, angle: back.angle + turnIn(plan, lane, ahead.angle - back.angle) * done };
  }
  if (back) {
    const eased = 1 - 1 / (1 + Math.max(0, n - back.crossing.n) / 6);
    return { radius, angle: back.angle + back.direction * lead(plan, lane) * (0.35 + 0.65 * eased) };
  }
  if (ahead) {
    const eased = 1 / (1 + Math.max(0, ahead.crossing.n - n - 1) / 6);
    return { radius, angle: ahead.angle - ahead.direction * lead(plan, lane) * (1 - eased) };
  }
  const sector = sectorOf(plan, active.vm);
  const vm = view.vms.find((v) => v.vm === sector.vm);
  const current = vm?.processes.findIndex((p) => p.current) ?? -1;
  return { radius, angle: at(sector, ring === '3' ? processOffset(plan, current, vm?.processes.length ?? 0) * 0.8 : 0) };
}

/** The radius of the boundary on which a crossing's arrow head sits. */
export function boundary(plan: RingsPlan, from: Lane, to: Lane): number {
  if (from === 'm' || to === 'm') return (plan.core + (plan.inner?.band[0] ?? plan.band['0'][0])) / 2;
  if (from === 'inner' || to === 'inner') return plan.core;
  const outer = depth(from) < depth(to) ? from : to;
  const inner = outer === from ? to : from;
  return (plan.band[inner][1] + plan.band[outer][0]) / 2;
}

function headPath(plan: RingsPlan, s: Stop): string {
  const inward = depth(s.to) > depth(s.from);
  const where = boundary(plan, s.from, s.to);
  const tip = polar(plan.center, where + (inward ? -5.5 : 5.5), s.angle);
  const base = polar(plan.center, where + (inward ? 4 : -4), s.angle);
  const half = plan.radius >= 120 ? 4.6 : 4;
  const [dx, dy] = [tip[0] - base[0], tip[1] - base[1]];
  const length = Math.hypot(dx, dy) || 1;
  const side: Point = [(-dy / length) * half, (dx / length) * half];
  const p = (x: number, y: number) => `${round(x)} ${round(y)}`;
  return `M${p(tip[0], tip[1])}L${p(base[0] + side[0], base[1] + side[1])}L${p(base[0] - side[0], base[1] - side[1])}Z`;
}
