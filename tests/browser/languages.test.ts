import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import german from '../../src/messages/de.ts';
import { type BrowserSite, openSite } from '../support/browser.ts';
import { addFrame, HOST_PAGE } from '../support/embed-host.ts';
import { misplaced } from '../support/misplaced.ts';

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

/** Letters of German messages as fullwidth ones, so that what is left of the usual ones was not said in a language. */
const wide = (message: string): string => message.replace(/[A-Za-z]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0xfee0));
const pseudo = Object.fromEntries(Object.entries(german).map(([text, message]) => [text, wide(message)]));

/** Words of our English, as the messages know them; what the page shows besides is code and names. */
const english = [...new Set(Object.keys(german).flatMap((text) => text.replace(/\{\d\}/g, '').match(/[A-Za-z]*[a-z]{2,}/g) ?? []))];

/** Of a program or of the manuals, or of the lessons, which say themselves that they are English: docs/languages.md says what stays so. */
const NAMES = [
  'code, kbd, pre, textarea, [lang]:not(html), .editor, h1, .image',
  // The stream: instructions, labels, comments and purposes of the source, names of files.
  '.row .s, .row .c, .row.label, .row.goal, .row.header .n, .row .o, .a, .b, .made, .at, .unit s, .sub, .source-head select',
  // Names of programs and of crossings in the rings, names of fields and controls of the VMCS, of registers.
  'textPath, .tag, .block-name, .block-meaning, .exit-info, .bit dd, .console-paper, .costs-key',
  '.lesson-facts p, .change-path',
].join(', ');

/** Where a sentence has a stretch of code, a name or a comment of a source as its value. */
const WITH_VALUES =
  '.narration, .predict-why, .damaged h2, .row.header, .row.event, .row.fold, .why h2, .why li, .rings-box, .rm-walk, .walk-formed';

/** Words of English that are to be seen or heard, each with where. */
function leftOver(page: Page): Promise<string[]> {
  return page.evaluate(
    ([names, withValues, words]) => {
      const known = new Set(words);
      const out = new Set<string>();
      const check = (text: string, element: Element) => {
        if (/^[\w.-]+\.(inc|asm)(:\d+)?$/.test(text.trim())) return;
        if (/[\uff21-\uff5a]/.test(text) && element.closest(withValues)) return;
        const found = (text.match(/[A-Za-z]+/g) ?? []).filter((word) => known.has(word));
        if (found.length > 0) out.add(`${element.tagName} ${element.getAttribute('class') ?? ''}: ${text.trim()}`);
      };
      const shown = (element: Element) => element.checkVisibility() && !element.closest(names);
      const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      while (texts.nextNode()) {
        const { parentElement } = texts.currentNode;
        if (parentElement && shown(parentElement)) check(texts.currentNode.nodeValue ?? '', parentElement);
      }
      for (const name of ['aria-label', 'title', 'placeholder', 'aria-valuetext', 'alt'])
        for (const element of document.querySelectorAll(`[${name}]`)) if (shown(element)) check(element.getAttribute(name) ?? '', element);
      return [...out];
    },
    [NAMES, WITH_VALUES, english] as const,
  );
}

interface Scene {
  readonly name: string;
  readonly hash: string;
  /** What is opened there, step by step, each looked through. */
  readonly acts?: readonly ((page: Page) => Promise<unknown>)[];
}

const button = (page: Page, text: string) => page.getByRole('button', { name: pseudo[text]!, exact: true }).first();
const press = (text: string) => (page: Page) => button(page, text).click();

const scenes: readonly Scene[] = [
  { name: 'two kernels', hash: '#scenario=two-kernels&step=20481', acts: [press('Keys'), press('Close'), press('VMCS')] },
  { name: 'bare metal', hash: '#scenario=two-kernels&vmm=none&step=9000' },
  { name: 'translation', hash: '#scenario=two-kernels&vmm=translate&step=30000', acts: [press('Translation')] },
  {
    name: 'an exit',
    hash: '#scenario=first-exit&step=613',
    acts: [
      press('Why?'),
      press('Close'),
      press('Share'),
      (page) => page.locator('.share-kind select').selectOption('moodle'),
      press('Close'),
      press('stops'),
      press('Watch'),
      press('source'),
    ],
  },
  {
    name: 'the lab',
    hash: '#scenario=first-exit',
    acts: [press('Lab'), (page) => page.getByRole('radio', { name: pseudo['Costs']! }).click(), press('Close'), press('Lessons')],
  },
  { name: 'a lesson', hash: '#lesson=who-owns-cr3', acts: [press('Next page')] },
  {
    name: 'a question',
    hash: '#scenario=first-exit&step=612',
    acts: [(page) => page.locator('.predict-switch input').check(), press('Step'), press('Back')],
  },
  { name: 'a damaged link', hash: '#scenario=first-exit&step=x' },
];

describe('in a language with letters of its own', () => {
  test.each(scenes)('nothing that is to be seen or heard is English: $name', async ({ hash, acts = [] }) => {
    const context = await site.browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce', locale: 'de-DE' });
    const page = await context.newPage();
    await page.route(/assets\/de-.*\.js$/, (route) =>
      route.fulfill({ contentType: 'text/javascript', body: `export default ${JSON.stringify(pseudo)}` }),
    );
    await page.goto(`${site.origin}/${hash}`);
    await page.waitForSelector('html[data-ready], .damaged button', { timeout: 30_000 });
    expect(await leftOver(page)).toEqual([]);
    for (const act of acts) {
      await act(page);
      await page.waitForTimeout(500);
      expect(await leftOver(page)).toEqual([]);
    }
    await context.close();
  });
});

test('a frame with letters of its own has nothing English in any of its panels', async () => {
  const panels = 'text,rings,code,regs,exits,walk,vmcs,timeline,console';
  const context = await site.browser.newContext({ viewport: { width: 900, height: 900 }, reducedMotion: 'reduce' });
  const page = await context.newPage();
  await page.route(/messages\/de\.js$/, (route) =>
    route.fulfill({ contentType: 'text/javascript', body: `self.rm1Messages=${JSON.stringify(pseudo)}` }),
  );
  await page.goto(`${site.origin}/embed/#scenario=first-exit&step=613&lang=de&controls=full&panels=${panels}`);
  await ready(page);
  await page.waitForSelector('[data-testid="vmcs"]');
  expect(await leftOver(page)).toEqual([]);
  await context.close();
});

describe('in German', () => {
  test.each([
    [1440, 900],
    [375, 812],
    [320, 640],
  ])('%i x %i: nothing overlaps, is too small or leaves the window', async (width, height) => {
    for (const hash of ['#scenario=two-kernels&step=20481', '#scenario=first-exit&step=613', '#scenario=two-kernels&vmm=none&step=9000']) {
      const { page } = await site.open(`/${hash}`, { viewport: { width, height }, reducedMotion: 'reduce', locale: 'de-DE' });
      await ready(page);
      expect(await misplaced(page), hash).toEqual([]);
      await page.context().close();
    }
  });
});
