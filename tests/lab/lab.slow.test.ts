/** The lab as a whole: experiment against derivation, against the literature, and every witness once more. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { ROWS } from '../../src/isa/table.ts';
import { holds } from '../../src/lab/again.ts';
import { derive } from '../../src/lab/derive.ts';
import { EXPLANATIONS, ROBIN_IRVINE } from '../../src/lab/literature.ts';
import { labMarkdown } from '../../src/lab/markdown.ts';
import { idOf, Laboratory, type LabRow } from '../../src/lab/report.ts';
import { isCritical } from '../../src/lab/text.ts';

const file = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const rm1 = (...args: string[]): string =>
  execFileSync(process.execPath, [file('bin/rm1.mjs'), 'lab', ...args], { encoding: 'utf8', maxBuffer: 1 << 28 });

let rows: readonly LabRow[] = [];
beforeAll(() => {
  rows = (JSON.parse(rm1('--json')) as { rows: LabRow[] }).rows;
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
    expect(readFileSync(file('docs/lab.md'), 'utf8')).toContain(`<!-- lab: begin -->\n\n${labMarkdown(rows)}\n\n<!-- lab: end -->`);
  });
});

describe('rm1 lab', () => {
  test('an instruction with its evidence', () => {
    const text = rm1('--instruction', 'popfd');
    expect(text).toMatch(/^POPFD \(9D\) on katmai\n {2}class {6}control-sensitive\n {2}derived {4}control-sensitive\n/);
    expect(text).toMatch(/popfd: rings 0 and 3 differ in more than the ring: EFLAGS/);
    expect(rm1('--instruction', 'HLT')).toContain('hlt: ring 0 executes it, ring 3 traps.');
  }, 60_000);
});
