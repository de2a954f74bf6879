/** All vectors, where they are at hand beside the checkout; a share of them is always tested (silicon.test.ts, system.test.ts). */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { conform } from '../../src/lab/conform.ts';

const ALL = 1e9;

/** Where two things are wrong at once and the vectors have the other first (docs/conformance.md); of the vectors of seed 1. */
const OTHER_ORDER = new Set([
  ...['gates-1-002767', 'gates-1-003824', 'gates-1-005578', 'gates-1-006945', 'gates-1-007739', 'gates-1-008564'],
  ...['double-1-001365', 'double-1-002570', 'double-1-003090', 'paging-1-003531'],
]);

describe.each(['silicon', 'system'])('%s', (set) => {
  const folder = new URL(`../../../shared/${set}/vectors/`, import.meta.url);
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.jsonl.gz')) : [];
  if (files.length === 0) console.log(`no vectors in ../shared/${set}/vectors: only the share in tests/golden is tested`);

  test.skipIf(files.length === 0).each(files.length === 0 ? ['-'] : files)('%s', { timeout: 120_000 }, (name) => {
    const { mismatches, passed } = conform(gunzipSync(readFileSync(new URL(name, folder))).toString(), undefined, ALL);
    const unexplained = mismatches.filter(({ id }) => !OTHER_ORDER.has(id));
    expect(unexplained).toEqual([]);
    expect(passed).toBeGreaterThan(1000);
  });
});
