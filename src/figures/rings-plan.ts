import type { Crossing, Ring, RingsView } from '../session/views.ts';
import type { Point } from './polar.ts';

/** Radii of a ring as fractions of the outer one. */
type Band = readonly [inner: number, outer: number];

/** Where a path runs: in a ring, or in the core of a monitor that is a guest itself. */
export type Lane = Ring | 'inner';

/** The ring that the hardware enforces there. */
export const ringOfLane = (lane: Lane): Ring => (lane === 'inner' ? '0' : lane);

export interface Place {
  readonly radius: number;
  /** Degrees, counter-clockwise from the right. */
  readonly angle: number;
}

/** A virtual machine's part of the circle. */
export interface Sector {
  readonly vm: number;
  readonly from: number;
  readonly to: number;
  /** The angle from which offsets count. */
  readonly middle: number;
  /** 1 when offsets run counter-clockwise, so that a smaller offset is always further up. */
  readonly direction: 1 | -1;
}

/** Where everything in the ring diagram lies: radii, sectors, gates. */
export interface RingsPlan {
  readonly center: Point;
  readonly radius: number;
  readonly gap: number;
  readonly bare: boolean;
  /** The ring that is the core, and the one that is the kernels': they are the same on the bare machine. */
  readonly coreRing: 'm' | '0';
  readonly kernelRing: '0' | '1';
  readonly core: number;
  /** Where a path runs inside each ring. */
  readonly lane: Readonly<Record<Lane, number>>;
  /** The monitor that is a guest itself: its number, and its core around the core; null when there is none. */
  readonly inner: { readonly vm: number; readonly band: readonly [number, number] } | null;
  readonly band: Readonly<Record<'3' | '2' | '1' | '0', readonly [number, number]>>;
  readonly sectors: readonly Sector[];
  readonly span: number;
}

export interface RingsSize {
  readonly width: number;
  readonly height: number;
}

const VMX = { core: 0.33, r0: [0.385, 0.735], r1: [0.75, 0.775], r2: [0.79, 0.815], r3: [0.83, 1] } as const;
const BARE = { ...VMX, core: 0.735, r0: [0, 0.735] } as const;
/** A core around the core. */
const TWICE = { ...VMX, core: 0.215, r0: [0.455, 0.735] } as const;
const INNER: Band = [0.26, 0.41];
/** A monitor in ring 0 is the core; the kernels are in ring 1. */
const RING0 = { ...VMX, r0: [0, 0.33], r1: [0.385, 0.775] } as const;

/** Lays the diagram out in a rectangle; names of the virtual machines keep the corners. */
export function planRings(view: RingsView, size: RingsSize): RingsPlan {
  const bare = view.kind === 'bare';
  const fractions: { core: number; r0: Band; r1: Band; r2: Band; r3: Band } = bare
    ? BARE
    : view.kind === 'ring0'
      ? RING0
      : view.inner
        ? TWICE
        : VMX;
  const coreRing = bare || view.kind === 'ring0' ? '0' : 'm';
  const room = view.vms.length > 2 ? 22 : 6;
  const radius = Math.max(24, Math.min(size.width / 2 - room, size.height / 2 - 8));
  const scale = (band: Band) => [band[0] * radius, band[1] * radius] as const;
  const middle = (band: Band) => ((band[0] + band[1]) / 2) * radius;
  const vms = view.vms.length > 0 ? view.vms.map(({ vm }) => vm) : [0];
  const span = 360 / vms.length;
  const core = fractions.core * radius;
  const coreLane = core * (radius < 150 ? 0.8 : 0.74);
  return {
    center: [size.width / 2, size.height / 2],
    radius,
    gap: radius * (radius < 150 ? 0.1 : 0.085),
    bare,
    coreRing,
    kernelRing: view.kind === 'ring0' ? '1' : '0',
    core,
    lane: {
      '3': middle(fractions.r3),
      '2': middle(fractions.r2),
      '1': middle(fractions.r1),
      '0': bare ? core * 0.72 : coreRing === '0' ? coreLane : middle(fractions.r0),
      m: bare ? core * 0.72 : coreLane,
      inner: middle(INNER),
    },
    inner: view.inner ? { vm: view.inner.vm, band: scale(INNER) } : null,
    band: { '3': scale(fractions.r3), '2': scale(fractions.r2), '1': scale(fractions.r1), '0': scale(fractions.r0) },
    sectors: vms.map((vm, i) => {
      const from = 90 + i * span;
      const at = vms.length === 1 ? 180 : from + span / 2;
      return { vm, from, to: from + span, middle: at, direction: Math.cos((at * Math.PI) / 180) > 0.01 ? -1 : 1 };
    }),
    span,
  };
}

