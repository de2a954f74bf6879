/** The walker against the manual's words once more, over tables of which every bit may be anything. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { processorProfile } from '../../../src/cpu/profiles.ts';
import { at } from '../../../src/cpu/state.ts';
import { enterSpace, flushAll } from '../../../src/cpu/tlb.ts';
import { CODE } from '../../../src/cpu/virt/svm/exit-codes.ts';
import { FORMAT_EPT, FORMAT_PAE_NX, FORMAT_PSE } from '../../../src/cpu/walk/formats.ts';
import { type Access, Paged, ROOT } from './paged.ts';
import { type Outcome, Reference, type ReferenceMode } from './reference.ts';

const RUNS = 400;
const TABLES = 4;
const NESTED = 0x300000;
const NESTED_TABLES = 4;

const oneIn = (n: number): fc.Arbitrary<boolean> => fc.nat(n - 1).map((value) => value === 0);

type Entry = readonly [low: number, high: number];

/** Mostly everything is allowed, so that walks get to their end; now and then not, and seldom bits are set that must be 0. */
const rights = fc.constantFrom(...new Array<number>(24).fill(7), 3, 5, 1, 0, 4, 6);
const high = fc.constantFrom(...new Array<number>(40).fill(0), 0x80000000 | 0, 0x80000000 | 0, 1, 0x40000000, 0x00100000);

const parts = (tables: number) =>
  fc.record({
    table: fc.nat(tables - 1),
    page: fc.nat(0x3ff),
    elsewhere: oneIn(8),
    rights,
    more: fc.nat(0xfff),
    large: oneIn(6),
    odd: oneIn(60),
    wild: fc.integer(),
    high,
  });

/** An entry of a table or of a page, which is a table again. */
const entry = (base: number, tables: number): fc.Arbitrary<Entry> =>
  parts(tables).map(({ table, page, elsewhere, rights, more, large, odd, wild, high }) => {
    if (odd) return [wild, high];
    const address = large ? 0 : elsewhere ? page * 0x1000 : base + table * 0x1000;
    return [address | rights | (more & 0xf78) | (large ? 0x80 : 0), high];
  });

/** An EPT entry: bits 7:3 mean something only where it maps a page. */
const eptEntry: fc.Arbitrary<Entry> = parts(0x400).map(({ table, rights, more, large, odd, wild, high }) => {
  if (odd) return [wild, high & ~0x80000000];
  const type = (more & 0x700) === 0 ? more & 0x38 : 0x30;
  return [(table * 0x1000) | rights | (more & 0xf00) | type | (large ? 0x80 : 0), high & ~0x80000000];
});

interface Case {
  readonly linear: number;
  readonly access: Access;
  readonly user: boolean;
}

const accesses: fc.Arbitrary<Case[]> = fc.array(
  fc.record({ linear: fc.integer(), access: fc.constantFrom<Access>('read', 'write', 'fetch'), user: fc.boolean() }),
  { minLength: 1, maxLength: 4 },
);
const modes = fc.record({ pae: fc.boolean(), pse: fc.boolean(), nxe: fc.boolean(), wp: fc.boolean() });
const filling = fc.array(entry(ROOT, TABLES), { minLength: 40, maxLength: 40 });
const nestedFilling = fc.array(entry(NESTED, NESTED_TABLES), { minLength: 60, maxLength: 60 });
const eptFilling = fc.array(eptEntry, { minLength: 200, maxLength: 200 });

/** Fills the tables by repeating the entries; few indices differ, so that random addresses meet all of them. */
function fill(paged: Paged, base: number, tables: number, entries: readonly Entry[], wide: boolean): void {
  const count = tables * (wide ? 512 : 1024);
  for (let i = 0; i < count; i++) {
    const [low, high] = entries[(i * 7 + (i >> 9)) % entries.length];
    if (wide) paged.wide(base, i, low, high);
    else paged.entry(base, i, low);
  }
}

