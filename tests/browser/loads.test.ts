import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BrowserSite, openSite } from '../support/browser.ts';

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