/** The sector of a virtual machine; a bare machine has only one. */
export function sectorOf(plan: RingsPlan, vm: number): Sector {
  return plan.sectors.find((sector) => sector.vm === vm) ?? plan.sectors[0]!;
}

/** The angle of an offset in a sector. */
export function at(sector: Sector, offset: number): number {
  return sector.middle + sector.direction * offset;
}

/** First offset of a sector: beside the gap it shares with the machine before it. */
export function startOffset(plan: RingsPlan): number {
  return plan.sectors.length === 1 ? -90 : -plan.span / 2;
}

/** Offset of the middle of a process's part of ring 3. */
export function processOffset(plan: RingsPlan, index: number, processes: number): number {
  if (processes <= 1 || index < 0) return 0;
  return startOffset(plan) + (plan.span * (index + 0.5)) / processes;
}

function squeeze(plan: RingsPlan): number {
  return plan.sectors.length === 1 ? 1 : plan.span / 180;
}

/** In and out of one process's part of ring 3: inward is the upper one. */
function programGates(plan: RingsPlan, index: number, processes: number): { readonly in: number; readonly out: number } {
  if (processes <= 1 || index < 0) return { in: -40 * squeeze(plan), out: 40 * squeeze(plan) };
  const middle = processOffset(plan, index, processes);
  if (plan.sectors.length === 1) {
    const half = Math.min(35, (plan.span / processes) * 0.2);
    const turned = Math.cos((middle * Math.PI) / 180) < -0.01 ? -1 : 1;
    return { in: middle - turned * half, out: middle + turned * half };
  }
  const half = Math.min(plan.sectors.length > 2 ? 3 : 6, plan.span / processes / 6);
  return { in: middle * 0.8 - half, out: middle * 0.8 + half };
}

const INNER_GATE = 48;

/** The lane of a ring of a virtual machine. */
export function laneOf(plan: RingsPlan, vm: number, ring: Ring): Lane {
  return ring !== 'm' && vm === plan.inner?.vm ? 'inner' : ring;
}

/** Offset at which a crossing goes through the boundaries: inward on the upper side, outward on the lower. */
export function gateOffset(plan: RingsPlan, crossing: Crossing, processes: number): number {
  const inward = depth(crossing.to) > depth(crossing.from);
  if (crossing.vm === plan.inner?.vm) return (inward ? -1 : 1) * INNER_GATE * squeeze(plan);
  if (crossing.from === '3' || crossing.to === '3') {
    const gates = programGates(plan, crossing.process, processes);
    return inward ? gates.in : gates.out;
  }
  const side = 15 * squeeze(plan);
  return inward ? -side : side;
}

/** How far in a ring lies. */
export function depth(lane: Lane): number {
  return lane === 'm' ? 5 : lane === 'inner' ? 4 : 3 - Number(lane);
}

/** How many processes the diagram divides a machine's ring 3 among. */
export function processesOf(view: RingsView, vm: number): number {
  return (view.vms.find((v) => v.vm === vm) ?? view.vms[0])?.processes.length ?? 0;
}
