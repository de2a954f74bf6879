/** Outlines of the ring diagram's places, for who points at one. */
import type { Ring } from '../session/views.ts';
import { type Point, sectorPath } from './polar.ts';
import { type RingsPlan, sectorOf } from './rings-plan.ts';
import { round } from './tree.ts';

/** A ring of a virtual machine; of the machine itself where `vm` is 0. */
export interface Cell {
  readonly vm: number;
  readonly ring: Ring;
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
