import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { violations } from '../support/axe.ts';
import { type BrowserSite, openSite } from '../support/browser.ts';

let site: BrowserSite;

beforeAll(async () => {
  site = await openSite();
});

afterAll(() => site?.close());

async function open(path: string, options: BrowserContextOptions & { before?: string } = {}): Promise<{ page: Page; problems: string[] }> {
  const { before, ...context } = options;
  const browser = await site.browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce', ...context });
  const page = await browser.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  if (before) await page.addInitScript(before);
  await page.goto(site.origin + path);
  return { page, problems };
}

const ready = (page: Page) => page.waitForSelector('html[data-ready]', { timeout: 30_000 });
const step = (page: Page) => page.evaluate(() => Number(document.documentElement.dataset.step));
const hash = (page: Page) => page.evaluate(() => document.documentElement.dataset.hash ?? '');

async function press(page: Page, key: string): Promise<number> {
  const before = await step(page);
  await page.keyboard.press(key);
  await page.waitForFunction((n) => Number(document.documentElement.dataset.step) !== n, before, { timeout: 30_000 });
  return step(page);
}

describe('the machine in the page', () => {
  test('the VMCS: what an exit writes is marked, fields are found, axe finds nothing', async () => {
    const { page, problems } = await open('/#scenario=first-exit&step=612');
    await ready(page);
    await page.getByRole('button', { name: 'VMCS', exact: true }).click();
    const vmcs = page.getByTestId('vmcs');
    await vmcs.waitFor();
    expect(await vmcs.textContent()).toContain('VMCS of VM 1');
    await page.evaluate(() => (document.activeElement as HTMLElement).blur());
    await press(page, 'ArrowRight');
    const reason = vmcs.locator('.block-field.changed', { hasText: '4402h' });
    await reason.waitFor();
    expect(await reason.textContent()).toBe('4402hExit reason0000001CControl-register access');
    await vmcs.getByRole('searchbox', { name: 'Find a field' }).fill('guest cr3');
    expect(await vmcs.locator('.block-field').count()).toBe(1);
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Find a field');
    expect(await violations(page)).toEqual([]);
    expect(problems).toEqual([]);
    await page.context().close();
  });

  test('the header is one line, or two with the choices in the second', async () => {
    const lines = () => {
      const centres = (selector: string) =>
        [...document.querySelectorAll(selector)]
          .map((element) => element.getBoundingClientRect())
          .filter(({ width, height }) => width > 2 && height > 2)
          .map(({ top, height }) => Math.round((top + height / 2) / 12));
      const [buttons, choices] = [centres('.top > :not(.segments)'), centres('.top > .segments')];
      return new Set(buttons).size === 1 && new Set(choices).size === 1 ? (buttons[0] === choices[0] ? 1 : 2) : 0;
    };
    for (const [path, expected] of [
      ['/#scenario=two-kernels&step=20481', [1, 1, 1, 2, 2]],
      ['/#scenario=two-kernels&step=20481&lang=de', [1, 1, 2, 2, 2]],
      ['/#scenario=one-system&vmm=vtx&step=0', [1, 2, 2, 2, 2]],
      ['/#scenario=one-system&vmm=vtx&step=0&lang=de', [2, 2, 2, 2, 2]],
    ] as const) {
      const { page } = await open(path);
      await ready(page);
      const seen = [];
      for (const width of [1440, 1366, 1280, 1180, 900]) {
        await page.setViewportSize({ width, height: 900 });
        seen.push(await page.evaluate(lines));
      }
      expect(seen, path).toEqual(expected);
      await page.context().close();
    }
  }, 60_000);

  test('links in a lesson are ink: a hue is a ring', async () => {
    const { page } = await open('/#lesson=article&page=2');
    await ready(page);
    const colours = await page.locator('.lesson').evaluate((lesson) => {
      const colour = (element: Element) => getComputedStyle(element).color;
      return [...lesson.querySelectorAll('a')].map((link) => [colour(link), colour(link.parentElement!)]);
    });
    expect(colours.length).toBeGreaterThan(2);
    for (const [link, text] of colours) expect(link).toBe(text);
    await page.context().close();
  });

  test('a large window is filled', async () => {
    const { page } = await open('/#scenario=first-exit&step=613', { viewport: { width: 2560, height: 1440 } });
    await ready(page);
    expect((await page.locator('main').boundingBox())!.width).toBeGreaterThan(2300);
    expect(await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.scrollHeight])).toEqual([2560, 1440]);
    await page.context().close();
  });

  test.each([768, 900, 1000, 1180, 1440])('at %i px a late step stands beside what follows it, not under', async (width) => {
    const { page } = await open('/#scenario=two-kernels&vmm=svm&paging=nested&exit=40', { viewport: { width, height: 900 } });
    await ready(page);
    const [needs, has] = await page.locator('.where').evaluate((where) => [where.scrollWidth, where.clientWidth]);
    expect(needs).toBeLessThanOrEqual(has);
    await page.context().close();
  });

  test('a step and back again is the same machine, by its hash', async () => {
    const { page, problems } = await open('/#scenario=first-exit&step=600&hash=1');
    await ready(page);
    expect(await step(page)).toBe(600);
    const before = await hash(page);
    expect(before).not.toBe('');
    expect(await press(page, 'ArrowRight')).toBe(601);
    expect(await hash(page)).not.toBe(before);
    expect(await press(page, 'ArrowLeft')).toBe(600);
    expect(await hash(page)).toBe(before);
    expect(problems).toEqual([]);
    await page.context().close();
  });

  test('a link to a step, made by stepping, leads to the same machine', async () => {
    const { page } = await open('/#scenario=first-exit&step=605&hash=1');
    await ready(page);
    for (let i = 0; i < 6; i++) await press(page, 'ArrowRight');
    const [n, there] = [await step(page), await hash(page)];
    await page.waitForFunction((s) => location.hash.includes(`step=${s}`), n);
    const link = await page.evaluate(() => location.hash);
    const other = await open(`/${link}`);
    await ready(other.page);
    expect(await step(other.page)).toBe(n);
    expect(await hash(other.page)).toBe(there);
    await page.context().close();
    await other.page.context().close();
  });

  test('Run to next exit stops behind a VM exit, in ring −1', async () => {
    const { page } = await open('/#scenario=first-exit&step=600');
    await ready(page);
    await press(page, 'e');
    expect(await page.getByTestId('stream').textContent()).toContain('VM exit → hypervisor, ring −1');
    expect(await page.getByTestId('exits').textContent()).toContain('Control-register access');
    await page.context().close();
  });
});

describe('where workers are not to be had', () => {
  test.each([
    [
      'module workers are refused: a classic one from a blob',
      'const W = Worker; Worker = class extends W { constructor(u, o) { if (o?.type === "module") throw new DOMException("no", "SecurityError"); super(u, o); } };',
    ],
    ['no worker at all: the page’s own thread', 'Worker = class { constructor() { throw new DOMException("no", "SecurityError"); } };'],
    ['workers that fail without a word: the page’s own thread', 'Worker = class extends EventTarget { postMessage() {} terminate() {} };'],
  ])('%s', async (_, before) => {
    const { page, problems } = await open('/#scenario=first-exit&step=600', { before });
    await ready(page);
    expect(await press(page, 'ArrowRight')).toBe(601);
    await press(page, 'e');
    expect(problems).toEqual([]);
    await page.context().close();
  });
});
