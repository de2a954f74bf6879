/** The lab as a whole: experiment against derivation, against the literature, and every witness once more. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { PROFILES } from '../../src/cpu/profiles.ts';
import { ROWS } from '../../src/isa/table.ts';
import { holds } from '../../src/lab/again.ts';
import { derive } from '../../src/lab/derive.ts';
import { EXPLANATIONS, ROBIN_IRVINE } from '../../src/lab/literature.ts';
import { labMarkdown } from '../../src/lab/markdown.ts';
import { idOf, Laboratory, type LabRow } from '../../src/lab/report.ts';
import { isCritical } from '../../src/lab/text.ts';
import type { Verdict } from '../../src/lab/verdict.ts';

const file = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const rm1 = (...args: string[]): string =>
  execFileSync(process.execPath, [file('bin/rm1.mjs'), 'lab', ...args], { encoding: 'utf8', maxBuffer: 1 << 28 });

let rows: readonly LabRow[] = [];
let verdicts: readonly Verdict[] = [];
beforeAll(() => {
  ({ rows, verdicts } = JSON.parse(rm1('--json')) as { rows: LabRow[]; verdicts: Verdict[] });
}, 120_000);

const tableRow = new Map(ROWS.map((row) => [idOf(row), row]));
const rowOf = ({ id }: LabRow) => tableRow.get(id) as (typeof ROWS)[number];
const ran = (): LabRow[] => rows.filter(({ missing }) => missing === '');

/** What the manual says and no experiment here can show (docs/lab.md). */
const UNSHOWN = new Set(['INVD', 'WBINVD', 'RDPMC', 'RDTSCP', 'MWAIT', 'INT3', 'INTO', 'INT1']);

describe('the lab', () => {
  test('every row of the table is there once, and what was not run is what the simulator lacks', () => {
    expect(rows.map(({ id }) => id)).toEqual(ROWS.map(idOf));
    expect(new Set(rows.filter(({ missing }) => missing !== '').map((row) => rowOf(row).exec))).toEqual(new Set(['numeric', 'skinit']));
  });

  test('experiment and derivation find the same class for every row', () => {
    expect(ran().filter((row) => row.class !== row.derived)).toEqual([]);
    expect(ran().filter((row) => row.privileged !== derive(rowOf(row)).privileged)).toEqual([]);
  });

  test('what was found to be read, written and let through is what the columns say', () => {
    for (const row of ran()) {
      const derived = derive(rowOf(row));
      const virtual = rowOf(row).gate?.some((gate) => gate === 'VMX' || gate === 'SVM') ?? false;
      if (virtual || UNSHOWN.has(rowOf(row).mnemonic)) {
        expect(derived.reads, row.id).toEqual(expect.arrayContaining([...row.reads]));
        expect(derived.writes, row.id).toEqual(expect.arrayContaining([...row.writes]));
      } else expect([row.id, row.reads, row.writes]).toEqual([row.id, derived.reads, derived.writes]);
      expect([row.id, row.unless]).toEqual([row.id, derived.opens]);
    }
  });

  test('all that was published is found, and each difference is explained once', () => {
    for (const { encodings } of ROBIN_IRVINE)
      for (const encoding of encodings) expect(rows.filter((row) => row.encoding === encoding).every(isCritical), encoding).toBe(true);
    const unlisted = rows.filter((row) => isCritical(row) && row.listed === null);
    expect(unlisted.every(({ explanation }) => explanation)).toBe(true);
    const used = new Set(rows.flatMap(({ explanation }) => explanation ?? []));
    expect(used).toEqual(new Set(EXPLANATIONS.map(({ why }) => why)));
  });

  test('seventeen by the count of the paper are eighteen mnemonics', () => {
    expect(new Set(ROBIN_IRVINE.map(({ name }) => name)).size).toBe(18);
  });

  test('every witness shows again what it showed', () => {
    const laboratory = new Laboratory();
    const failed: string[] = [];
    for (const row of ran())
      for (const evidence of row.evidence)
        if (!holds(laboratory.labOn(row.cpu), rowOf(row), evidence)) failed.push(`${row.id}: ${evidence.shows} ${evidence.of}`);
    expect(failed).toEqual([]);
  }, 120_000);

  test('the table in the documentation is the one that was found', () => {
    expect(readFileSync(file('docs/lab.md'), 'utf8')).toContain(
      `<!-- lab: begin -->\n\n${labMarkdown(rows, verdicts)}\n\n<!-- lab: end -->`,
    );
  });
});

describe('the verdicts', () => {
  const guest = (cpu: string, intercepts: string, mnemonic: string) =>
    verdicts
      .find((verdict) => verdict.cpu === cpu)
      ?.guests.find((one) => one.intercepts === intercepts)
      ?.rows.find(({ name }) => name.split(' ')[0] === mnemonic);

  test('without an extension no processor holds, by the very instructions that the lab found', () => {
    expect(verdicts.map(({ cpu }) => cpu)).toEqual(PROFILES.map(({ name }) => name));
    const critical = rows.filter(isCritical).map(({ id }) => id);
    for (const verdict of verdicts) expect([verdict.cpu, verdict.virtualizable, verdict.critical]).toEqual([verdict.cpu, false, critical]);
  });

  test('with VT-x and AMD-V and every intercept each sensitive instruction exits or has the guest’s own', () => {
    const guests = verdicts.filter(({ extension }) => extension !== null);
    expect(guests).toHaveLength(7);
    for (const { cpu, guests: both } of guests) {
      expect([cpu, both.map(({ intercepts, virtualizable }) => [intercepts, virtualizable])]).toEqual([
        cpu,
        [
          ['all', true],
          ['least', false],
        ],
      ]);
      for (const { rows: told } of both)
        for (const row of told) expect(row.exits.length > 0 || row.own || row.real.length > 0, row.id).toBe(true);
    }
  });

  test('which, instruction by instruction', () => {
    expect(guest('katmai', 'all', 'SGDT')).toBeUndefined();
    expect(guest('yonah', 'all', 'SGDT')).toMatchObject({ exits: [], own: true, real: [] });
    expect(guest('westmere', 'all', 'SGDT')).toMatchObject({ exits: ['GDTR_OR_IDTR_ACCESS'], own: false });
    expect(guest('phenom', 'all', 'SGDT')).toMatchObject({ exits: ['GDTR_READ'], own: false });
    expect(guest('yonah', 'all', 'POPFD')).toMatchObject({ exits: [], own: true, real: [] });
    expect(guest('phenom', 'all', 'POPFD')).toMatchObject({ exits: ['POPF'] });
    expect(guest('yonah', 'least', 'CPUID')).toMatchObject({ exits: ['CPUID'], own: false });
    expect(guest('phenom', 'least', 'CPUID')).toMatchObject({ exits: [], real: ['the board'] });
    expect(guest('haswell', 'least', 'OUT')).toMatchObject({ real: ['ports'] });
    expect(guest('haswell', 'least', 'RDTSC')).toMatchObject({ real: ['result'] });
  });
});

describe('rm1 lab', () => {
  test('an instruction with its evidence', () => {
    const text = rm1('--instruction', 'popfd');
    expect(text).toMatch(/^POPFD \(9D\) on katmai\n {2}class {6}control-sensitive\n {2}derived {4}control-sensitive\n/);
    expect(text).toMatch(/popfd: rings 0 and 3 differ in more than the ring: IF 1 → 0/);
    expect(rm1('--instruction', 'HLT')).toContain('hlt: ring 0 executes it, ring 3 traps.');
  }, 60_000);
});
