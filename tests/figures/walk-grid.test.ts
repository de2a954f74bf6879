import { expect, test } from 'vitest';
import { textOf, walkTree } from '../../src/figures/tree.ts';
import { walkGrid } from '../../src/figures/walk-grid.ts';
import { Session } from '../../src/session/session.ts';
import type { WalkView } from '../../src/session/views.ts';

const RINGS = { own: '0', nested: 'm' } as const;
const cellsOf = (view: WalkView, width = 336) =>
  [...walkTree(walkGrid(view, { width, rings: RINGS }))].filter(({ tag }) => tag === 'rect').map(({ attributes }) => attributes);

function walkUnder(vmm: 'vtx' | 'svm', paging: 'nested' | 'shadow'): WalkView {
  const session = Session.open({ scenario: 'two-kernels', vmm, paging });
  session.run(141_879);
  return session.view().walk!;
}

test.each([
  ['vtx', 14],
  ['svm', 8],
] as const)('under nested paging, %s: a cell for each of the %i entries that are read, all of one size', (vmm, all) => {
  const view = walkUnder(vmm, 'nested');
  const cells = cellsOf(view);
  expect(view.references).toBe(all);
  expect(cells).toHaveLength(all);
  expect(new Set(cells.map(({ width, height }) => `${width} ${height}`)).size).toBe(1);
  const ofGuest = cells.filter((cell) => cell.class === 'cell r0');
  expect(ofGuest).toHaveLength(2);
  expect(cells.filter(({ x }) => x === ofGuest[0]!.x)).toHaveLength(all === 14 ? 5 : 3);
  for (const { x, width } of cells) expect(Number(x) + Number(width)).toBeLessThanOrEqual(336);
});

test('one dimension without: each table once', () => {
  const cells = cellsOf(walkUnder('vtx', 'shadow'));
  expect(cells).toHaveLength(2);
  expect(cells[0]!.y).toBe(cells[1]!.y);
});

test('the numbers are the order in which entries are read', () => {
  const figure = walkGrid(walkUnder('vtx', 'nested'), { width: 336, rings: RINGS });
  const first = [...walkTree(figure)].filter(({ tag, children }) => tag === 'g' && children.length > 3);
  expect(first.map((cell) => textOf(cell.children[2] as Parameters<typeof textOf>[0]))).toEqual(
    Array.from({ length: 14 }, (_, k) => String(k + 1)),
  );
});
