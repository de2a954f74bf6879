/**
 * One kernel, byte for byte, on the bare machine and under every monitor that leaves it unchanged: Popek and Goldberg's own test. Under `para` it is its
 * port that has to print the same.
 */
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { findScenario } from '../../src/session/scenarios.ts';
import { type OpenOptions, Session } from '../../src/session/session.ts';

/** A kernel that ends by itself, and one that waits for more to be typed. */
const SCENARIOS = ['two-kernels', 'one-system'] as const;
const TIMEOUT = 120_000;

const TECHNIQUES: readonly (readonly [string, OpenOptions])[] = [
  ['translate', { vmm: 'translate' }],
  ['para', { vmm: 'para' }],
  ['vtx, shadow paging', { vmm: 'vtx', paging: 'shadow' }],
  ['vtx, nested paging', { vmm: 'vtx', paging: 'nested' }],
  ['vtx, nested paging without unrestricted guests', { vmm: 'vtx', paging: 'nested', cpu: 'lynnfield' }],
  ['svm, shadow paging', { vmm: 'svm', paging: 'shadow' }],
  ['svm, nested paging', { vmm: 'svm', paging: 'nested' }],
];

const hashBytes = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

function consoles(session: Session): readonly string[] {
  const found = session.machine.board.consoles;
  return (session.vms === 0 ? found.slice(0, 1) : found.filter(({ vm }) => vm > 0)).map(({ text }) => text);
}

const alone = SCENARIOS.map((scenario) => {
  const bare = Session.open({ scenario, vmm: 'none' });
  bare.run(Number.POSITIVE_INFINITY);
  return { text: consoles(bare)[0], end: bare.machine.end, disk: bare.diskContents()[0] };
});

describe.each(TECHNIQUES)('%s', (_, options) => {
  test.each(SCENARIOS.filter((id) => findScenario(id)?.vmms.includes(options.vmm ?? 'none')))(
    '%s: every kernel prints what it prints alone, and time can be gone through in both directions',
    (scenario) => {
      const open = () => Session.open({ scenario, ...options });
      const expected = alone[SCENARIOS.indexOf(scenario)];
      expect(expected.text).toMatch(/^(duet|minim) .*\n/);
      const forward = open();
      forward.run(Number.POSITIVE_INFINITY);
      expect(forward.machine.end).toEqual(expected.end);
      expect(consoles(forward)).toEqual([expected.text, expected.text]);
      for (const disk of forward.diskContents()) expect(hashBytes(disk)).toBe(hashBytes(expected.disk));
      expect(forward.diskContents()).toHaveLength(scenario === 'one-system' ? 2 : 0);
      const said = forward.machine.board.consoles[0].text.split('\n');
      const last = ['vm1: halted', 'vm2: halted', `${options.vmm}: no virtual machine is left`];
      expect([...said].sort()).toEqual(scenario === 'two-kernels' ? ['', ...last].sort() : ['']);
      const reached = forward.n;
      const stops = [0.93, 0.61, 0.4, 0.22, 0.04].map((part) => Math.floor(reached * part));
      const back = new Map(
        stops.map((n) => {
          forward.seek(n);
          return [n, forward.machine.hash()];
        }),
      );
      const again = open();
      for (const n of [...stops].reverse()) {
        again.run(n);
        expect([n, again.machine.hash()]).toEqual([n, back.get(n)]);
      }
    },
    TIMEOUT,
  );
});
