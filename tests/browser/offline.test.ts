import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BrowserSite, openSite } from '../support/browser.ts';
import { type Site, serveFolder } from '../support/site.ts';

const dist = fileURLToPath(new URL('../../dist', import.meta.url));

let site: BrowserSite;
let server: Site;

beforeAll(async () => {
  [site, server] = await Promise.all([openSite(), serveFolder(dist)]);
});

afterAll(async () => {
  await Promise.all([site?.close(), server?.close().catch(() => {})]);
});

const ready = (page: Page) => page.waitForSelector('html[data-ready]', { timeout: 30_000 });
const step = (page: Page) => page.evaluate(() => Number(document.documentElement.dataset.step));

test('after one visit the app steps, opens a lesson and runs the lab without a network', { timeout: 120_000 }, async () => {
  const context = await site.browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(server.origin);
  await ready(page);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => {}));
  await server.close();
  await page.goto(`${server.origin}/#scenario=first-exit&step=612`);
  await page.reload();
  await ready(page);
  const before = await step(page);
  await page.locator('.transport').getByRole('button', { name: 'Step', exact: true }).click();
  await page.waitForFunction((n) => Number(document.documentElement.dataset.step) === n + 1, before);
  await page.getByRole('button', { name: 'Lessons' }).click();
  await page.locator('dialog.lessons li button').first().click();
  await page.locator('.lesson').first().waitFor();
  await page.getByRole('button', { name: 'Lab', exact: true }).click();
  await page.locator('dialog.lab tbody tr').first().waitFor({ timeout: 60_000 });
  expect(errors).toEqual([]);
  await context.close();
});

test('a page that says so keeps nothing', async () => {
  const context = await site.browser.newContext();
  const page = await context.newPage();
  await page.route(`${site.origin}/`, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: (await response.text()).replace('<head>', '<head><meta name="rm1-offline" content="off">') });
  });
  await page.goto(`${site.origin}/`);
  await ready(page);
  await page.locator('link[rel="preload"][href*="machine-late"]').waitFor({ state: 'attached' });
  expect(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length)).toBe(0);
  await context.close();
});
