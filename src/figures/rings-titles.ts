/** What is said of the ring diagram's places and crossings where they are pointed at. */
import { say } from '../lib/say.ts';
import type { Crossing, Ring, RingsView, VmView } from '../session/views.ts';
import type { RingsTitles } from './rings.ts';
import { coreRing, coreWord } from './rings-core.ts';
import type { RingsPlan } from './rings-plan.ts';

/** Whose a ring of a virtual machine is. */
export function whoIn(plan: RingsPlan, vm: VmView, ring: Ring): string {
  if (ring === '3') return vm.processes.map((p) => p.name).join(', ') || say`programs`;
  return ring === plan.kernelRing ? vm.kernel || say`kernel` : say`unused`;
}

/** What the core is. */
export function coreTitle(plan: RingsPlan, view: RingsView): string {
  if (plan.coreRing === '0') return say`ring 0: ${coreWord(plan, view)}`;
  return coreRing(plan, view) === 'm' ? say`${view.hostMode}, nicknamed ring −1` : say`ring 0, without virtualization so far`;
}

/** What the core of a monitor that is a guest itself is. */
export const innerTitle = (): string => say`ring 0 of a guest; to its own guests it is ring −1`;

/** `VM exit 28: go to step 613` */
export const crossingTitle = ({ label, n }: Crossing): string => say`${label}: go to step ${n}`;

/** For pictures that stand alone. */
export const ringsTitles: RingsTitles = {
  cell(plan, vm, ring) {
    const who = whoIn(plan, vm, ring);
    return plan.bare ? say`ring ${ring}: ${who}` : say`${vm.name}, ring ${ring}: ${who}`;
  },
  core: coreTitle,
  inner: ({ name }) => `${name}: ${innerTitle()}`,
  crossing: crossingTitle,
};
