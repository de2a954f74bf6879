/** Instructions as a real processor did them at CPL 3. A sixtieth of the vectors; `rm1 conform` takes them all. */
import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { conform } from '../../src/lab/conform.ts';

const share = new URL('../golden/vectors/', import.meta.url);

/**
 * What the processor of the vectors, an AMD one, does its own way (docs/deviations.md): a POPA that faults has loaded the registers it had
 * reached, and CMPS reads ES:EDI first.
 */
const VENDORS_OWN = /^(data16 |addr16 |addr32 |[c-gs]s )*(popaw?d?|repn?z? cmps)/;

describe('silicon vectors', () => {
  const files = readdirSync(share).filter((name) => name.startsWith('silicon-'));

  test('there are twenty families', () => expect(files.length).toBe(20));

  test.each(files)('%s', (name) => {
    const result = conform(gunzipSync(readFileSync(new URL(name, share))).toString());
    expect([...result.missing]).toEqual([]);
    expect(result.passed).toBeGreaterThan(80);
    expect(result.mismatches.filter(({ text }) => !VENDORS_OWN.test(text))).toEqual([]);
    expect(result.failed).toBe(result.mismatches.length);
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
