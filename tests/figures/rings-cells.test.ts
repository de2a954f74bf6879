/** The places of the ring diagram, for who points at one or goes from one to the next. */
import { describe, expect, test } from 'vitest';
import { ringsFigure } from '../../src/figures/rings.ts';
import { type Cell, cellAt, cellMiddle, cellPath, cellsOf, coreCell, isSameCell, nextCell } from '../../src/figures/rings-cells.ts';
import { coreWord } from '../../src/figures/rings-core.ts';
import { planRings } from '../../src/figures/rings-plan.ts';
import { walkTree } from '../../src/figures/tree.ts';
import { Session } from '../../src/session/session.ts';
import { cellWords } from '../../src/web/panels/rings/cells.ts';
import { scene, viewAt } from '../support/stage/views.ts';

const SIZE = { width: 420, height: 400 };
const nested = Session.open({ scenario: 'ring-minus-one-twice', vmm: 'vtx-vtx' });
nested.run(20_000);
const trapped = Session.open({ scenario: 'two-kernels', vmm: 'trap' });
const machines = [
  ['bare', viewAt(scene('none', 0), 6).rings],
  ['one', viewAt(scene('vtx', 1), 4).rings],
  ['two', viewAt(scene('vtx', 2), 10).rings],
  ['three', viewAt(scene('vtx', 3), 18).rings],
  ['four', viewAt(scene('vtx', 4), 18).rings],
  ['trap', trapped.view().rings],
  ['nested', nested.view().rings],
] as const;

test('the core is a monitor in ring 0 until virtualization is switched on, and the hypervisor from then on', () => {
  const machine = Session.open({ scenario: 'two-kernels', vmm: 'vtx' });
  const word = () => {
    const { rings } = machine.view();
    const plan = planRings(rings, SIZE);
    return [coreWord(plan, rings), cellWords(plan, rings, coreCell(plan)).name];
  };
  expect(word()).toEqual(['monitor', 'monitor, ring 0']);
  machine.run(20_000);
  expect(word()).toEqual(['hypervisor', 'hypervisor, ring −1']);
});

describe.each(machines)('%s', (_, view) => {
  const plan = planRings(view, SIZE);
  const cells = cellsOf(plan);

  test('each place has its outline in the picture, and its middle is in it alone', () => {
    const drawn = [...walkTree(ringsFigure(view, { ...SIZE, n: 0 }))].filter(({ attributes: { class: name } }) =>
      /^cell/.test(String(name)),
    );
    expect(drawn.length).toBe(cells.length);
    const bands = cells.filter((cell) => !isSameCell(cell, coreCell(plan)) && cell.vm !== plan.inner?.vm);
    for (const cell of bands) expect(drawn.map(({ attributes }) => attributes.d)).toContain(cellPath(plan, cell));
    for (const cell of cells) expect(cellAt(plan, cellMiddle(plan, cell))).toEqual(cell);
  });

  test('the gap, the moat and the paper are no place', () => {
    const [x, y] = plan.center;
    expect(cellAt(plan, [x, y - plan.radius - 5])).toBe(null);
    if (!plan.bare) expect(cellAt(plan, [x - plan.core - 3, y])).toBe(null);
    if (plan.sectors.length === 2) expect(cellAt(plan, [x, y - plan.radius * 0.9])).toBe(null);
  });

  test('inwards from any ring is the core in the end, and outwards from there the machine it was reached from', () => {
    for (const { vm } of plan.sectors) {
      let cell: Cell = { vm, ring: '3' };
      expect(nextCell(plan, cell, 'out', vm)).toEqual(cell);
      const way = [cell];
      for (let k = 0; k < 6; k++) way.push((cell = nextCell(plan, cell, 'in', vm)));
      expect(cell).toEqual(coreCell(plan));
      const back: Cell[] = [cell];
      for (let k = 0; k < 6; k++) back.push((cell = nextCell(plan, cell, 'out', vm)));
      const once = (all: readonly Cell[]) => all.filter((one, k) => k === 0 || !isSameCell(one, all[k - 1]!));
      expect(once(back)).toEqual(once(way).reverse());
    }
  });

  test('sideways is the same ring of the machine before or behind it', () => {
    const vms = plan.sectors.map(({ vm }) => vm);
    vms.forEach((vm, k) => {
      expect(nextCell(plan, { vm, ring: '3' }, 'right', vm)).toEqual({ vm: vms[k + 1] ?? vm, ring: '3' });
      expect(nextCell(plan, { vm, ring: '3' }, 'left', vm)).toEqual({ vm: vms[k - 1] ?? vm, ring: '3' });
    });
  });
});
