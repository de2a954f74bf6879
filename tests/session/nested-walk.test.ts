/** Nested paging on the stage: from a linear address to a guest-physical one and on to a physical one, every entry with what led to it. */
import { describe, expect, test } from 'vitest';
import { recordOf } from '../../src/session/records.ts';
import type { OpenOptions, Session } from '../../src/session/session.ts';
import { opened } from './support/sessions.ts';

const NESTED = { scenario: 'two-kernels', paging: 'nested' } as const;

/** A step in ring 3 of VM 1. */
function inProgram(options: OpenOptions): Session {
  const session = opened(options);
  for (let k = 0; k < 4000 && session.view(true).who.cpl !== 3; k++) session.step();
  return session;
}

describe.each([
  { vmm: 'vtx', levels: ['EPT PML4', 'EPT page-directory-pointer table', 'EPT page directory', 'EPT page table'], all: 14 },
  { vmm: 'svm', levels: ['nested page directory', 'nested page table'], all: 8 },
] as const)('$vmm', ({ vmm, levels, all }) => {
  test('the walk has two dimensions', () => {
    const session = inProgram({ ...NESTED, vmm });
    const walk = session.view().walk;
    if (walk === null) throw new Error('no walk');
    const { entries, nestedEntries, references, linear, guestPhysical, physical, parts } = walk;
    expect(walk).toMatchObject({ walked: 'nested', guestEntries: [], fault: '' });
    expect(entries.map(({ table }) => table)).toEqual(['page directory', 'page table']);
    for (const { nested } of entries) expect(nested.map(({ table }) => table)).toEqual(levels);
    expect(nestedEntries.map(({ table }) => table)).toEqual(levels);
    expect(references).toBe(all);
    expect(entries.map(({ index }) => index)).toEqual([linear >>> 22, (linear >>> 12) & 1023]);
    expect(guestPhysical).toBe(((entries[1].value & 0xfffff000) >>> 0) + (linear & 0xfff));
    expect(physical).toBe(parts[0].base + (guestPhysical ?? 0));
    for (const { nested, address, value } of entries) {
      const place = ((nested.at(-1)?.value ?? 0) & 0xfffff000) >>> 0;
      expect(place).toBe(parts[0].base + (address & ~0xfff));
      expect(session.machine.ram.read32(place + (address & 0xfff)) >>> 0).toBe(value >>> 0);
    }
  });

  test('no page table of a guest makes an exit; what it writes to a port is recorded', () => {
    const session = opened({ ...NESTED, vmm });
    const records = session.log.exits.map((row) => recordOf(session, row) as { cause: string; value?: number; port?: number });
    expect(new Set(records.map(({ cause }) => cause))).not.toContain('page-fault');
    const written = records.filter(({ cause, value }) => cause === 'port-out' && value !== undefined);
    const text = String.fromCharCode(...written.map(({ value }) => value as number));
    expect(text).toContain('duet');
  });
});
