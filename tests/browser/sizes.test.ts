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

/** Most bytes that each thing may take, compressed. */
const budgets: readonly [string, () => number, number][] = [
  ['the loader of the element', () => packed('ringminusone.js'), 3 * KB],
  [
    'the page of an embed with its picture',
    () => packed('embed/index.html', 'embed/boot.js', 'embed/embed.css', 'posters/first-exit.svg'),
    25 * KB,
  ],
  ['the machine of an embed without its images', () => packed('core.js'), 118 * KB],
  ['the machine of an embed that asks questions', () => packed('core-asks.js'), 140 * KB],
  ['what an embed shows only when asked', () => packed('embed/more.js'), 32 * KB],
  ['a lesson in an embed', () => packed('embed/lesson.js'), 56 * KB],
  ['a picture that the page around an embed asks for', () => packed('embed/picture.js'), 16 * KB],
  ['German in an embed', () => packed('messages/de.js'), 56 * KB],
  [
    'the first interaction with an embed',
    () => packed('embed/index.html', 'embed/boot.js', 'embed/embed.css', 'embed/embed.js', 'core.js', 'images/first-exit-first-exit.js'),
    170 * KB,
  ],
  ['the editor', () => packed(...asset(/^side.*\.js$/), ...asset(/^Editor.*\.js$/)), 110 * KB],
  ['the one file, as it lies on a disk', () => statSync(join(dist, 'ringminusone.html')).size, 1.5 * KB * KB],
];

test.each(budgets)('%s stays within its budget', (name, size, most) => {
  const bytes = size();
  const kb = (number: number) => `${(number / KB).toFixed(1)} KB`;
  console.log(`${name}: ${kb(bytes)} of ${kb(most)}`);
  expect(bytes).toBeGreaterThan(0);
  expect(bytes).toBeLessThanOrEqual(most);
});

test('no script of the app holds the machine: it ships once', () => {
  const holders = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.js') && readFileSync(join(dist, name), 'utf8').includes('rm1Machine(self)'),
  );
  expect(holders.sort()).toEqual(['core-asks.js', 'core-svm.js', 'core.js', 'machine.js']);
  expect(assets.filter((name) => statSync(join(dist, 'assets', name)).size > 450 * KB)).toEqual([]);
});

test('d3 comes late, and never in an embed', () => {
  const holders = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.js') && readFileSync(join(dist, name), 'utf8').includes('__zoom'),
  );
  expect(holders.map((name) => name.replace(/-.{8}\.js$/, ''))).toEqual(['assets/gestures']);
  console.log(`the timeline's gestures: ${(packed(...holders) / KB).toFixed(1)} KB`);
  expect(packed(...holders)).toBeLessThanOrEqual(20 * KB);
});

test('the script of the stage begins with the hint that all of it is called at once', () => {
  const [stage, ...others] = asset(/^stage-/);
  expect(others).toEqual([]);
  expect(readFileSync(join(dist, stage!), 'utf8')).toMatch(/^\/\/# allFunctionsCalledOnLoad\n/);
});
