import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { violations } from '../support/axe.ts';
import type { BrowserSite } from '../support/browser.ts';
import { openCardboard } from '../support/cardboard.ts';
import { misplaced } from '../support/misplaced.ts';

let site: BrowserSite;

beforeAll(async () => {
  site = await openCardboard();
}, 120_000);

afterAll(() => site?.close());

async function stage(path = '/', options: BrowserContextOptions = {}): Promise<Page & { problems: string[] }> {
  const { page, problems } = await site.open(path, { reducedMotion: 'reduce', ...options });
  await page.waitForSelector('html[data-ready]');
  return Object.assign(page, { problems });
}

const step = (page: Page) => page.evaluate(() => Number(document.documentElement.dataset.step));
const changed = (page: Page, from: number) => page.waitForFunction((n) => Number(document.documentElement.dataset.step) !== n, from);

/* At its full size, in any state: access.slow.test.ts. */
describe('accessibility', () => {
  test.each([
    ['a phone', { viewport: { width: 375, height: 812 } }],
    ['a small frame', { viewport: { width: 720, height: 420 } }],
    ['two columns', { viewport: { width: 960, height: 700 } }],
  ])('axe finds nothing in %s', async (_, options) => {
    const page = await stage('/', options);
    expect(await violations(page)).toEqual([]);
    await page.context().close();
  });
});

describe.concurrent('layout', () => {
  test.each([
    [1440, 900],
    [1200, 800],
    [960, 700],
    [800, 900],
    [720, 420],
    [375, 812],
    [320, 640],
  ])('%i x %i: nothing overlaps, is too small or leaves the window', async (width, height) => {
    for (const query of ['', '?at=20', '?vmm=none&at=6', '?vms=3&at=18']) {
      const page = await stage(`/${query}`, { viewport: { width, height } });
      expect(await misplaced(page), query).toEqual([]);
      await page.context().close();
    }
  });
});

describe('the hooks', () => {
  test('buttons, panels and the root are what tests and scripts rely on', async () => {
    const page = await stage('/#scenario=two-kernels&vmm=vtx&step=20477&hash=1');
    for (const name of ['Restart', 'Back', 'Step', 'Run', 'Run to next exit']) {
      expect(await page.getByRole('button', { name, exact: true }).count(), name).toBe(1);
    }
    for (const id of ['rings', 'stream', 'exits', 'timeline', 'registers', 'walk', 'console', 'narration', 'transport']) {
      expect(await page.getByTestId(id).count(), id).toBeGreaterThan(0);
    }
    expect(await step(page)).toBe(20477);
    expect(await page.evaluate(() => document.documentElement.dataset.hash)).toBe('fixture-20477');
    await page.context().close();
  });

  test('Run keeps its name and says that it is pressed', async () => {
    const page = await stage();
    const run = page.getByRole('button', { name: 'Run', exact: true });
    expect(await run.getAttribute('aria-pressed')).toBe('false');
    await run.click();
    await page.waitForSelector('button[aria-label="Run"][aria-pressed="true"]');
    await run.click();
    await page.waitForSelector('button[aria-label="Run"][aria-pressed="false"]');
    await page.context().close();
  });
});

describe('the keys', () => {
  test('step, go back, restart, run to an exit', async () => {
    const page = await stage();
    const start = await step(page);
    await page.keyboard.press('ArrowRight');
    await changed(page, start);
    const next = await step(page);
    expect(next).toBeGreaterThan(start);
    await page.keyboard.press('ArrowLeft');
    await changed(page, next);
    expect(await step(page)).toBe(start);
    await page.keyboard.press('Home');
    await changed(page, start);
    const first = await step(page);
    expect(first).toBeLessThan(start);
    await page.keyboard.press('e');
    await changed(page, first);
    await page.keyboard.press('Space');
    await page.waitForSelector('button[aria-pressed="true"][aria-label="Run"]');
    await page.context().close();
  });

  test('belong to a field, a slider or a console that has the focus', async () => {
    const page = await stage();
    const start = await step(page);
    await page.getByTestId('console').first().click();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('e');
    await page.getByRole('slider', { name: 'Speed' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.waitForTimeout(100);
    expect(await step(page)).toBe(start);
    await page.context().close();
  });

  test('Space on a focused button presses that button only', async () => {
    const page = await stage();
    const start = await step(page);
    await page.getByRole('button', { name: 'Step', exact: true }).focus();
    await page.keyboard.press('Space');
    await changed(page, start);
    expect(await page.locator('button[aria-label="Run"]').getAttribute('aria-pressed')).toBe('false');
    await page.context().close();
  });
});

describe('motion', () => {
  test('none at all for who asks for none', async () => {
    const page = await stage();
    const start = await step(page);
    await page.keyboard.press('ArrowRight');
    await changed(page, start);
    expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
    await page.context().close();
  });

  test('a VM exit moves the token, and it ends where it would have been without motion', async () => {
    const place = (page: Page) => page.evaluate(() => document.querySelector('.rings-token g')?.getAttribute('style'));
    const moving = await stage('/', { reducedMotion: 'no-preference' });
    const start = await step(moving);
    await moving.waitForTimeout(300);
    await moving.keyboard.press('ArrowRight');
    await changed(moving, start);
    expect(await moving.evaluate(() => document.getAnimations().length)).toBeGreaterThan(0);
    await moving.waitForFunction(() => document.getAnimations().length === 0);
    const still = await stage();
    await still.keyboard.press('ArrowRight');
    await changed(still, start);
    expect(await place(moving)).toBe(await place(still));
    await moving.context().close();
    await still.context().close();
  });
});

describe('the address', () => {
  test('follows the step without adding to the history', async () => {
    const page = await stage();
    const length = await page.evaluate(() => history.length);
    const start = await step(page);
    await page.keyboard.press('ArrowRight');
    await changed(page, start);
    const now = await step(page);
    await page.waitForFunction((n) => location.hash.endsWith(`step=${n}`), now);
    expect(await page.evaluate(() => history.length)).toBe(length);
    await page.context().close();
  });

  test('of a damaged link opens nothing, and keeps saying so', async () => {
    const { page } = await site.open('/#scenario=two-kernels&step=12x');
    await page.waitForSelector('.damaged');
    await page.waitForTimeout(500);
    expect(await page.getAttribute('html', 'data-ready')).toBeNull();
    expect(await page.evaluate(() => location.hash)).toBe('#scenario=two-kernels&step=12x');
    await page.context().close();
  });
});

test('opening the page takes neither focus nor scroll position', async () => {
  const page = await stage('/', { viewport: { width: 375, height: 500 } });
  expect(await page.evaluate(() => [document.activeElement === document.body, scrollY])).toEqual([true, 0]);
  await page.context().close();
});

test('a step paints within a frame', async () => {
  const page = await stage('/', { reducedMotion: 'no-preference' });
  const slow = await page.evaluate(async () => {
    const button = document.querySelector<HTMLButtonElement>('button[aria-label="Step"]')!;
    const times: number[] = [];
    for (let i = 0; i < 12; i++) {
      const before = document.documentElement.dataset.step;
      const longest = await new Promise<number>((done) => {
        const observer = new MutationObserver(() => {
          if (document.documentElement.dataset.step === before) return;
          observer.disconnect();
          const committed = performance.now();
          requestAnimationFrame(() => setTimeout(() => done(performance.now() - committed)));
        });
        observer.observe(document.documentElement, { attributes: true });
        button.click();
      });
      times.push(longest);
    }
    return times.sort((a, b) => a - b)[Math.floor(times.length / 2)]!;
  });
  expect(slow).toBeLessThan(50);
  await page.context().close();
});
