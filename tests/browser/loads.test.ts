import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { crc32 } from '../../src/lib/crc32.ts';
import { printLink } from '../../src/web/app/link.ts';
import { type BrowserSite, openSite } from '../support/browser.ts';

const GUEST = new URL('../../src/guest/first-exit/guest.inc', import.meta.url);

let site: BrowserSite;

beforeAll(async () => {
  site = await openSite();
});

afterAll(() => site?.close());

test('the built app draws itself without an error and without leaving the machine', async () => {
  const { page, problems } = await site.open('/');
  await page.waitForFunction(() => document.querySelector('#root')?.firstElementChild);
  expect(await page.title()).toContain('RingMinusOne');
  expect(problems).toEqual([]);
});

test('opened as a file the page says what it wants, and the whole in one file opens; on a server nothing of that is seen', async () => {
  const { page } = await site.open('/');
  await page.waitForSelector('html[data-ready]');
  const said = page.getByText('A browser loads no scripts for a page that was opened as a file.');
  expect(await said.count()).toBe(1);
  expect(await said.isVisible()).toBe(false);
  const fromDisk = await site.browser.newPage();
  await fromDisk.goto(new URL('../../dist/index.html', import.meta.url).href);
  const there = fromDisk.getByText('A browser loads no scripts for a page that was opened as a file.');
  await there.waitFor();
  await there.getByRole('link', { name: 'ringminusone.html' }).click();
  await fromDisk.waitForSelector('html[data-ready]', { timeout: 30_000 });
  expect(await there.isVisible()).toBe(false);
  await fromDisk.context().close();
  await page.context().close();
});

test('scripts that come late bring the styles of what they draw', async () => {
  const { page } = await site.open('/');
  await page.waitForSelector('html[data-ready]');
  /* The figures', the panels', and once the page is idle those of texts, of what is looked at, and of dialogs. */
  await page.waitForFunction(() => document.adoptedStyleSheets.length === 5);
  expect(await page.locator('.processor .registers').evaluate((list) => getComputedStyle(list).display)).toBe('grid');
  await page.context().close();
});

test('a script that does not come is told, and asked for again; what a link changes is told in any case', async () => {
  const page = await site.browser.newPage({ viewport: { width: 1440, height: 900 }, serviceWorkers: 'block' });
  const missing = (name: string) => page.route(new RegExp(`/assets/${name}-`), (route) => route.abort());
  await missing('panels');
  await missing('Rooms');
  const edits = [{ path: 'first-exit/guest.inc', of: crc32(readFileSync(GUEST, 'utf8')), hunks: [[1, 0, '; one line more'] as const] }];
  await page.goto(`${site.origin}/${printLink({ scenario: 'first-exit', edits, step: 3 })}`);
  await page.waitForSelector('html[data-step="3"]');
  const changed = page.getByText('The link or the file changes this machine.');
  await changed.waitFor();
  await page.getByRole('button', { name: 'Lab' }).click();
  const lab = page.locator('dialog.lab');
  await lab.getByText('This part of the page could not be loaded.').waitFor();
  await page.unrouteAll();
  await lab.getByRole('button', { name: 'Try again' }).click();
  await lab.getByText('Each instruction is run in rings 0, 1 and 3').waitFor();
  await lab.getByRole('button', { name: 'Close' }).click();
  await page.locator('.late.linked').getByRole('button', { name: 'Try again' }).click();
  await page.getByText('Changed by this link: guest.inc, 1 line').waitFor();
  expect(await changed.count()).toBe(0);
  await page.context().close();
});
