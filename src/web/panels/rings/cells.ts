/** The places of the ring diagram in words, and who was in them when. */
import { type Cell, coreCell, isSameCell } from '../../../figures/rings-cells.ts';
import { coreRing } from '../../../figures/rings-core.ts';
import type { RingsPlan } from '../../../figures/rings-plan.ts';
import { coreTitle, innerTitle, whoIn } from '../../../figures/rings-titles.ts';
import { count, ringNumeral } from '../../../figures/words.ts';
import { say } from '../../../lib/say.ts';
import type { Ring, RingsView, Stay, StaysView } from '../../../session/views.ts';

export interface CellWords {
  readonly ring: Ring;
  /** `VM 1, ring 0` */
  readonly name: string;
  /** Whose it is. */
  readonly who: string;
}

export function cellWords(plan: RingsPlan, view: RingsView, cell: Cell): CellWords {
  if (isSameCell(cell, coreCell(plan))) {
    const ring = coreRing(plan, view);
    const numeral = ringNumeral(ring);
    if (plan.bare) return { ring, name: say`ring ${numeral}`, who: view.vms[0]?.kernel || say`kernel` };
    const owner = ring === '0' ? say`monitor` : view.inner ? say`outer hypervisor` : say`hypervisor`;
    return { ring, name: say`${owner}, ring ${numeral}`, who: plan.coreRing === '0' ? '' : coreTitle(plan, view) };
  }
  const { ring } = cell;
  if (view.inner && cell.vm === view.inner.vm) return { ring, name: say`${view.inner.name}, ring ${ring}`, who: innerTitle() };
  const vm = view.vms.find((one) => one.vm === cell.vm);
  const name = plan.bare || !vm ? say`ring ${ring}` : say`${vm.name}, ring ${ring}`;
  return { ring, name, who: vm ? whoIn(plan, vm, ring) : '' };
}

/** Since when, and how many steps; what has not been asked yet says nothing. */
export function stayWords(said: StaysView | null): readonly string[] {
  if (said === null) return [];
  const { n, here, before, steps } = said;
  if (here)
    return [
      say`here since step ${count(here.from)}, cycle ${count(here.fromCycle)}`,
      say`steps: ${count(n - here.from)} in this stay, ${count(steps)} in all so far`,
    ];
  const left = before[0]?.to;
  return left == null ? [say`not here so far`] : [say`left at step ${count(left)}`, say`steps here so far: ${count(steps)}`];
}

/** A stay as it is listed: in the order of time. */
export interface StayRow {
  /** The step to go to. */
  readonly n: number;
  readonly from: string;
  readonly to: string;
  /** Empty where it has not been run. */
  readonly steps: string;
  readonly by: string;
  readonly when: 'past' | 'now' | 'next';
}

/** @param hidden what comes must not be told */
export function stayRows(said: StaysView, { future }: RingsView, hidden: boolean): readonly StayRow[] {
  const { n, vm, ring, here, before, after } = said;
  const row = (stay: Stay, when: StayRow['when']): StayRow => {
    const to = when === 'now' ? n : stay.to;
    return {
      n: stay.from,
      from: count(stay.from),
      to: when === 'now' ? say`now` : to === null ? '' : count(to),
      steps: to === null ? '' : count(to - stay.from),
      by: [stay.by || say`power-on`, stay.program].filter(Boolean).join(' · '),
      when,
    };
  };
  const coming = future.find((one) => one.n > n && one.to === ring && (vm === 0 || one.vm === vm));
  const certain = coming && { from: coming.n, to: null, fromCycle: 0, by: coming.label, program: '' };
  const next = hidden ? [] : after.length > 0 ? after : certain ? [certain] : [];
  return [
    ...before.map((stay) => row(stay, 'past')).reverse(),
    ...(here ? [row(here, 'now')] : []),
    ...next.map((stay) => row(stay, 'next')),
  ];
}
