import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';

const dist = fileURLToPath(new URL('../../dist', import.meta.url));
const KB = 1024;
const packed = (...files: string[]) => files.reduce((sum, file) => sum + gzipSync(readFileSync(join(dist, file)), { level: 9 }).length, 0);
const assets = readdirSync(join(dist, 'assets'));
const asset = (pattern: RegExp) => assets.filter((name) => pattern.test(name)).map((name) => `assets/${name}`);

/** Most bytes that each thing may take, compressed; `wanted` where that is still more than it should be. */
const budgets: readonly [string, () => number, number, number?][] = [
  ['the loader of the element', () => packed('ringminusone.js'), 3 * KB],
  [
    'the page of an embed with its picture',
    () => packed('embed/index.html', 'embed/boot.js', 'embed/embed.css', 'posters/first-exit.svg'),
    25 * KB,
  ],
  ['the machine of an embed without its images', () => packed('core.js'), 125 * KB],
  [
    'the first interaction with an embed',
    () => packed('embed/index.html', 'embed/boot.js', 'embed/embed.css', 'embed/embed.js', 'core.js', 'images/first-exit-first-exit.js'),
    270 * KB,
    170 * KB,
  ],
  ['the editor', () => packed(...asset(/^Source.*\.js$/), ...asset(/^Editor.*\.js$/)), 110 * KB],
  ['the one file, as it lies on a disk', () => statSync(join(dist, 'ringminusone.html')).size, 1.5 * KB * KB],
];

test.each(budgets)('%s stays within its budget', (name, size, most, wanted) => {
  const bytes = size();
  const kb = (number: number) => `${(number / KB).toFixed(1)} KB`;
  console.log(`${name}: ${kb(bytes)} of ${kb(most)}${wanted === undefined ? '' : `; wanted ${kb(wanted)}`}`);
  expect(bytes).toBeGreaterThan(0);
  expect(bytes).toBeLessThanOrEqual(most);
});
