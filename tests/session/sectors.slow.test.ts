/** The sector a guest asked for, beside the one its monitor asked the real disk for: in the sentence and in the exit's details. */
import { describe, expect, test } from 'vitest';
import { at } from '../../src/cpu/state.ts';
import { type OpenOptions, Session } from '../../src/session/session.ts';
import { Kind } from '../../src/trace/log.ts';

const SECTORS = 256;
const READ = 0x20;

/** The first `count` requests of each virtual machine, as rows of the log. */
function requests(options: OpenOptions, steps: number) {
  const session = Session.open({ scenario: 'one-system', vms: 2, ...options });
  session.run(steps);
  const { log } = session;
  const rows = Array.from({ length: log.length }, (_, row) => row).filter((row) => log.kindOf(row) === Kind.DISK);
  return { session, rows, of: (vm: number) => rows.filter((row) => log.valueOf(row, 2) === vm) };
}

describe.each<readonly [string, OpenOptions]>([
  ['vtx', { vmm: 'vtx', paging: 'shadow' }],
  ['svm', { vmm: 'svm', paging: 'nested' }],
  ['translate', { vmm: 'translate' }],
])('under %s', (vmm, options) => {
  test('every request is a virtual machine’s, and its sector lies in its own part of the disk', () => {
    const { session, rows, of } = requests(options, 900_000);
    const { log } = session;
    expect(of(1).length).toBeGreaterThan(4);
    expect(of(2).length).toBeGreaterThan(4);
    expect(of(0)).toEqual([]);
    for (const row of rows) expect(log.valueOf(row, 1)).toBe(log.valueOf(row, 3) + (log.valueOf(row, 2) - 1) * SECTORS);
    expect(
      of(1)
        .slice(0, 4)
        .map((row) => log.valueOf(row, 3)),
    ).toEqual([0, 1, 2, 3]);

    const row = of(2)[3];
    session.seek(log.stepOf(row));
    const who = vmm === 'translate' ? 'the monitor' : 'the hypervisor';
    expect(log.valueOf(row, 0)).toBe(READ);
    expect(session.view().sentence).toBe(`VM 2 asked for sector 3 of its disk; ${who} asks the real one for sector ${3 + SECTORS}.`);
    if (vmm === 'translate') return;
    const { latest } = session.view().exits;
    expect(latest.at(-1)?.infos.slice(-2)).toEqual([
      { name: 'Asked by VM 2', value: 'read sector 3', fields: [] },
      { name: 'Asked of the disk', value: `read sector ${3 + SECTORS}`, fields: [] },
    ]);
  });
});

test('on the bare machine there is one disk, and one number', () => {
  const { session, rows } = requests({ vmm: 'none' }, 40_000);
  session.seek(session.log.stepOf(rows[2]));
  expect(session.machine.cpu.s[at.cpl]).toBe(0);
  expect(session.view().sentence).toBe('The kernel asks the disk for sector 2.');
});
