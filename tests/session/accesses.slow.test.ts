/** The addresses that a step uses are those of the accesses that the processor then makes: held against its stores, and against what it has loaded. */
import { describe, expect, test } from 'vitest';
import type { PageWatch } from '../../src/cpu/marks.ts';
import { type OpenOptions, Session } from '../../src/session/session.ts';
import type { WalkView } from '../../src/session/views.ts';

/** The walk of each address that the coming step uses. */
function walksOf(session: Session): WalkView[] {
  session.followed = null;
  const choices = session.view().walk?.choices ?? [];
  const walks = choices.map(({ id }) => {
    session.followed = { choice: id };
    const { walk } = session.view();
    expect(walk?.chosen).toBe(id);
    return walk!;
  });
  session.followed = null;
  return walks;
}

/** Physical addresses that the next step stores to, as the memory sees them. */
function storesOf(session: Session): number[] {
  const stores: number[] = [];
  const all: PageWatch = { has: () => true, written: (_, address) => void stores.push(address) };
  session.machine.watch(null, all);
  session.step();
  session.machine.watch(null, null);
  return stores;
}

/** Pages of the tables that a walk reads, in which it sets A and D. */
function tablesOf({ entries, nestedEntries }: WalkView): number[] {
  const own = entries.map(({ address, nested }) => (nested.length > 0 ? (nested.at(-1)!.value & ~0xfff) >>> 0 : address));
  const nested = [...entries.flatMap((entry) => entry.nested), ...nestedEntries].map(({ address }) => address);
  return [...own, ...nested].map(page);
}

const page = (address: number): number => address >>> 12;
const ids = (walks: readonly WalkView[]): string[] => walks.map(({ chosen }) => chosen);
const isLoad = /^mov e[a-ds][xip], \[/;

interface Found {
  readonly stores: number;
  readonly loads: number;
  readonly kinds: ReadonlySet<string>;
}

/** Goes step by step to every few events, and beyond. */
function compared(options: OpenOptions, rounds: number, steps: number): Found {
  const session = Session.open(options);
  const kinds = new Set<string>();
  let [stores, loads] = [0, 0];
  for (let round = 0; round < rounds; round++) {
    for (let k = 0; k < 5; k++) for (const _ of session.nextEvent());
    session.seek(session.n - steps / 2);
    for (let k = 0; k < steps && !session.ended; k++) {
      const { current } = session.view().stream;
      const text = `${current?.mnemonic} ${current?.operands}`;
      const walks = walksOf(session);
      for (const id of ids(walks)) kinds.add(id.replace(/ .*$/, ''));
      const shown = walks.flatMap(({ physical }) => physical ?? []);
      const operand = walks.find(({ chosen }) => chosen === 'operand');
      const value = operand?.physical == null ? 0 : session.machine.ram.read32(operand.physical);
      const written = storesOf(session);
      const where = `${session.n - 1} ${text}: ${ids(walks)}`;
      const allowed = [...shown.map(page), ...walks.flatMap(tablesOf)];
      for (const address of written) expect(allowed, where).toContain(page(address));
      const first = walks.slice(1).find(({ what, physical }) => /writ/.test(what) && physical !== null);
      if (first !== undefined) expect(written, where).toContain(first.physical);
      stores += written.length;
      const goesOn = session.view(true).registers.find(({ name }) => name === 'EIP')?.changed;
      if (!isLoad.test(text) || operand?.physical == null || goesOn !== true) continue;
      const register = text.slice(4, 7).toUpperCase();
      expect(session.view(true).registers.find(({ name }) => name === register)!.value >>> 0, where).toBe(value >>> 0);
      loads++;
    }
  }
  return { stores, loads, kinds };
}

describe('what a step reads and writes', () => {
  test.each([
    ['bare machine', { scenario: 'two-kernels', vmm: 'none' }],
    ['VT-x, shadow tables', { scenario: 'two-kernels', vmm: 'vtx', paging: 'shadow' }],
    ['VT-x, nested tables', { scenario: 'two-kernels', vmm: 'vtx', paging: 'nested' }],
    ['AMD-V, nested tables', { scenario: 'two-kernels', vmm: 'svm', paging: 'nested' }],
    ['trap and emulate', { scenario: 'two-kernels', vmm: 'trap' }],
  ] as const)('%s', (_, options) => {
    const { stores, loads, kinds } = compared(options as OpenOptions, 4, 36);
    expect(stores).toBeGreaterThan(20);
    expect(loads).toBeGreaterThan(0);
    expect([...kinds]).toEqual(expect.arrayContaining(['fetch', 'operand', 'stack']));
  });
});
