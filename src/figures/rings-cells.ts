/** The ring diagram's places, for who points at one or goes from one to the next. */
import type { Ring } from '../session/views.ts';
import { edgeAngle, type Point, polar, sectorPath } from './polar.ts';
import { type RingsPlan, sectorOf } from './rings-plan.ts';
import { round } from './tree.ts';

/** A ring of a virtual machine; of the machine itself where `vm` is 0. */
export interface Cell {
  readonly vm: number;
  readonly ring: Ring;
}

export const isSameCell = (a: Cell | null, b: Cell | null): boolean => a?.vm === b?.vm && a?.ring === b?.ring;

/** What all virtual machines share; of the machine itself, ring 0. */
export const coreCell = (plan: RingsPlan): Cell => ({ vm: plan.bare ? plan.sectors[0]!.vm : 0, ring: plan.coreRing });

const innerCells = ({ inner }: RingsPlan): readonly Cell[] => (inner ? [{ vm: inner.vm, ring: '0' }] : []);

const OUTER: readonly ('3' | '2' | '1' | '0')[] = ['3', '2', '1', '0'];

const bandsOf = (plan: RingsPlan) => OUTER.filter((ring) => ring !== plan.coreRing);

/** All places: of each virtual machine the outer ring first, then what is further in for all of them. */
export const cellsOf = (plan: RingsPlan): readonly Cell[] => [
  ...plan.sectors.flatMap(({ vm }) => bandsOf(plan).map((ring) => ({ vm, ring }))),
  ...innerCells(plan),
  coreCell(plan),
];

export type CellMove = 'left' | 'right' | 'in' | 'out';

/**
 * The place beside another one: of the next virtual machine, or of the ring further in or out. Where there is none, it stays.
 * @param column the virtual machine from which the core was reached, and back to which it leads
 */
export function nextCell(plan: RingsPlan, cell: Cell, move: CellMove, column: number): Cell {
  const vms = plan.sectors.map(({ vm }) => vm);
  const bands = bandsOf(plan);
  const shared = [...innerCells(plan), coreCell(plan)];
  const depth = shared.findIndex((one) => isSameCell(one, cell));
  const sideways = move === 'left' ? -1 : move === 'right' ? 1 : 0;
  if (sideways !== 0) {
    const vm = depth < 0 ? vms[vms.indexOf(cell.vm) + sideways] : undefined;
    return vm === undefined ? cell : { vm, ring: cell.ring };
  }
  const way = [...bands.map((ring) => ({ vm: depth < 0 ? cell.vm : column, ring })), ...shared];
  const from = depth < 0 ? bands.indexOf(cell.ring as '3') : bands.length + depth;
  return way[from + (move === 'in' ? 1 : -1)] ?? cell;
}

/** How far from a thin ring is still on it, as a fraction of the radius. */
const NEAR = 0.008;

/** The place at a point; null between them and outside. */
export function cellAt(plan: RingsPlan, [x, y]: Point): Cell | null {
  const [dx, dy] = [x - plan.center[0], plan.center[1] - y];
  const distance = Math.hypot(dx, dy);
  if (distance <= plan.core) return coreCell(plan);
  if (plan.inner && distance <= plan.inner.band[1]) return distance < plan.inner.band[0] ? null : innerCells(plan)[0]!;
  const near = NEAR * plan.radius;
  const ring = bandsOf(plan).find((band) => distance >= plan.band[band][0] - near && distance <= plan.band[band][1] + near);
  if (ring === undefined) return null;
  const turned = (Math.atan2(dy, dx) * 180) / Math.PI;
  const edge = edgeAngle(plan.gap, distance);
  const sector = plan.sectors.find(({ from, to }) => {
    const angle = from + ((((turned - from) % 360) + 360) % 360);
    return angle >= from + edge && angle <= to - edge;
  });
  return sector ? { vm: sector.vm, ring } : null;
}

/** A point in the middle of a place. */
export function cellMiddle(plan: RingsPlan, cell: Cell): Point {
  if (isSameCell(cell, coreCell(plan))) return plan.center;
  if (plan.inner && cell.vm === plan.inner.vm) return polar(plan.center, (plan.inner.band[0] + plan.inner.band[1]) / 2, 90);
  const [low, high] = plan.band[cell.ring as '3'];
  return polar(plan.center, (low + high) / 2, sectorOf(plan, cell.vm).middle);
}

/** The outline of one ring of one virtual machine, or of the core. */
export function cellPath(plan: RingsPlan, { vm, ring }: Cell): string {
  if (ring === 'm' || ring === plan.coreRing || (vm === 0 && !plan.bare)) return disc(plan.center, plan.core);
  if (ring === '0' && vm === plan.inner?.vm) return disc(plan.center, plan.inner.band[1]) + disc(plan.center, plan.inner.band[0]);
  const [low, high] = plan.band[ring];
  return part(plan, vm, low, high);
}

/** The outline of a virtual machine: all its rings. */
export const machinePath = (plan: RingsPlan, vm: number): string => part(plan, vm, plan.band[plan.kernelRing][0], plan.band['3'][1]);

function part(plan: RingsPlan, vm: number, low: number, high: number): string {
  const { from, to } = sectorOf(plan, vm);
  return sectorPath(plan.center, low, high, from, to, plan.gap);
}

function disc([x, y]: Point, radius: number): string {
  const r = round(radius);
  return `M${round(x - radius)} ${round(y)}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`;
}
