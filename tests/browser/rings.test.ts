/** The ring diagram under the pointer and the keys: its places, its crossings, and what else is selected with them. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Session } from '../../src/session/session.ts';
import type { Ring } from '../../src/session/views.ts';
import { stayWords } from '../../src/web/panels/rings/cells.ts';
import { violations } from '../support/axe.ts';
import { type BrowserSite, openSite } from '../support/browser.ts';

let site: BrowserSite;

beforeAll(async () => {
  site = await openSite();
});

afterAll(() => site?.close());

/** The page, with a list of when something was asked about a place: whether the machine ran. */
async function opened(path: string, options = {}) {
  const { page, problems } = await site.open(path, { reducedMotion: 'reduce', ...options });
  await page.addInitScript(() => {
    const { postMessage } = Worker.prototype;
    Worker.prototype.postMessage = function (this: Worker, ...given: [unknown]) {
      const list = ((globalThis as unknown as { asked?: boolean[] }).asked ??= []);
      const isRunning = document.querySelector('button[aria-label="Run"]')?.ariaPressed === 'true';
      if ((given[0] as { type?: string }).type === 'stays') list.push(isRunning);
      postMessage.apply(this, given as never);
    } as typeof postMessage;
  });
  await page.reload();
  await page.waitForSelector('[data-ready]', { timeout: 60_000 });
  return { page, problems };
}

const step = (page: Page) => page.evaluate(() => Number(document.documentElement.dataset.step));
/** The words of the place that is the active one by keys. */
const active = (page: Page) =>
  page.getByTestId('cells').evaluate((list) => document.getElementById(list.getAttribute('aria-activedescendant')!)!.textContent!);
const focusIn = (page: Page, of: string) => page.evaluate((selector) => document.activeElement?.closest(selector) !== null, of);

test('by keys: from place to place, what the run says of each, its stays, and back from there', async () => {
  const { page, problems } = await opened('/#scenario=two-kernels&step=60000');
  const session = Session.open({ scenario: 'two-kernels' });
  const told = (n: number, vm: number, ring: Ring) => {
    session.seek(n);
    return stayWords(session.stays({ vm, ring })).join('. ');
  };
  await page.getByTestId('cells').focus();
  expect(await active(page)).toMatch(/^VM 1, ring 3\. count, hello/);
  await expect.poll(() => active(page)).toContain(told(60_000, 1, '3'));
  for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown']) await page.keyboard.press(key);
  await expect.poll(() => active(page)).toMatch(/^VM 1, ring 0\. kernel\. left at step/);
  expect(await active(page)).toContain(told(60_000, 1, '0'));
  expect(await page.locator('.cells-tip').innerText()).toBe((await active(page)).replaceAll('. ', '\n'));
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => active(page)).toContain(told(60_000, 2, '0'));
  await page.keyboard.press('ArrowDown');
  await expect.poll(() => active(page)).toContain(told(60_000, 0, 'm'));

  await page.keyboard.press('Enter');
  const list = page.getByRole('dialog', { name: 'hypervisor, ring −1' });
  await list.getByRole('button').first().waitFor();
  expect(await focusIn(page, '[data-testid=stays] button')).toBe(true);
  expect(await violations(page)).toEqual([]);
  session.seek(60_000);
  const before = session.stays({ vm: 0, ring: 'm' }).before[0]!;
  const said = `from step ${before.from.toLocaleString('en')}to ${before.to!.toLocaleString('en')}steps ${before.to! - before.from}by ${before.by}`;
  expect(await page.evaluate(() => document.activeElement!.textContent)).toBe(said);
  await page.keyboard.press('Escape');
  await list.waitFor({ state: 'detached' });
  expect(await focusIn(page, '.cells')).toBe(true);
  expect(await step(page)).toBe(60_000);

  await page.keyboard.press('Enter');
  await list.getByRole('button').first().waitFor();
  await page.keyboard.press('Enter');
  await expect.poll(() => step(page)).toBe(before.from);
  expect(await focusIn(page, '.cells')).toBe(true);
  await expect.poll(() => active(page)).toContain(told(before.from, 0, 'm'));
  await page.keyboard.press('ArrowUp');
  await expect.poll(() => active(page)).toContain(told(before.from, 2, '0'));
  expect(await violations(page)).toEqual([]);
  expect(problems).toEqual([]);
  await page.context().close();
}, 90_000);

