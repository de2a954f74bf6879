/** What the paper says is dearer than what, as statements that a comparison fulfils or not. */
import { worded } from '../../lib/say.ts';

/** Cycles of one load by the way of running it. */
export type Cycles = (way: string) => number;

/** A weighted sum of a load's cycles that is positive where the statement holds. */
export interface Order {
  readonly load: string;
  readonly text: string;
  /** By way. */
  readonly weights: Readonly<Record<string, number>>;
}

/** At most a quarter dearer than the bare machine. */
const NEAR = 1.25;

const dearer = (load: string, more: string, less: string, text: string): Order => ({ load, text, weights: { [more]: 1, [less]: -1 } });
const near = (load: string, way: string, text: string): Order => ({ load, text, weights: { none: NEAR, [way]: -1 } });

export const ORDERS: readonly Order[] = [
  near('callret', 'vtx-traced', worded('call and return: hardware near native')),
  dearer('callret', 'translate', 'vtx-traced', worded('call and return: translation dearer than hardware')),
  near('divzero', 'vtx-traced', worded('division by zero: hardware near native')),
  dearer('divzero', 'translate', 'vtx-traced', worded('division by zero: translation dearer than hardware')),
  near('syscall', 'vtx-traced', worded('system call: hardware near native')),
  dearer('syscall', 'translate', 'vtx-traced', worded('system call: translation dearer than hardware')),
  dearer('in', 'none', 'translate', worded('port read: translation cheaper than native')),
  dearer('in', 'vtx-traced', 'none', worded('port read: hardware dearer than native')),
  dearer('pgfault', 'translate', 'none', worded('page fault: translation dearer than native')),
  dearer('pgfault', 'vtx-traced', 'translate', worded('page fault: first hardware dearest')),
  near('pgfault', 'vtx-nested', worded('page fault: nested paging near native')),
  dearer('ptemod', 'translate', 'none', worded('page-table write: translation dearer than native')),
  dearer('ptemod', 'vtx-traced', 'translate', worded('page-table write: first hardware dearest')),
  near('ptemod', 'vtx-nested', worded('page-table write: nested paging near native')),
  dearer('forkwait', 'translate', 'none', worded('process creation: translation dearer than native')),
  dearer('forkwait', 'vtx-traced', 'translate', worded('process creation: first hardware dearest')),
  dearer('forkwait', 'translate', 'vtx-nested', worded('process creation: nested paging cheaper than translation')),
  dearer('tlbmiss', 'vtx-nested', 'vtx-traced', worded('TLB misses: nested paging dearer than shadow paging')),
];

/** By how many cycles it holds; negative where it does not. */
export const margin = ({ weights }: Order, cycles: Cycles): number =>
  Object.entries(weights).reduce((sum, [way, weight]) => sum + weight * cycles(way), 0);

/** How an order fares when costs are not what they are said to be. */
export interface Survival {
  readonly order: Order;
  readonly margin: number;
  /** Costs that turn it over when they alone are half as much or half as much again. */
  readonly turnedBy: readonly string[];
  /** The margin when all of them are at their worst at once. */
  readonly worst: number;
}

/**
 * @param parts what each cost contributes to the cycles of a way: the cycles are their sum
 * @param varied the costs that may be otherwise
 */
export function survival(
  order: Order,
  cycles: Cycles,
  parts: (way: string) => Readonly<Record<string, number>>,
  varied: readonly string[],
): Survival {
  const whole = margin(order, cycles);
  const swing = (key: string): number => Math.abs(margin(order, (way) => parts(way)[key] ?? 0)) / 2;
  const turnedBy = whole <= 0 ? [] : varied.filter((key) => whole - swing(key) <= 0);
  return { order, margin: whole, turnedBy, worst: whole - varied.reduce((sum, key) => sum + swing(key), 0) };
}
