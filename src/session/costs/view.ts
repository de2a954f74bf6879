/** The comparison as the page shows it. */

import { COST_PROFILES, type CostStatus } from '../../cpu/costs.ts';
import { margin, ORDERS } from '../../lab/costs/orders.ts';
import { PAPER, type PaperFigure } from '../../lab/costs/paper.ts';
import { told } from '../../lib/say.ts';
import { chosenCosts } from '../cost-names.ts';
import { MONITORS } from '../monitors.ts';
import { type Comparison, compare } from './compare.ts';
import { WAYS } from './techniques.ts';

export interface CostsView extends Comparison {
  /** `deprivileged`: the guest's kernel is in ring 1, the monitor in ring 0. */
  readonly ways: readonly { readonly id: string; readonly title: string; readonly deprivileged: boolean }[];
  /** The paper's own figures by load, then by way; only where the paper's processor is the one that is counted. */
  readonly paper: Readonly<Record<string, Readonly<Record<string, PaperFigure>>>>;
  readonly orders: readonly { readonly text: string; readonly holds: boolean }[];
  /** How many of the single costs are measured, reported, unverified. */
  readonly statuses: Readonly<Record<CostStatus, number>>;
}

export interface CostsProgress {
  /** The technique that is measured next; empty at the end. */
  readonly measuring: string;
  readonly profiles: readonly { readonly name: string; readonly title: string }[];
  readonly view: CostsView | null;
}

const PROFILES = COST_PROFILES.map(({ name, title }) => ({ name, title }));
const PAPERS_PROFILE = 'p4-672-2005';

const toldPaper = (): CostsView['paper'] =>
  mapped(PAPER, (ways) =>
    mapped(ways, (figure: PaperFigure) => ({ ...figure, ...(figure.note !== undefined && { note: told(figure.note) }) })),
  );

const mapped = <A, B>(all: Readonly<Record<string, A>>, change: (one: A) => B): Readonly<Record<string, B>> =>
  Object.fromEntries(Object.entries(all).map(([key, one]) => [key, change(one)]));

/** Measures under one cost profile. Throws Refused for a name that is none. */
export function* costsParts(name: string): Generator<CostsProgress> {
  const costs = chosenCosts(name);
  const counting = compare(costs);
  for (;;) {
    const step = counting.next();
    if (step.done !== true) {
      yield { measuring: step.value, profiles: PROFILES, view: null };
      continue;
    }
    const { cells } = step.value;
    const ways = WAYS.map(({ id, title, vmm }) => ({ id, title, deprivileged: vmm !== 'none' && MONITORS[vmm].kernels === 'ring 1' }));
    const statuses: Record<CostStatus, number> = { measured: 0, reported: 0, unverified: 0 };
    for (const { status } of Object.values(costs.costs)) statuses[status]++;
    const orders = ORDERS.map((order) => ({
      text: told(order.text),
      holds: margin(order, (way) => cells[way]?.[order.load]?.cycles ?? Number.NaN) > 0,
    }));
    yield {
      measuring: '',
      profiles: PROFILES,
      view: { ...step.value, ways, paper: name === PAPERS_PROFILE ? toldPaper() : {}, orders, statuses },
    };
    return;
  }
}
