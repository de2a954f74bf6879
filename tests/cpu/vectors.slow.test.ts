/** All vectors, where they are at hand beside the checkout; a share of them is always tested (silicon.test.ts, system.test.ts). */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { conform } from '../../src/lab/conform.ts';

const ALL = 1e9;

describe.each(['silicon', 'system'])('%s', (set) => {
  const folder = new URL(`../../../shared/${set}/vectors/`, import.meta.url);
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.jsonl.gz')) : [];
  if (files.length === 0) console.log(`no vectors in ../shared/${set}/vectors: only the share in tests/golden is tested`);

  test.skipIf(files.length === 0).each(files.length === 0 ? ['-'] : files)('%s', { timeout: 120_000 }, (name) => {
    const { mismatches, passed, sourcesWay } = conform(gunzipSync(readFileSync(new URL(name, folder))).toString(), undefined, ALL);
    expect(mismatches).toEqual([]);
    expect(sourcesWay).toBeLessThan(10);
    expect(passed).toBeGreaterThan(1000);
  });
});
