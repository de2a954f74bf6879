import { expect, test } from 'vitest';
import { COST_PROFILES, costProfile, withCycles } from '../../src/cpu/costs.ts';
import { type Account, each } from '../../src/lab/costs/account.ts';
import { margin, ORDERS, type Order, survival } from '../../src/lab/costs/orders.ts';
import { LOADS, measureWay } from '../../src/session/costs/measure.ts';
import { WAYS } from '../../src/session/costs/techniques.ts';

const order: Order = { load: 'x', text: 'a dearer than b', weights: { a: 1, b: -1 } };
const cycles = (way: string): number => ({ a: 100, b: 80 })[way] ?? Number.NaN;

test('an order survives while no cost that may be otherwise turns it over', () => {
  const counted: Readonly<Record<string, Record<string, number>>> = { a: { entry: 50, walk: 50 }, b: { entry: 0, walk: 80 } };
  const parts = (way: string) => counted[way];
  expect(margin(order, cycles)).toBe(20);
  expect(survival(order, cycles, parts, ['entry', 'walk'])).toMatchObject({ margin: 20, turnedBy: ['entry'], worst: 20 - 25 - 15 });
  expect(survival(order, cycles, parts, ['walk']).turnedBy).toEqual([]);
  expect(survival(order, cycles, parts, []).worst).toBe(20);
});

test('every order speaks of a load and of ways that there are', () => {
  const ids = new Set(WAYS.map(({ id }) => id));
  for (const { load, weights } of ORDERS) {
    expect(LOADS.map(({ id }) => id)).toContain(load);
    for (const way of Object.keys(weights)) expect(ids).toContain(way);
  }
});

test('one repetition is the difference by how many more there were', () => {
  const of = (cycles: number, exits: Account['exits']): Account => ({
    cycles,
    steps: cycles,
    bySide: { program: 0, kernel: cycles, monitor: 0, crossing: 0 },
    crossings: 2 * cycles,
    exits,
  });
  expect(each(of(50, { IO: 5, HLT: 1 }), of(10, { IO: 1, HLT: 1 }), 4)).toEqual({ ...of(10, { IO: 1 }), crossings: 20 });
});

const few = LOADS.filter(({ id }) => id === 'callret' || id === 'divzero');
const way = (id: string) => WAYS.filter((one) => one.id === id)[0];

test('cycles are counted by the machine, and are linear in the costs', () => {
  const costs = costProfile('p4-672-2005');
  const [once, twice, thrice] = [1, 2, 3].map((times) => measureWay(way('none'), withCycles(costs, { interrupt: 600 * times }), few));
  expect(once.callret?.cycles).toBe(2 * costs.cycles.branch);
  expect((twice.divzero?.cycles ?? 0) - (once.divzero?.cycles ?? 0)).toBe(600);
  expect((thrice.divzero?.cycles ?? 0) - (twice.divzero?.cycles ?? 0)).toBe(600);
  expect(once.divzero?.bySide).toEqual({ program: 0, kernel: once.divzero?.cycles, monitor: 0, crossing: 0 });
});

test('2005 is reported and not measured', () => {
  for (const { year, costs } of COST_PROFILES)
    if (year < 2006) expect(Object.values(costs).filter(({ status }) => status === 'measured')).toEqual([]);
});