test('a crossing, its row, its tick and its exit are one selection, which moves no time', async () => {
  const { page, problems } = await opened('/#scenario=first-exit&step=622');
  await page.locator('.xt').first().waitFor({ state: 'attached' });
  const selected = () =>
    page.evaluate(() => ({
      crossings: [...document.querySelectorAll('.hit.selected')].map((hit) => Number(hit.getAttribute('data-n'))),
      rows: [...document.querySelectorAll('.row.event [aria-pressed=true]')].map((row) => row.textContent),
      ticks: document.querySelectorAll('.xt.selected').length,
      exits: [...document.querySelectorAll('.latest [aria-pressed=true]')].map((exit) => exit.getAttribute('aria-label')),
    }));
  const center = (of: string, k: number) =>
    page
      .locator(of)
      .nth(k)
      .evaluate((element) => {
        const box = element.getBoundingClientRect();
        return [box.left + box.width / 2, box.top + box.height / 2] as const;
      });
  const exits = await page.locator('.hit').evaluateAll((hits) => hits.map((hit) => Number(hit.getAttribute('data-n'))));
  const k = exits.indexOf(613);
  expect(k).toBeGreaterThanOrEqual(0);
  const nothing = await selected();
  expect(nothing).toMatchObject({ crossings: [], rows: [], ticks: 0 });

  await page.mouse.move(...(await center('.hit', k)));
  const all = { crossings: [613], rows: ['VM exit → hypervisor, ring −1'], ticks: 1, exits: [expect.stringMatching(/^28 /)] };
  await expect.poll(selected).toEqual(all);
  await page.mouse.move(5, 5);
  await expect.poll(selected).toEqual(nothing);

  await page.getByRole('button', { name: 'VM exit → hypervisor, ring −1' }).last().click();
  await page.mouse.move(5, 5);
  await expect.poll(selected).toEqual(all);
  await page.locator('.latest [aria-pressed=true]').click();
  await page.mouse.move(5, 5);
  await expect.poll(selected).toMatchObject({ crossings: [], ticks: 0 });
  await page.locator('.latest button').last().click();
  await expect.poll(selected).toEqual(all);
  await page.locator('.latest button').last().click();

  const [x, y] = await center('.xt', (await page.locator('.xt').count()) - 1);
  await page.mouse.move(x, y + 4);
  await expect.poll(selected).toEqual(all);
  expect(await step(page)).toBe(622);

  await page.mouse.click(...(await center('.hit', k)));
  await expect.poll(() => step(page)).toBe(613);
  expect(problems).toEqual([]);
  await page.context().close();
}, 90_000);

test('in a question Enter on a ring answers; its list of stays keeps what comes to itself', async () => {
  const { page, problems } = await opened('/#lesson=who-owns-cr3&page=3');
  const question = page.getByTestId('predict');
  await question.getByRole('radio').first().waitFor();
  await page.getByTestId('cells').focus();
  for (let down = 0; down < 5; down++) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect.poll(() => question.getByRole('radio', { name: 'The hypervisor' }).isChecked()).toBe(true);
  await expect.poll(() => active(page)).toContain('Your answer: The hypervisor.');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Enter');
  await page.getByTestId('stays').getByRole('button').first().waitFor();
  expect(await page.locator('[data-when=next]').count()).toBe(0);
  await page.keyboard.press('Escape');

  await page.getByTestId('cells').evaluate((list) => (list as HTMLElement).blur());
  const box = (await page.locator('.rings-box').boundingBox())!;
  await page.mouse.click(box.x + box.width / 2 + 0.56 * (box.height / 2 - 8), box.y + box.height / 2 + 2);
  await expect.poll(() => question.getByRole('radio', { name: 'kernel goes on' }).isChecked()).toBe(true);
  expect(problems).toEqual([]);
  await page.context().close();
}, 90_000);

test('while the machine runs at speed nothing is asked about a place, and then it is right again', async () => {
  const { page, problems } = await opened('/#scenario=two-kernels&step=20481');
  const asked = () => page.evaluate(() => (globalThis as unknown as { asked: boolean[] }).asked);
  await page.getByRole('slider', { name: 'Speed' }).focus();
  await page.keyboard.press('End');
  await page.getByTestId('cells').focus();
  await page.keyboard.press('ArrowDown');
  await expect.poll(() => active(page)).toMatch(/steps here so far|in all so far/);
  const before = (await asked()).length;
  await page.keyboard.press('Space');
  await page.waitForFunction(
    () =>
      document.querySelector('button[aria-label="Run"]')?.ariaPressed === 'true' || Number(document.documentElement.dataset.step) > 100_000,
  );
  await expect.poll(() => step(page), { timeout: 20_000 }).toBeGreaterThan(100_000);
  if (await page.locator('button[aria-label="Run"][aria-pressed="true"]').isVisible()) await page.keyboard.press('Space');
  await page.waitForSelector('button[aria-label="Run"][aria-pressed="false"]');
  await expect.poll(async () => (await asked()).length).toBeGreaterThan(before);
  expect((await asked()).slice(before)).not.toContain(true);
  await expect.poll(() => active(page)).toMatch(/so far/);
  expect(problems).toEqual([]);
  await page.context().close();
}, 90_000);

test('an embed has the same, and loads it when a reader comes to the rings', async () => {
  const { page, problems } = await opened('/embed/#scenario=first-exit&step=608', { viewport: { width: 720, height: 420 } });
  const files: string[] = [];
  page.on('request', (request) => files.push(new URL(request.url()).pathname));
  await page.getByRole('button', { name: 'Step', exact: true }).click();
  await expect.poll(() => step(page)).toBe(609);
  expect(files).toEqual([]);
  await page.getByRole('button', { name: 'Places in the rings' }).focus();
  await page.getByTestId('cells').waitFor();
  await expect.poll(() => active(page)).toMatch(/^VM 1, ring 0\. kernel\. here since step 600, cycle/);
  expect(await focusIn(page, '.cells')).toBe(true);
  await page.keyboard.press('Enter');
  await page.getByTestId('stays').getByRole('button', { name: 'from step 600 to now steps 9 by int 80h' }).waitFor();
  expect(await violations(page)).toEqual([]);
  expect(problems).toEqual([]);
  await page.context().close();
}, 90_000);
