/** Stops by the keyboard, the list of keys, and the way from one technique to another. */
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { violations } from '../support/axe.ts';
import { type BrowserSite, openSite } from '../support/browser.ts';

let site: BrowserSite;

beforeAll(async () => {
  site = await openSite();
});

afterAll(() => site?.close());

async function open(path: string, options: BrowserContextOptions = {}): Promise<{ page: Page; problems: string[] }> {
  const { page, problems } = await site.open(path, { reducedMotion: 'reduce', ...options });
  await page.waitForSelector('html[data-ready]', { timeout: 30_000 });
  return { page, problems };
}

const step = (page: Page) => page.evaluate(() => Number(document.documentElement.dataset.step));
const arrives = (page: Page, n: number) =>
  page.waitForFunction((wanted) => Number(document.documentElement.dataset.step) === wanted, n, { timeout: 30_000 });
const narration = (page: Page) => page.getByTestId('narration').textContent();

test('a stop by B, on to it by G, back by Shift G; memory is watched from the list; axe finds nothing', async () => {
  const { page, problems } = await open('/#scenario=first-exit&step=640');
  await page.keyboard.press('b');
  await page.getByRole('button', { name: 'stops (1)' }).click();
  const stops = page.getByTestId('stops');
  await stops.getByText(/^before /).waitFor();
  expect(await violations(page)).toEqual([]);
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  await page.keyboard.press('Home');
  await arrives(page, 0);
  await page.keyboard.press('g');
  await arrives(page, 640);
  expect(await narration(page)).toMatch(/^Stopped before /);
  await stops.getByLabel('Writes to').fill('nowhere');
  await page.keyboard.press('Enter');
  await stops.getByText('“nowhere” is no address').waitFor();
  await stops.getByLabel('Writes to').fill('20000000');
  await stops.getByLabel('physical').check();
  await stops.getByRole('button', { name: 'Watch', exact: true }).click();
  await page.getByText(/does not lie in RAM, which ends at/).waitFor();
  await stops.getByRole('button', { name: /^Remove the stop/ }).click();
  await stops.getByText(/^No stops yet/).waitFor();
  expect(problems).toEqual([]);
  await page.context().close();
});

test('an instruction’s address opens what can be done there, by the keyboard alone', async () => {
  const { page, problems } = await open('/#scenario=first-exit&step=640');
  await page.locator('.row.current button.a').focus();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('go there');
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => Number(document.documentElement.dataset.step) < 640);
  expect(problems).toEqual([]);
  await page.context().close();
});

test.each(['light', 'dark'] as const)('%s: ? lists the keys, and switches them off', async (colorScheme) => {
  const { page, problems } = await open('/#scenario=first-exit&step=640', { colorScheme });
  await page.keyboard.press('?');
  const keys = page.getByTestId('keys');
  await keys.getByText('one step on, one step back').waitFor();
  expect(await violations(page)).toEqual([]);
  await keys.getByLabel('Single keys act').uncheck();
  await page.keyboard.press('Escape');
  await keys.waitFor({ state: 'hidden' });
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  await page.keyboard.press('ArrowRight');
  await page.waitForTimeout(300);
  expect(await step(page)).toBe(640);
  expect(problems).toEqual([]);
  await page.context().close();
});

test('another technique: the same place, said so; its link is an ordinary one; Back leads on from there', async () => {
  const { page, problems } = await open('/#scenario=red-pill&vmm=none&step=1000');
  const address = () => page.locator('.row.current button.a').textContent();
  const before = await address();
  await page.getByRole('radio', { name: 'VT-x' }).click({ force: true });
  await page.waitForFunction(
    () => document.querySelector('[data-testid=narration]')?.textContent?.startsWith('The same place, VM 1: arrival '),
    null,
    {
      timeout: 60_000,
    },
  );
  expect(await address()).toBe(before);
  await page.waitForFunction(() => /vmm=vtx/.test(location.hash) && !/keep/.test(location.hash));
  const here = await step(page);
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  await page.keyboard.press('ArrowLeft');
  await arrives(page, here - 1);
  expect(problems).toEqual([]);
  await page.context().close();
});

test('translation: original beside what runs, the unit at hand; axe finds nothing', async () => {
  const { page, problems } = await open('/#scenario=red-pill&vmm=none&step=1000');
  await page.getByRole('radio', { name: 'Translation' }).click({ force: true });
  await page.locator('.row.current.translated').waitFor({ timeout: 60_000 });
  expect(await page.locator('.row.current .o').textContent()).toMatch(/^[0-9A-F]{8} \w/);
  await page.getByRole('button', { name: 'Translation', exact: true }).click();
  const units = page.getByTestId('units');
  await units.locator('tr.current').waitFor();
  expect(await units.textContent()).toMatch(/Unit \d+ of VM 1’s \d+/);
  expect(await violations(page)).toEqual([]);
  expect(problems).toEqual([]);
  await page.context().close();
});
