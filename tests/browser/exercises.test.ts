/** What a lesson asks the reader to change and to write, done in the page. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findLesson } from '../../src/lessons/catalog.ts';
import { violations } from '../support/axe.ts';
import { type BrowserSite, openSite } from '../support/browser.ts';
import { solutionOf } from '../support/solutions.ts';

let site: BrowserSite;

beforeAll(async () => {
  site = await openSite();
});

afterAll(() => site?.close());

const pageWith = (what: 'change' | 'build'): number => findLesson('first-exit')!.pages.findIndex((page) => page[what] !== null) + 1;

test('a change is made, its question asked on the changed machine, and taken back', async () => {
  const { page, problems } = await site.open(`/#lesson=first-exit&page=${pageWith('change')}`, {
    reducedMotion: 'reduce',
    viewport: { width: 1440, height: 900 },
  });
  const task = page.getByTestId('change');
  await task.getByRole('button', { name: 'Make this change' }).click();
  await task.getByText('This machine runs the changed lines').waitFor();
  await page
    .getByTestId('predict')
    .getByRole('button', { name: /Just show me/ })
    .click();
  await page.getByTestId('stream').getByText('mov cr3, eax').last().waitFor();
  expect(await violations(page)).toEqual([]);
  await task.getByRole('button', { name: 'undo the change' }).click();
  await task.getByRole('button', { name: 'Make this change' }).waitFor();
  await page.getByRole('button', { name: 'Previous page' }).click();
  await page.getByTestId('lesson').getByRole('heading', { name: 'It cannot tell' }).waitFor();
  expect(problems).toEqual([]);
  await page.context().close();
});

test('lines left out of a monitor are written in its own source, and can be taken out again', async () => {
  const number = findLesson('what-it-costs')!.pages.findIndex(({ build }) => build !== null) + 1;
  const { page, problems } = await site.open(`/#lesson=what-it-costs&page=${number}`, {
    reducedMotion: 'reduce',
    viewport: { width: 1440, height: 900 },
  });
  await page.getByTestId('build').getByRole('button', { name: 'Write it' }).click();
  const source = page.getByTestId('source');
  const missing = source.locator('.cm-line', { hasText: 'write this' });
  await missing.click();
  await page.keyboard.press('Home');
  await page.keyboard.press('Home');
  await page.keyboard.press('Shift+End');
  await page.keyboard.insertText('dd CR3_TARGET_COUNT, 2, CR3_TARGET_0, count_directory, CR3_TARGET_1, hello_directory');
  await source.getByRole('button', { name: 'Check', exact: true }).click();
  await source.getByText('All checks passed').waitFor();
  await source.getByRole('button', { name: 'undo all changes' }).click();
  await missing.waitFor();
  expect(await source.locator('select').inputValue()).toBe('first-exit/monitor.inc');
  expect(problems).toEqual([]);
  await page.context().close();
});

test('an exercise is begun, fails its checks, is written, and passes', async () => {
  const { page, problems } = await site.open(`/#lesson=first-exit&page=${pageWith('build')}`, {
    reducedMotion: 'reduce',
    viewport: { width: 1440, height: 900 },
  });
  await page.getByTestId('build').getByRole('button', { name: 'Write it' }).click();
  const source = page.getByTestId('source');
  await source.locator('.cm-content').waitFor();
  const check = source.getByRole('button', { name: 'Check', exact: true });
  await check.click();
  await source.getByText('not yet').first().waitFor();
  expect(await violations(page)).toEqual([]);

  await source.locator('.cm-content').focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText('moov eax, 1\n');
  await check.click();
  await source.getByText('It does not assemble yet').waitFor();

  await source.locator('.cm-content').focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText(solutionOf('answer-cpuid'));
  await check.click();
  await source.getByText('All checks passed').waitFor();
  expect(problems).toEqual([]);
  await page.context().close();
});
