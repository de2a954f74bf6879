/** For who teaches: a lesson on paper, and everything larger for a room. */
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findLesson } from '../../src/lessons/catalog.ts';
import { violations } from '../support/axe.ts';
import { type BrowserSite, openSite } from '../support/browser.ts';

let site: BrowserSite;

beforeAll(async () => {
  site = await openSite();
});

afterAll(() => site?.close());

test('a lesson on paper: every page, its questions without answers, and with them; nothing else is printed', async () => {
  const lesson = findLesson('first-exit')!;
  const { page, problems } = await site.open('/#lesson=first-exit&page=2', {
    reducedMotion: 'reduce',
    viewport: { width: 1440, height: 900 },
  });
  await page.getByTestId('predict').getByRole('radio').first().waitFor();
  await page.getByTestId('lesson').getByRole('button', { name: 'print' }).click();
  const handout = page.getByRole('dialog');
  await handout.getByRole('heading', { name: lesson.pages[1]!.title, exact: true }).waitFor();
  expect(await handout.getByRole('heading', { level: 2 }).allTextContents()).toEqual([...lesson.pages.map(({ title }) => title), 'Words']);
  expect(await handout.getByText('Predict: who runs next?').count()).toBe(
    lesson.pages.filter(({ predict, change }) => predict && !change).length,
  );
  expect(await handout.locator('[data-right]').count()).toBe(0);
  expect(await violations(page)).toEqual([]);
  await handout.getByLabel('with the answers').check();
  expect(await handout.locator('[data-right]').first().textContent()).toContain('The hypervisor');

  await page.emulateMedia({ media: 'print' });
  expect(await page.getByTestId('transport').isVisible()).toBe(false);
  expect(await page.getByTestId('stream').isVisible()).toBe(false);
  expect(await handout.getByRole('heading', { name: lesson.pages[0]!.title, exact: true }).isVisible()).toBe(true);
  expect((await page.pdf({ format: 'A4' })).length).toBeGreaterThan(20_000);
  await page.emulateMedia({ media: 'screen' });
  await page.keyboard.press('Escape');
  await handout.waitFor({ state: 'hidden' });
  expect(await page.evaluate(() => document.documentElement.dataset.step)).toBe('612');
  expect(problems).toEqual([]);
  await page.context().close();
});

type Box = NonNullable<Awaited<ReturnType<Locator['boundingBox']>>>;

test('a presentation: no text below 20 px, the keys of a remote, a black screen, and the end', async () => {
  const { page, problems } = await site.open('/#scenario=first-exit&step=612', {
    reducedMotion: 'reduce',
    viewport: { width: 1920, height: 1080 },
  });
  await page.waitForSelector('html[data-ready]', { timeout: 30_000 });
  await page.getByRole('button', { name: 'Present' }).click();
  const smallest = await page.evaluate(() => {
    const scale = Number(getComputedStyle(document.querySelector('.app')!).zoom);
    const texts = [...document.querySelectorAll('.app *')].filter((element) =>
      [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim()),
    );
    return Math.min(
      ...texts
        .filter((element) => element.checkVisibility())
        .map((element) => Number.parseFloat(getComputedStyle(element).fontSize) * scale),
    );
  });
  expect(smallest).toBeGreaterThanOrEqual(19.9);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(1920);
  await page.keyboard.press('PageDown');
  await page.waitForSelector('html[data-step="613"]');
  await page.keyboard.press('PageUp');
  await page.waitForSelector('html[data-step="612"]');
  await page.keyboard.press('b');
  await page.getByTestId('blackout').waitFor();
  await page.keyboard.press('PageDown');
  await page.getByTestId('blackout').waitFor({ state: 'detached' });
  expect(await page.evaluate(() => document.documentElement.dataset.step)).toBe('612');
  await page.keyboard.press('Escape');
  await page.waitForSelector('html:not([data-presenting])');
  expect(problems).toEqual([]);
  await page.context().close();
});

test('a presentation shows rings, instructions, sentence and transport at once, with a lesson too, and panels of the presenter’s choice', async () => {
  const { page, problems } = await site.open('/#scenario=two-kernels&step=20481', { reducedMotion: 'reduce' });
  const places = async () => {
    const boxes = await Promise.all(
      ['.rm-rings', '[data-testid=stream] .row.current', '[data-testid=narration]', '[data-testid=transport]'].map((one) =>
        page.locator(one).boundingBox(),
      ),
    );
    return boxes.map((box) => box!);
  };
  const allSeen = async (beside: boolean) => {
    for (const [width, height] of [
      [1280, 720],
      [1440, 900],
      [1920, 1080],
    ] as const) {
      await page.setViewportSize({ width, height });
      await page.waitForTimeout(300);
      const [rings, row, sentence, transport] = (await places()) as [Box, Box, Box, Box];
      const name = `${width} × ${height}`;
      expect(Math.min(rings.width, rings.height), name).toBeGreaterThan(beside ? 300 : 200);
      expect(sentence.y + sentence.height, name).toBeLessThanOrEqual(Math.min(rings.y, row.y) + 1);
      expect(Math.max(rings.y + rings.height, row.y + row.height), name).toBeLessThanOrEqual(transport.y + 1);
      expect(transport.y + transport.height, name).toBeLessThanOrEqual(height);
      if (beside) expect(rings.x + rings.width, name).toBeLessThan(row.x);
      expect(await page.evaluate(() => document.documentElement.scrollWidth), name).toBeLessThanOrEqual(width);
    }
  };
  await page.waitForSelector('html[data-ready]', { timeout: 30_000 });
  await page.getByRole('button', { name: 'Present' }).click();
  await page.locator('.room').waitFor();
  await allSeen(true);
  await page.getByText('Panels', { exact: true }).click();
  await page.getByLabel('Second panel').selectOption('Exits');
  await page.getByTestId('exits').waitFor();
  expect(await page.getByTestId('stream').count()).toBe(0);
  await page.getByLabel('Second panel').selectOption('Rings');
  await page.getByLabel('Second panel').selectOption('Instructions');
  await page.getByLabel('First panel').selectOption('Rings');
  expect(await violations(page)).toEqual([]);
  await page.evaluate(() => {
    location.hash = '#lesson=first-exit&page=3';
  });
  await page.getByTestId('lesson').getByRole('heading', { name: 'Reason 28' }).waitFor();
  await allSeen(false);
  await page.getByRole('button', { name: 'End the presentation' }).click();
  await page.waitForSelector('html:not([data-presenting])');
  expect(problems).toEqual([]);
  await page.context().close();
});
