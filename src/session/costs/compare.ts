/** The techniques side by side, and how sure that is. */

import { type CostKey, type CostProfile, withCycles } from '../../cpu/costs.ts';
import type { Account } from '../../lab/costs/account.ts';
import { ORDERS, type Survival, survival } from '../../lab/costs/orders.ts';
import { PAPER } from '../../lab/costs/paper.ts';
import { told } from '../../lib/say.ts';
import { LOADS, measureWay } from './measure.ts';
import { WAYS } from './techniques.ts';

export type Table<T> = Readonly<Record<string, Readonly<Record<string, T>>>>;

export interface Comparison {
  readonly profile: string;
  readonly title: string;
  readonly ways: readonly { readonly id: string; readonly title: string }[];
  readonly loads: readonly { readonly id: string; readonly title: string; readonly what: string }[];
  /** By way, then by load: one repetition; null where the guest does not get to its end. */
  readonly cells: Table<Account | null>;
}

/** Runs every load under every technique. Yields the way that it measures next. */
export function* compare(costs: CostProfile): Generator<string, Comparison> {
  const cells: Record<string, Readonly<Record<string, Account | null>>> = {};
  for (const way of WAYS) {
    yield way.title;
    cells[way.id] = measureWay(way, costs);
  }
  return {
    profile: costs.name,
    title: costs.title,
    ways: WAYS.map(({ id, title }) => ({ id, title })),
    loads: LOADS.map(({ id, title, what }) => ({ id, title: told(title), what: told(what) })),
    cells,
  };
}

/** The costs that are not measured. */
export const doubtful = ({ costs }: CostProfile): readonly CostKey[] =>
  (Object.keys(costs) as CostKey[]).filter((key) => costs[key].status !== 'measured');

/** What each cost contributes to the cycles of a way's loads: counted by doubling it, and it alone. Yields the cost it doubles next. */
export function* partsOf(comparison: Comparison, wayId: string, costs: CostProfile): Generator<string, Table<number>> {
  const way = WAYS.find(({ id }) => id === wayId);
  if (way === undefined) throw new Error(`there is no way ${wayId}`);
  const ids = new Set(ORDERS.filter(({ weights }) => wayId in weights).map(({ load }) => load));
  const loads = LOADS.filter(({ id }) => ids.has(id));
  const parts: Record<string, Record<string, number>> = Object.fromEntries(loads.map(({ id }) => [id, {}]));
  for (const key of doubtful(costs)) {
    yield key;
    const doubled = measureWay(way, withCycles(costs, { [key]: 2 * costs.costs[key].cycles }), loads);
    for (const { id } of loads) parts[id][key] = (doubled[id]?.cycles ?? 0) - (comparison.cells[wayId][id]?.cycles ?? 0);
  }
  return parts;
}

/** Which orders survive when each cost that is not measured is half as much, or half as much again. Yields what it does next. */
export function* vary(comparison: Comparison, costs: CostProfile): Generator<string, readonly Survival[]> {
  const parts: Record<string, Table<number>> = {};
  for (const way of new Set(ORDERS.flatMap(({ weights }) => Object.keys(weights)))) {
    const counting = partsOf(comparison, way, costs);
    for (;;) {
      const step = counting.next();
      if (step.done) {
        parts[way] = step.value;
        break;
      }
      yield `${way}, ${step.value}`;
    }
  }
  return ORDERS.map((order) =>
    survival(
      order,
      (way) => comparison.cells[way][order.load]?.cycles ?? Number.NaN,
      (way) => parts[way][order.load],
      doubtful(costs),
    ),
  );
}

export { ORDERS, PAPER };
