import { afterAll, beforeAll, expect, test } from 'vitest';
import { violations } from '../support/axe.ts';
import { type BrowserSite, openSite } from '../support/browser.ts';

let site: BrowserSite;

beforeAll(async () => {
  site = await openSite();
});

afterAll(() => site?.close());

test('the lab runs in the page, is searched by keyboard, and opens an experiment on the stage', async () => {
  const { page, problems } = await site.open('/', { reducedMotion: 'reduce', viewport: { width: 1280, height: 800 } });
  await page.waitForSelector('html[data-ready]', { timeout: 60_000 });
  await page.getByRole('button', { name: 'Lab', exact: true }).click();
  const lab = page.getByRole('dialog', { name: 'The lab' });
  const search = lab.getByRole('searchbox');
  await search.waitFor();
  await expect.poll(() => search.evaluate((element) => element === document.activeElement)).toBe(true);
  await page.keyboard.type('popfd');
  const popfd = lab.getByRole('button', { name: 'POPFD 9D' });
  await popfd.waitFor({ timeout: 120_000 });
  expect(await lab.getByRole('row', { name: 'POPFD' }).textContent()).toContain('control-sensitive');

  await popfd.focus();
  await page.keyboard.press('Enter');
  expect(await popfd.getAttribute('aria-expanded')).toBe('true');
  await lab.getByText('rings 0 and 3 differ in more than the ring: IF 1 → 0').waitFor();
  expect(await violations(page)).toEqual([]);

  await search.fill('');
  await lab.getByRole('radio', { name: 'Privileged', exact: false }).last().check();
  await lab.getByText(/\d+ rows of the table, run now, in this page/).waitFor({ timeout: 240_000 });
  await lab.getByRole('button', { name: 'HLT F4' }).waitFor();
  expect(await lab.getByRole('button', { name: 'POPFD 9D' }).count()).toBe(0);
  await lab.getByLabel('Processor').selectOption('phenom');
  await lab.getByText('AMD-V, every intercept on').waitFor();
  await search.fill('hlt');
  await lab.getByRole('button', { name: 'HLT F4' }).click();
  await lab.getByRole('button', { name: 'Run it again' }).click();
  await lab.getByRole('button', { name: 'Open on the stage: trap CPL' }).click();
  await lab.waitFor({ state: 'hidden' });
  await page.getByTestId('stream').getByText('experiment:').waitFor({ timeout: 30_000 });
  await expect.poll(() => page.evaluate(() => location.hash), { timeout: 10_000 }).toMatch(/^#v=1&s=.*&step=\d+$/);
  expect(problems).toEqual([]);
}, 400_000);

test('what each technique costs, counted in the page, beside the paper', async () => {
  const { page, problems } = await site.open('/', { reducedMotion: 'reduce', viewport: { width: 1280, height: 800 } });
  await page.waitForSelector('html[data-ready]', { timeout: 60_000 });
  await page.getByRole('button', { name: 'Lab', exact: true }).click();
  const lab = page.getByRole('dialog', { name: 'The lab' });
  await lab.getByRole('radio', { name: 'Costs' }).check({ force: true });
  await lab.getByRole('status').getByText('Measuring').waitFor();
  const writes = lab.getByRole('table', { name: /Page-table write/ });
  await writes.waitFor({ timeout: 180_000 });
  expect(await writes.getByRole('row', { name: /VT-x, shadow tables kept and traced/ }).textContent()).toContain('paper: 12,733');
  const same = lab.getByRole('table', { name: /The same guest, 10 ways/ });
  expect(await same.getByRole('row', { name: /Bare metal/ }).textContent()).toMatch(/ring 3.*ring 0.*1\.00×$/);
  expect(await same.getByRole('row', { name: /VT-x, shadow tables as a TLB/ }).textContent()).toMatch(/ring 3.*ring 0.*ring −1.*\d×$/);
  await writes
    .getByRole('row', { name: /VT-x, shadow tables kept and traced/ })
    .getByRole('button')
    .first()
    .press('Enter');
  await page
    .locator('.note:popover-open')
    .getByText(/^program \d.*, monitor \d/)
    .waitFor();
  await page.keyboard.press('Escape');
  expect(await lab.getByText('not so', { exact: true }).count()).toBe(0);
  expect(await lab.getByText('so it is', { exact: true }).count()).toBeGreaterThan(15);
  expect(await violations(page)).toEqual([]);
  expect(problems).toEqual([]);
  await page.context().close();
});
