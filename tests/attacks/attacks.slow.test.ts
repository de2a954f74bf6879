/** The table of docs/attacks.md is what a run gives, and no attack breaks a monitor that is to stand it. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';

const path = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const STANDS = ['translate', 'para', 'vtx', 'vtx-vtx', 'svm'];
const TIMEOUT = 240_000;

interface Found {
  readonly techniques: readonly { readonly title: string; readonly vmm: string }[];
  readonly rows: readonly { readonly attack: string; readonly cells: readonly string[] }[];
  readonly markdown: string;
}

const { stdout } = await promisify(execFile)(process.execPath, [path('scripts/attacks.mjs'), '--json'], {
  maxBuffer: 1 << 24,
  timeout: TIMEOUT,
});
const found: Found = JSON.parse(stdout);

describe('a hostile kernel, attack by attack', () => {
  test('the page says what a run gives', () => {
    expect(readFileSync(path('docs/attacks.md'), 'utf8')).toContain(`<!-- attacks: begin -->\n${found.markdown}\n<!-- attacks: end -->`);
  });

  test.each(found.techniques.filter(({ vmm }) => STANDS.includes(vmm)))(
    '$title holds: the other goes on, code and tables are byte for byte as they were',
    ({ title }) => {
      const column = found.techniques.findIndex((technique) => technique.title === title);
      expect(found.rows.map(({ attack, cells }) => [attack, cells[column].split(';')[0]])).toEqual(
        found.rows.map(({ attack }) => [attack, 'held']),
      );
    },
  );

  test('on the bare machine, and beside a monitor in ring 0, nothing holds', () => {
    const peer = found.techniques.findIndex(({ vmm }) => vmm === 'peer');
    expect(found.rows.every(({ cells }) => cells[peer].startsWith('broke: '))).toBe(true);
  });
});
