import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BrowserSite, openSite } from '../support/browser.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
let site: BrowserSite;

beforeAll(async () => {
  site = await openSite();
});

afterAll(() => site?.close());

async function saved(page: Page, name: string): Promise<{ name: string; bytes: Buffer }> {
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name }).click()]);
  return { name: download.suggestedFilename(), bytes: readFileSync((await download.path())!) };
}

test('the dialog gives the link, code for other pages, and the pictures that rm1 figure draws', async () => {
  const { page, problems } = await site.open('/#scenario=first-exit&step=613');
  await page.waitForSelector('html[data-ready]');
  await page.getByRole('button', { name: 'Share' }).click();
  const link = await page.getByRole('textbox', { name: 'Link', exact: true }).inputValue();
  expect(link).toBe(`${site.origin}/#scenario=first-exit&vmm=vtx&step=613`);
  await page.getByRole('combobox', { name: 'As', exact: true }).selectOption({ label: 'Frame (HTML)' });
  expect(await page.getByRole('textbox', { name: 'Frame (HTML)' }).inputValue()).toContain('<iframe title="One VM exit, whole, step 613"');

  const rm1 = (...args: string[]) =>
    execFileSync(process.execPath, ['bin/rm1.mjs', 'figure', 'first-exit', '--base', `${site.origin}/`, ...args], {
      cwd: root,
      encoding: 'utf8',
    });
  const svg = await saved(page, 'Save SVG');
  expect(svg.name).toBe('first-exit-613.svg');
  expect(svg.bytes.toString()).toBe(rm1('--step', '613'));
  const png = await saved(page, 'Save PNG');
  expect(png.bytes.subarray(1, 4).toString()).toBe('PNG');
  expect(png.bytes.readUInt32BE(16)).toBe(2 * Number(/width="(\d+)"/.exec(svg.bytes.toString())![1]));
  await page.getByRole('textbox', { name: 'Steps' }).fill('612, 613');
  expect((await saved(page, 'Save strip')).bytes.toString()).toBe(rm1('--strip', '612,613'));
  expect((await saved(page, 'Save animation')).bytes.toString()).toBe(rm1('--animate', '612,613'));
  await page.getByRole('textbox', { name: 'Steps' }).fill('612, 99999999');
  await page.getByRole('button', { name: 'Save strip' }).click();
  await page.getByText('This run has no step 99999999').waitFor();
  await page.keyboard.press('Escape');
  expect(await page.evaluate(() => document.documentElement.dataset.step)).toBe('613');
  expect(problems).toEqual([]);
  await page.context().close();
});
