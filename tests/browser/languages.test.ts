import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BrowserSite, openSite } from '../support/browser.ts';
import { addFrame, HOST_PAGE } from '../support/embed-host.ts';

let site: BrowserSite;

beforeAll(async () => {
  site = await openSite();
});

afterAll(() => site?.close());

const ready = (page: Page) => page.waitForSelector('html[data-ready]', { timeout: 30_000 });
const language = (page: Page) => page.evaluate(() => document.documentElement.lang);
const chooser = (page: Page) => page.locator('.language select');
const step = (page: Page) => page.evaluate(() => Number(document.documentElement.dataset.step));

describe('the language of the page', () => {
  test('is the link’s, and stays in it', async () => {
    const { page, problems } = await site.open('/#scenario=first-exit&step=612&lang=de');
    await ready(page);
    expect(await language(page)).toBe('de');
    expect(await chooser(page).getAttribute('aria-label')).toBe('Sprache (language)');
    await page.keyboard.press('ArrowRight');
    await page.waitForFunction(() => location.hash === '#scenario=first-exit&vmm=vtx&step=613&lang=de');
    expect(problems).toEqual([]);
    await page.context().close();
  });

  test('is the browser’s where the link says nothing, English where there is none of the browser’s', async () => {
    for (const [locale, expected] of [
      ['de-AT', 'de'],
      ['fi-FI', 'en'],
    ] as const) {
      const { page } = await site.open('/#scenario=first-exit', { locale });
      await ready(page);
      expect(await language(page)).toBe(expected);
      await page.context().close();
    }
  });

  test('can be chosen: the place is kept, and so is the choice', async () => {
    const { page, problems } = await site.open('/#scenario=first-exit&step=612&lang=en');
    await ready(page);
    await page.keyboard.press('ArrowRight');
    await page.waitForSelector('html[data-step="613"]');
    await chooser(page).selectOption('de');
    await page.waitForSelector('html[lang="de"][data-ready]');
    expect(await step(page)).toBe(613);
    expect(await page.evaluate(() => location.hash)).toBe('#scenario=first-exit&vmm=vtx&step=613');
    await page.goto(`${site.origin}/#scenario=two-kernels`);
    await page.reload();
    await ready(page);
    expect(await language(page)).toBe('de');
    expect(problems).toEqual([]);
    await page.context().close();
  });

  test('the one file has it, too', async () => {
    const context = await site.browser.newContext();
    const page = await context.newPage();
    const file = fileURLToPath(new URL('../../dist/ringminusone.html', import.meta.url));
    await page.goto(`${pathToFileURL(file).href}#scenario=first-exit&lang=de`);
    await ready(page);
    expect(await chooser(page).getAttribute('aria-label')).toBe('Sprache (language)');
    await context.close();
  });
});

describe('the language of a frame', () => {
  test('is what its address says, and no reader’s; English loads no messages', async () => {
    const { page, problems } = await site.open('/scenarios/', { locale: 'de-DE' });
    await page.setContent(HOST_PAGE);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await addFrame(page, `${site.origin}/embed/#scenario=first-exit`);
    const english = await (await page.waitForSelector('iframe')).contentFrame();
    await english?.waitForSelector('html[data-ready][lang="en"]');
    expect(asked.filter((path) => path.includes('messages'))).toEqual([]);
    await page.evaluate(() => document.querySelector('iframe')?.remove());
    await addFrame(page, `${site.origin}/embed/#scenario=first-exit&lang=de`, { sandbox: 'allow-scripts' });
    const german = await (await page.waitForSelector('iframe')).contentFrame();
    await german?.waitForSelector('html[data-ready][lang="de"]');
    expect(asked.filter((path) => path.includes('messages'))).toEqual(['/messages/de.js']);
    expect(problems).toEqual([]);
    await page.context().close();
  });

  test('of an element is that of the page around it', async () => {
    const { page } = await site.open('/scenarios/');
    await page.setContent(
      `<html lang="de"><script src="${site.origin}/ringminusone.js"></script><ring-minus-one scenario="first-exit"></ring-minus-one>`,
    );
    const frame = page.frameLocator('iframe');
    await frame.locator('html[data-ready][lang="de"]').waitFor();
    await page.evaluate(() => document.querySelector('ring-minus-one')?.setAttribute('lang', 'en'));
    await frame.locator('html[data-ready][lang="en"]').waitFor();
    await page.context().close();
  });
});
