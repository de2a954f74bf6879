/** One guest under every technique, as the lab's table has it. */
import { expect, test } from 'vitest';
import type { CostsView } from '../../src/session/costs/view.ts';
import { sameGuest } from '../../src/web/panels/lab/same-guest.ts';

const account = (program: number, kernel: number, monitor: number, crossing: number) => ({
  cycles: program + kernel + monitor + crossing,
  steps: 1,
  bySide: { program, kernel, monitor, crossing },
  crossings: 0,
  exits: {},
});

const view = {
  ways: [
    { id: 'none', title: 'Bare metal', deprivileged: false },
    { id: 'trap', title: 'Trap and emulate', deprivileged: true },
    { id: 'translate', title: 'Translation', deprivileged: true },
    { id: 'vtx-shadow', title: 'VT-x', deprivileged: false },
  ],
  loads: [{ id: 'forkwait', title: 'Process creation', what: 'a process makes another' }],
  cells: {
    none: { forkwait: account(40, 60, 0, 0) },
    trap: { forkwait: null },
    translate: { forkwait: account(40, 60, 50, 0) },
    'vtx-shadow': { forkwait: account(40, 60, 100, 200) },
  },
} as unknown as CostsView;

test('all bars have one scale, and each total is beside the bare machine’s', () => {
  const { rows } = sameGuest(view)!;
  const shares = rows.map(({ parts }) => parts?.map(({ share }) => share) ?? null);
  expect(shares).toEqual([[0.1, 0.15, 0, 0], null, [0.1, 0.15, 0.125, 0], [0.1, 0.15, 0.25, 0.5]]);
  expect(rows.map(({ times }) => times)).toEqual(['1.00×', '', '1.50×', '4.00×']);
});

test('a column is who ran, its ring the one that the processor was in', () => {
  const rings = Object.fromEntries(sameGuest(view)!.rows.map(({ id, parts }) => [id, parts?.map(({ ring }) => ring)]));
  expect(rings.none).toEqual(['3', '0', 'm', null]);
  expect(rings.translate).toEqual(['3', '1', '0', null]);
  expect(rings['vtx-shadow']).toEqual(['3', '0', 'm', null]);
});

test('there is no table before the load is measured', () => {
  expect(sameGuest({ ...view, cells: {} })).toBeNull();
});
