import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { violations } from '../support/axe.ts';
import { type BrowserSite, openSite } from '../support/browser.ts';

let site: BrowserSite;

beforeAll(async () => {
  site = await openSite();
});

afterAll(() => site?.close());

/** Selects the line that has this text, by keyboard, and writes another in its place. */
async function replaceLine(page: Page, text: string, by: string): Promise<void> {
  await page.locator('.cm-line', { hasText: text }).first().click();
  await page.keyboard.press('Home');
  await page.keyboard.press('Shift+End');
  await page.keyboard.type(by);
}

test('a kernel is changed in the page: an error is told at its line, the mended text runs, and everything can be undone', async () => {
  const { page, problems } = await site.open('/#scenario=first-exit', { reducedMotion: 'reduce', viewport: { width: 1440, height: 900 } });
  await page.waitForSelector('html[data-ready]', { timeout: 30_000 });
  await page.getByRole('button', { name: 'source', exact: true }).click();
  const source = page.getByTestId('source');
  await source.locator('.cm-content').waitFor();
  expect(await source.getByRole('combobox', { name: 'File' }).inputValue()).toBe('first-exit/guest.inc');
  expect(await source.locator('.cm-line.cm-here').textContent()).toContain('xor');

  await replaceLine(page, '; park its stack', 'moov [eax+TASK.esp], esp');
  await page.keyboard.press('Control+Enter');
  const message = source.locator('.cm-message');
  await message.waitFor();
  expect(await message.textContent()).toContain('did you mean mov');
  expect(await source.textContent()).toContain('the machine beside is the last that assembled');
  expect(await page.getByTestId('stream').textContent()).toContain('park its stack');
  expect(await violations(page)).toEqual([]);

  await replaceLine(page, 'moov', '\tmov [eax+TASK.esp], esp ; here it is parked');
  await page.keyboard.press('Control+Enter');
  await page.getByTestId('stream').getByText('here it is parked').waitFor();
  expect(await source.textContent()).toContain('This machine runs your version');
  await page.waitForFunction(() => location.hash.startsWith('#v=1&s='));

  await page.getByRole('button', { name: 'Share', exact: true }).click();
  expect(await page.locator('dialog.share').textContent()).toContain('sees the same machine at the same step');
  expect(await page.locator('dialog.share textarea').first().inputValue()).toContain(await page.evaluate(() => location.hash));
  await page.keyboard.press('Escape');

  await source.getByRole('button', { name: 'undo all changes' }).click();
  await page.getByTestId('stream').getByText('park its stack').waitFor();
  await source.getByRole('button', { name: 'close', exact: true }).click();
  await page.getByTestId('timeline').waitFor();
  expect(problems).toEqual([]);
  await page.context().close();
});

test('what a port changed: old lines beside new ones, with the reason, and nothing for axe to find', async () => {
  const { page, problems } = await site.open('/#scenario=one-system&vmm=para&step=31900', {
    reducedMotion: 'reduce',
    viewport: { width: 1440, height: 900 },
  });
  await page.waitForSelector('html[data-ready]', { timeout: 30_000 });
  await page.getByRole('button', { name: 'source', exact: true }).click();
  await page.getByRole('button', { name: 'what the port changed' }).click();
  const port = page.getByTestId('port');
  expect(await port.textContent()).toMatch(/\d+ of \d+ lines of code are new, in place of \d+/);
  await port.getByRole('button', { name: 'process.inc' }).click();
  const change = port.locator('.port-change', { hasText: 'CR3 is ring 0' });
  const [before, now] = await change.locator('pre').allTextContents();
  expect(before).toContain('cr3, eax');
  expect(now).toContain('HYPER_CR3');
  expect(await port.getByRole('button', { name: 'files.inc' }).count()).toBe(0);
  expect(await violations(page)).toEqual([]);
  await port.getByRole('button', { name: 'Close' }).click();
  expect(problems).toEqual([]);
  await page.context().close();
});
