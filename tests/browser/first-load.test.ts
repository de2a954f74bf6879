import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BrowserSite, openSite } from '../support/browser.ts';

const dist = fileURLToPath(new URL('../../dist', import.meta.url));
const KB = 1024;
/** 66 KB of it are React. docs/bench.md has the parts. */
const MOST = 250 * KB;

let site: BrowserSite;
beforeAll(async () => {
  site = await openSite();
});
afterAll(async () => {
  await site?.close();
});

/** What a browser asks for from an empty cache until a step can be taken, in the order of the requests. */
async function fetched(path: string): Promise<readonly string[]> {
  const context = await site.browser.newContext({ viewport: { width: 1440, height: 900 }, serviceWorkers: 'block' });
  const files: string[] = [];
  context.on('request', (request) => files.push(new URL(request.url()).pathname.replace(/^\/|\/$/g, '') || 'index.html'));
  const page = await context.newPage();
  await page.addInitScript(() => {
    new MutationObserver((_, observer) => {
      if (document.documentElement?.dataset.step === undefined) return;
      observer.disconnect();
      Object.assign(globalThis, { asked: performance.getEntriesByType('resource').map(({ name }) => name) });
    }).observe(document, { attributes: true, subtree: true, attributeFilter: ['data-step'] });
  });
  await page.goto(site.origin + path);
  await page.waitForFunction(() => 'asked' in globalThis);
  const asked = await page.evaluate(() => (globalThis as unknown as { asked: string[] }).asked);
  await page.waitForSelector('html[data-ready]');
  const inPage = asked.map((url) => new URL(url).pathname.slice(1));
  await context.close();
  /* Images are asked for by the worker, which the page's list does not have. */
  return ['index.html', ...inPage, ...files.filter((file) => file.startsWith('images/'))];
}

test('until the first scenario can be stepped the page asks for little', async () => {
  const files = await fetched('/');
  const sizes = files.map((file) => gzipSync(readFileSync(join(dist, file)), { level: 9 }).length);
  const sum = sizes.reduce((all, size) => all + size, 0);
  console.log(files.map((file, k) => `${(sizes[k]! / KB).toFixed(1).padStart(6)} KB  ${file}`).join('\n'));
  console.log(`${(sum / KB).toFixed(1)} of ${MOST / KB} KB until a step can be taken`);
  expect(files).toContain('machine-first.js');
  expect(files.filter((file) => file.startsWith('images/')).length).toBe(2);
  expect(files.filter((file) => /^machine(-late)?\.js$|woff2$/.test(file))).toEqual([]);
  expect(sum).toBeLessThanOrEqual(MOST);
});
