import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BrowserSite, openSite } from '../support/browser.ts';

let site: BrowserSite;

beforeAll(async () => {
  site = await openSite();
});

afterAll(() => site?.close());

/** The page with its gestures there, and the timeline's place in it. */
async function opened(options = {}) {
  const { page, problems } = await site.open('/', { reducedMotion: 'reduce', viewport: { width: 1280, height: 900 }, ...options });
  await page.waitForSelector('html[data-ready]', { timeout: 60_000 });
  const timeline = page.getByTestId('timeline');
  const tab = page.getByRole('tab', { name: 'Timeline' });
  if (await tab.isVisible()) await tab.click();
  await timeline.locator('.brush').waitFor();
  await expect.poll(() => timeline.evaluate((element) => '__zoom' in element)).toBe(true);
  const box = (await timeline.boundingBox())!;
  return { page, problems, timeline, box };
}

/** The window's frame in the strip of the whole run, and what the scale says of the lanes. */
const frame = (page: Page) =>
  page.evaluate(() => {
    const all = (of: string) => [...document.querySelectorAll(`[data-testid=timeline] ${of}`)];
    const brush = all('.brush')[0]!;
    const numbers = all('text.tx').filter(({ textContent }) => /^[\d,.\s]+$/.test(textContent!));
    const [first, last] = [numbers[0]!, numbers.at(-1)!].map((text) => ({
      cycle: Number(text.textContent!.replace(/\D/g, '')),
      x: Number(text.getAttribute('x')),
    }));
    return {
      x: Number(brush.getAttribute('x')),
      width: Number(brush.getAttribute('width')),
      cyclesPerPixel: (last!.cycle - first!.cycle) / (last!.x - first!.x),
    };
  });
const step = (page: Page) => page.evaluate(() => Number(document.documentElement.dataset.step));

test('with Ctrl the wheel zooms at the pointer, without it the page has the wheel', async () => {
  const { page, problems, box } = await opened();
  const [before, n] = [await frame(page), await step(page)];
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.wheel(0, -300);
  await page.waitForTimeout(200);
  expect(await frame(page)).toEqual(before);
  await page.keyboard.down('Control');
  for (let k = 0; k < 4; k++) await page.mouse.wheel(0, -300);
  await page.keyboard.up('Control');
  await expect.poll(async () => (await frame(page)).width).toBeLessThan(before.width / 2);
  expect(await step(page)).toBe(n);
  expect(await page.evaluate(() => document.activeElement === document.body)).toBe(true);
  expect(problems).toEqual([]);
  await page.context().close();
}, 90_000);

test('a drag in the strip of the whole run moves the window and not the time, a press there travels', async () => {
  const { page, problems, box } = await opened();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.keyboard.down('Control');
  for (let k = 0; k < 4; k++) await page.mouse.wheel(0, -300);
  await page.keyboard.up('Control');
  await page.waitForTimeout(400);
  const [before, n] = [await frame(page), await step(page)];
  const y = box.y + 12;
  const x = box.x + before.x + before.width / 2;
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x - 40, y, { steps: 4 });
  await page.mouse.move(x - 100, y, { steps: 4 });
  await page.mouse.up();
  await expect.poll(async () => before.x - (await frame(page)).x).toBeCloseTo(100, -1);
  expect(Math.abs((await frame(page)).width - before.width)).toBeLessThan(1);
  expect(await step(page)).toBe(n);
  await page.mouse.click(x - 200, y);
  await expect.poll(() => step(page)).not.toBe(n);
  expect(problems).toEqual([]);
  await page.context().close();
}, 90_000);

test('two fingers zoom on a phone, and the time stays; a double tap zooms too', async () => {
  const { page, problems, timeline } = await opened({ viewport: { width: 620, height: 812 }, hasTouch: true, isMobile: true });
  await timeline.scrollIntoViewIfNeeded();
  const box = (await timeline.boundingBox())!;
  const [before, n] = [await frame(page), await step(page)];
  const client = await page.context().newCDPSession(page);
  const [x, y] = [box.x + box.width * 0.6, box.y + box.height * 0.6];
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...xs: number[]) =>
    client.send('Input.dispatchTouchEvent', { type, touchPoints: xs.map((each, id) => ({ x: each, y, id })) });
  await touch('touchStart', x - 20);
  await touch('touchStart', x - 20, x + 20);
  for (let k = 1; k <= 6; k++) await touch('touchMove', x - 20 - 10 * k, x + 20 + 10 * k);
  await touch('touchEnd');
  await expect.poll(async () => (await frame(page)).cyclesPerPixel).toBeLessThan(before.cyclesPerPixel / 2);
  await expect.poll(() => step(page)).toBe(n);
  const { cyclesPerPixel } = await frame(page);
  await page.waitForTimeout(400);
  await page.touchscreen.tap(x, y);
  await page.touchscreen.tap(x, y);
  await expect.poll(async () => (await frame(page)).cyclesPerPixel).toBeLessThan(cyclesPerPixel * 0.7);
  expect(problems).toEqual([]);
  await page.context().close();
}, 90_000);

test.each([
  [1440, 900],
  [2560, 1440],
  [3840, 2160],
])(
  '%i × %i: a press in the strip of the whole run goes to where it is, a drag takes the window along',
  async (width, height) => {
    const { page, problems, box } = await opened({ viewport: { width, height } });
    const brush = async () => (await page.locator('[data-testid=timeline] .brush').boundingBox())!;
    const y = (await brush()).y + (await brush()).height / 2;
    /* Between places that are drawn, steps are taken to be as long as each other. */
    const near = 0.08 * box.width;
    for (const share of [0.3, 0.6]) {
      const x = box.x + box.width * share;
      const n = await step(page);
      await page.mouse.click(x, y);
      await expect.poll(() => step(page)).not.toBe(n);
      await expect.poll(async () => Math.abs((await brush()).x + (await brush()).width / 2 - x)).toBeLessThan(near);
    }
    const before = await brush();
    const [from, by] = [before.x + before.width / 2, -box.width * 0.2];
    await page.mouse.move(from, y);
    await page.mouse.down();
    await page.mouse.move(from + by, y, { steps: 4 });
    await page.mouse.up();
    await expect.poll(async () => Math.abs((await brush()).x - before.x - by)).toBeLessThan(4);
    expect(problems).toEqual([]);
    await page.context().close();
  },
  90_000,
);
