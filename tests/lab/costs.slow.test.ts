/** The whole comparison, by the bundle as a process: vitest's transform would make it forty times slower. */
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { margin, ORDERS } from '../../src/lab/costs/orders.ts';
import type { Comparison } from '../../src/session/costs/compare.ts';

const rm1 = (args: readonly string[], input = '') =>
  spawnSync(process.execPath, ['bin/rm1.mjs', ...args], { encoding: 'utf8', input, maxBuffer: 1 << 26 });

test('by the costs of 2005 every order of the paper comes out', { timeout: 300_000 }, () => {
  const { status, stdout } = rm1(['costs', '--costs', 'p4-672-2005', '--json']);
  expect(status).toBe(0);
  const { cells } = JSON.parse(stdout) as Comparison;
  const failing = ORDERS.filter((order) => !(margin(order, (way) => cells[way][order.load]?.cycles ?? Number.NaN) > 0));
  expect(failing.map(({ text }) => text)).toEqual([]);
  expect(cells['vtx-traced'].ptemod?.exits).toMatchObject({ '#DB': 1 });
  expect(cells['vtx-nested'].ptemod?.exits).toEqual({});
  expect(cells.para.callret).toBeNull();
});

test.each(['vtx', 'svm'])('%s with tables kept and traced: two minims print what one prints alone', { timeout: 300_000 }, (vmm) => {
  const typed = 'ls\nwrite note here\ncat note\nforks 5\ntables 3\ncalls 20\ncrash kernel\ninsmod greet\nhalt\n';
  const alone = rm1(['run', 'minim', '--memory', '4M'], typed);
  const both = rm1(['run', 'minim', '--memory', '4M', '--vmm', vmm, '--vms', '2', '--paging', 'traced'], typed);
  const lines = both.stdout.split('\n').filter((line) => line.startsWith('vm1| '));
  expect(alone.stdout).toContain('forks: 5 processes came and went');
  expect(lines.map((line) => `${line.slice(5)}\n`).join('')).toBe(alone.stdout);
  expect(both.status).toBe(0);
});
