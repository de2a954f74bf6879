import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseLink, printLink } from '../../src/web/app/link.ts';
import { type BrowserSite, openSite } from '../support/browser.ts';
import { scratch } from '../support/rm1.ts';

let site: BrowserSite;

beforeAll(async () => {
  site = await openSite();
});

afterAll(() => site?.close());

type Page = Awaited<ReturnType<BrowserSite['open']>>['page'];

const at = (page: Page, step: number) => page.waitForSelector(`html[data-step="${step}"]`);
const hashOf = (page: Page) => page.locator('html').getAttribute('data-hash');

async function openFile(page: Page, path: string): Promise<void> {
  await page.getByRole('button', { name: 'Lessons' }).click();
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByRole('button', { name: 'Open a file' }).click()]);
  await chooser.setFiles(path);
}

const LESSON = (() => {
  const text = readFileSync(new URL('../../docs/lessons.md', import.meta.url), 'utf8');
  const lines = text.slice(text.search(/^ {4}---\n {4}title: Who may halt/m)).split('\n');
  return lines
    .slice(
      0,
      lines.findIndex((line) => line !== '' && !line.startsWith('    ')),
    )
    .map((line) => line.slice(4))
    .join('\n');
})();

test('a scenario that is saved opens again at the same step of the same machine, in the page and in a frame', async () => {
  const { page, problems } = await site.open('/#scenario=first-exit&step=300&hash=1');
  await at(page, 300);
  const before = await hashOf(page);
  await page.getByRole('button', { name: 'Share' }).click();
  await page.getByLabel('Title', { exact: true }).fill('Mine, <b>bold</b>');
  await page.getByLabel('Frames allow').selectOption('step');
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save as scenario' }).click()]);
  expect(download.suggestedFilename()).toBe('mine-b-bold-b.scenario.json');
  const path = await download.path();
  const text = readFileSync(path, 'utf8');
  expect(JSON.parse(text)).toMatchObject({ title: 'Mine, <b>bold</b>', scenario: 'first-exit', start: { step: 300 }, controls: 'step' });
  await page.keyboard.press('Escape');
  await page.goto(`${site.origin}/#scenario=rings&hash=1`);
  await page.waitForFunction((old) => document.documentElement.dataset.hash !== old, before);
  const file = `${scratch().folder}/mine.scenario.json`;
  writeFileSync(file, text);
  await openFile(page, file);
  await at(page, 300);
  expect(await hashOf(page)).toBe(before);
  expect(problems).toEqual([]);
  const packed = printLink({ file: { name: 'mine.scenario.json', text }, hash: true });
  await page.goto(`${site.origin}/embed/${packed}`);
  await at(page, 300);
  expect(await hashOf(page)).toBe(before);
  expect(await page.getByRole('button', { name: 'Run', exact: true }).count()).toBe(0);
  await page.context().close();
});

test('a lesson opens from a file, its link has it inside, and one with a mistake tells it and leaves the stage as it is', async () => {
  const { folder } = scratch();
  writeFileSync(`${folder}/my-lesson.md`, LESSON);
  writeFileSync(`${folder}/bad.md`, LESSON.replace('*anything*', '<img src=x onerror=alert(1)>'));
  const { page, problems } = await site.open('/#scenario=rings&step=3');
  await at(page, 3);
  await openFile(page, `${folder}/bad.md`);
  await page.getByText('bad.md, line 11: text is emphasis, strong, code and links; found html').waitFor();
  expect(await page.locator('html').getAttribute('data-step')).toBe('3');
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await openFile(page, `${folder}/my-lesson.md`);
  await at(page, 2);
  expect(await page.getByTestId('lesson').textContent()).toContain('this program may do anything');
  await page.getByRole('button', { name: 'Next page' }).click();
  await page.waitForFunction(() => location.hash.endsWith('&page=2'));
  const link = parseLink(new URL(page.url()).hash);
  expect(link).toMatchObject({ ok: true, link: { file: { name: 'my-lesson.md', text: LESSON }, page: 2 } });
  const other = await site.open(`/${new URL(page.url()).hash}`);
  await other.page.getByRole('heading', { name: 'And that was all' }).waitFor();
  expect([...problems, ...other.problems]).toEqual([]);
  await page.context().close();
  await other.page.context().close();
});

test('a link with changes and keys shows them as its own, as text, and they can be undone', async () => {
  const { page, problems } = await site.open('/#scenario=first-exit&step=0');
  await at(page, 0);
  await page.getByRole('button', { name: 'Source' }).first().click();
  await page.getByLabel('File').selectOption('first-exit/guest.inc');
  await page.locator('.cm-content').click();
  await page.keyboard.press('Control+Home');
  await page.keyboard.type('; <img src=x onerror=alert(1)>\n');
  await page.getByRole('button', { name: 'Assemble and start' }).click();
  await page.waitForFunction(() => location.hash.includes('s='));
  const { hash } = new URL(page.url());
  expect(parseLink(hash)).toMatchObject({
    ok: true,
    link: { scenario: 'first-exit', vmm: 'vtx', edits: [{ path: 'first-exit/guest.inc' }] },
  });
  expect(await page.getByTestId('linked').count()).toBe(0);
  await page.reload();
  await page.getByTestId('linked').getByText('Changed here, earlier: guest.inc, 1 line').waitFor();
  const other = await site.open(`/${hash}`);
  const linked = other.page.getByTestId('linked');
  await linked.getByText('Changed by this link: guest.inc, 1 line').click();
  expect(await linked.textContent()).toContain('+ ; <img src=x onerror=alert(1)>');
  expect(await other.page.locator('img').count()).toBe(0);
  await linked.getByRole('button', { name: 'Undo' }).click();
  await linked.waitFor({ state: 'detached' });
  await other.page.waitForFunction(() => location.hash.startsWith('#scenario=first-exit'));
  expect([...problems, ...other.problems]).toEqual([]);
  await page.context().close();
  await other.page.context().close();
});

test('files beside the page: a scenario in a frame, a lesson in the page, and what is not there is told', async () => {
  const { page } = await site.open('/#scenario=./schema/scenario.v1.json');
  await page.locator('.damaged .details').getByText('scenario.v1.json, line 1: “format” is missing').waitFor();
  await page.goto(`${site.origin}/embed/#scenario=./nothing/here.json`);
  await page.getByText('which cannot be read: the site answered 404').waitFor();
  await page.goto(`${site.origin}/#lesson=./nothing/here.md`);
  await page.getByText('This link is for the file ./nothing/here.md').waitFor();
  await page.context().close();
});