function portrait(paged: Paged): Uint8Array {
  return paged.cpu.memory.bytes.slice();
}

/** What a translation came to, in the reference's terms. */
function outcomeOf(paged: Paged, seen: { outcome: Outcome | null }, { linear, access, user }: Case): Outcome {
  seen.outcome = null;
  const answer = paged.translate(linear, access, user);
  if ('fault' in answer) return { kind: 'fault', code: answer.fault };
  if ('physical' in answer) return { kind: 'page', address: BigInt(answer.physical) };
  return seen.outcome!;
}

/** In place of the extension's exits: what it was told. */
function watch(paged: Paged): { outcome: Outcome | null } {
  const seen: { outcome: Outcome | null } = { outcome: null };
  const virt = paged.cpu.virt!;
  const svm = virt.vendor === 'svm';
  const violation = virt.nestedViolation!.bind(virt);
  const misconfiguration = virt.nestedMisconfiguration!.bind(virt);
  virt.nestedViolation = (cpu, guestPhysical, access, allowed, linear, translated) => {
    const address = BigInt(guestPhysical);
    const code = 4 | (allowed !== 0 ? 1 : 0) | (access & 2) | (access === 4 && cpu.s[at.nestedFormat] === FORMAT_PAE_NX ? 16 : 0);
    seen.outcome = svm
      ? { kind: 'npf', address, code, final: translated }
      : { kind: 'violation', address, qualification: access | (allowed << 3) | 0x80 | (translated ? 0x100 : 0) };
    return violation(cpu, guestPhysical, access, allowed, linear, translated);
  };
  virt.nestedMisconfiguration = (cpu, guestPhysical, access = 1, translated = true) => {
    const address = BigInt(guestPhysical);
    const code = 13 | (access & 2) | (access === 4 && cpu.s[at.nestedFormat] === FORMAT_PAE_NX ? 16 : 0);
    seen.outcome = svm ? { kind: 'npf', address, code, final: translated } : { kind: 'misconfiguration', address };
    return misconfiguration(cpu, guestPhysical, access, translated);
  };
  return seen;
}

/** How often each kind of outcome came up. */
type Tally = Map<string, number>;

const count = (tally: Tally, { kind }: Outcome): void => {
  tally.set(kind, (tally.get(kind) ?? 0) + 1);
};

/** So that the comparison is one of more than missing pages. */
function expectAll(tally: Tally, kinds: readonly Outcome['kind'][]): void {
  for (const kind of kinds) expect([kind, (tally.get(kind) ?? 0) >= 20]).toEqual([kind, true]);
}

function compare(paged: Paged, tally: Tally, mode: ReferenceMode, cases: readonly Case[]): void {
  const seen = mode.nested === 'none' ? { outcome: null } : watch(paged);
  const reference = new Reference(portrait(paged), mode);
  for (const one of cases) {
    flushAll(paged.cpu);
    const expected = reference.translate(one.linear, one.access, one.user);
    expect(outcomeOf(paged, seen, one)).toEqual(expected);
    count(tally, expected);
  }
  expect(Buffer.compare(paged.cpu.memory.bytes, new Uint8Array(reference.memory.buffer))).toBe(0);
}

const pdptesOf = (paged: Paged): bigint[] =>
  [0, 1, 2, 3].map((i) => {
    const { s } = paged.cpu;
    return (BigInt(s[at.pdpte0High + 2 * i] >>> 0) << 32n) | BigInt(s[at.pdpte0 + 2 * i] >>> 0);
  });

/** Four PDPTEs without reserved bits. */
function setPdptes(paged: Paged, entries: readonly Entry[]): void {
  for (let i = 0; i < 4; i++) {
    const low = entries[i][0] & ~0x1e6;
    paged.wide(ROOT, i, low, 0);
    paged.cpu.s[at.pdpte0 + 2 * i] = low;
  }
}

