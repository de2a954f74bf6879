/** Instructions over the whole system state: rings, gates, paging, virtual-8086 and real mode. A sixtieth of the vectors. */
import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { conform } from '../../src/lab/conform.ts';

const share = new URL('../golden/vectors/', import.meta.url);
const read = (name: string): string => gunzipSync(readFileSync(new URL(name, share))).toString();

describe('system vectors', () => {
  const files = readdirSync(share).filter((name) => name.startsWith('system-'));

  test('there are twelve families', () => expect(files.length).toBe(12));

  test.each(files)('%s', (name) => {
    const result = conform(read(name));
    expect(result.mismatches).toEqual([]);
    expect(result.failed).toBe(0);
    expect([...result.missing.keys()]).toEqual([]);
    expect(result.passed).toBeGreaterThan(0);
  });

  const [header, first] = read('system-iobitmap.jsonl.gz').split('\n');
  const tampered = (change: (vector: { final: Record<string, unknown>; init: { eip: number }; exc?: unknown }) => void): number => {
    const vector = JSON.parse(first);
    change(vector);
    return conform(`${header}\n${JSON.stringify(vector)}\n`).failed;
  };

  test('a register, memory, a hidden part or an exception that was tampered with fails', () => {
    expect(tampered(() => {})).toBe(0);
    expect(tampered(({ final }) => (final.edi = 0x1234567))).toBe(1);
    expect(tampered(({ final }) => (final.mem = [...((final.mem as unknown[]) ?? []), [0x50000, '00']]))).toBe(1);
    expect(tampered(({ final }) => (final.hidden = { ds: [1, 2, 3] }))).toBe(1);
    expect(tampered((vector) => (vector.exc = [{ vec: 7 }]))).toBe(1);
  });
});
