/** Instructions as a real processor did them at CPL 3. A sixtieth of the vectors; `rm1 conform` takes them all. */
import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { conform } from '../../src/lab/conform.ts';

const share = new URL('../golden/vectors/', import.meta.url);

describe('silicon vectors', () => {
  const files = readdirSync(share).filter((name) => name.startsWith('silicon-'));

  test('there are twenty families', () => expect(files.length).toBe(20));

  test.each(files)('%s', (name) => {
    const result = conform(gunzipSync(readFileSync(new URL(name, share))).toString());
    expect([...result.missing]).toEqual([]);
    expect(result.passed).toBeGreaterThan(80);
    expect(result.mismatches).toEqual([]);
    expect(result.failed).toBe(0);
  });

  test('a result that was tampered with fails', () => {
    const [header, first] = gunzipSync(readFileSync(new URL('silicon-alu.jsonl.gz', share)))
      .toString()
      .split('\n');
    const vector = JSON.parse(first) as { final: Record<string, number>; init: { reg: number[] } };
    vector.final.edi = (vector.final.edi ?? vector.init.reg[7]) ^ 1;
    expect(conform(`${header}\n${JSON.stringify(vector)}\n`).failed).toBe(1);
  });
});