test('one address space', () => {
  const tally: Tally = new Map();
  fc.assert(
    fc.property(modes, filling, accesses, (mode, entries, cases) => {
      const paged = new Paged(mode);
      fill(paged, ROOT, TABLES, entries, mode.pae);
      if (mode.pae) setPdptes(paged, entries);
      compare(paged, tally, { ...mode, cr3: BigInt(ROOT), pdptes: pdptesOf(paged), nested: 'none', nestedRoot: 0n }, cases);
    }),
    { numRuns: RUNS, seed: 1 },
  );
  expectAll(tally, ['page', 'fault']);
});

/** EPT tables one below the other, that mostly map guest-physical memory where it is. */
function fillEpt(paged: Paged, entries: readonly Entry[]): void {
  for (let level = 0; level < NESTED_TABLES; level++)
    for (let i = 0; i < 512; i++) {
      const [low, high] = entries[(i * 7 + level * 13) % entries.length];
      const at = NESTED + level * 0x1000;
      const plain = (i + level) % 7 === 0 ? low : (low & ~7) | 7;
      if (level === 3) paged.wide(at, i, (i % 3 === 0 ? low & ~0xfff : i << 12) | (plain & 0xfff), high);
      else if (level === 2 && (low & 0x80) !== 0 && i > 1) paged.wide(at, i, plain & ~0x1ff000, high);
      else paged.wide(at, i, (at + 0x1000) | (plain & (i === 5 ? 0xfff : 0xf07)), i < 4 ? 0 : high);
    }
}

test.each([
  ['EPT', 'ept', 0],
  ['EPT with accessed and dirty flags', 'ept-flags', 0x40],
] as const)('%s under a guest', (_, nested, flags) => {
  const tally: Tally = new Map();
  const haswell = processorProfile('haswell');
  fc.assert(
    fc.property(modes, filling, eptFilling, accesses, (mode, entries, nestedEntries, cases) => {
      const paged = new Paged(mode, haswell);
      fill(paged, ROOT, TABLES, entries, mode.pae);
      if (mode.pae) setPdptes(paged, entries);
      fillEpt(paged, nestedEntries);
      paged.cpu.s[at.guest] = 1;
      enterSpace(paged.cpu, 1, FORMAT_EPT, NESTED | 0x1e | flags);
      compare(paged, tally, { ...mode, cr3: BigInt(ROOT), pdptes: pdptesOf(paged), nested, nestedRoot: BigInt(NESTED) }, cases);
    }),
    { numRuns: RUNS, seed: 2 },
  );
  expectAll(tally, ['page', 'fault', 'violation', 'misconfiguration']);
});

test.each([
  ['32-bit', 'npt', FORMAT_PSE],
  ['PAE', 'npt-pae', FORMAT_PAE_NX],
] as const)('nested paging of AMD, the host in %s paging, under a guest', (_, nested, format) => {
  const tally: Tally = new Map();
  expect(CODE.NPF).toBe(0x400);
  fc.assert(
    fc.property(modes, filling, nestedFilling, accesses, (mode, entries, nestedEntries, cases) => {
      const paged = new Paged(mode, 'phenom');
      fill(paged, ROOT, TABLES, entries, mode.pae);
      if (mode.pae) setPdptes(paged, entries);
      fill(paged, NESTED, NESTED_TABLES, nestedEntries, format === FORMAT_PAE_NX);
      if (format === FORMAT_PAE_NX) for (let i = 0; i < 4; i++) paged.wide(NESTED, i, nestedEntries[i][0] & ~(i === 3 ? 0 : 0x1e6), 0);
      paged.cpu.s[at.guest] = 1;
      enterSpace(paged.cpu, 1, format, NESTED);
      compare(paged, tally, { ...mode, cr3: BigInt(ROOT), pdptes: [], nested, nestedRoot: BigInt(NESTED) }, cases);
    }),
    { numRuns: RUNS, seed: 3 },
  );
  expectAll(tally, ['page', 'fault', 'npf']);
});
