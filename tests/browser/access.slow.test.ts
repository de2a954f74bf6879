/** For everyone: every panel, lesson and state in light, dark and forced colours, as axe sees it. */
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { violationsInAll } from '../support/axe.ts';
import { type BrowserSite, openSite } from '../support/browser.ts';
import { openCardboard } from '../support/cardboard.ts';
import { misplaced } from '../support/misplaced.ts';
import { BY_NIGHT } from '../support/night.ts';
import { CARDBOARD, FRAMES, lessonScenes, MACHINES, type Scene, STATES, visited } from '../support/scenes.ts';

/** A machine of each kind: its panels are the same in any arrangement, and here they are tabs. */
const TABBED = MACHINES.filter(({ name }) => /shadow|AMD|translation|bare/.test(name));

let site: BrowserSite;
let cardboard: BrowserSite;

beforeAll(async () => {
  [site, cardboard] = await Promise.all([openSite(), openCardboard()]);
}, 120_000);

afterAll(() => Promise.all([site?.close(), cardboard?.close()]));

type Look = (page: Page, part: string | undefined) => Promise<readonly string[]>;

/** Goes through the scenes in one page, and says how many states there were. */
async function through(name: string, look: Look, scenes: readonly Scene[], options: BrowserContextOptions = {}, on = site): Promise<void> {
  const { page, problems } = await on.open(scenes[0]!.path, { reducedMotion: 'reduce', ...options });
  const wrong: Record<string, readonly string[]> = {};
  let states = 0;
  for (const scene of scenes) {
    for await (const { name: state, part } of visited(page, on.origin, scene)) {
      const found = await look(page, part);
      if (found.length > 0) wrong[state] = found;
      states++;
    }
  }
  console.log(`${name}: ${states} states`);
  expect(wrong).toEqual({});
  expect(problems).toEqual([]);
  await page.context().close();
}

describe.concurrent('axe finds nothing, in light, in dark, in forced colours', () => {
  const clean = (name: string, scenes: readonly Scene[], options?: BrowserContextOptions, on?: BrowserSite) =>
    through(name, violationsInAll, scenes, options, on);
  test('on any machine and panel', () => clean('machines and panels', MACHINES), 400_000);
  /* By night with each change and exercise, too. As high as what is in them: in a window that is lower, the controls that stay in sight lie over what is scrolled past. */
  test('in any lesson', () => clean('lessons', lessonScenes(BY_NIGHT), { viewport: { width: 1440, height: 1800 } }), 400_000);
  test('in dialogs, at work, and where something went wrong', () => clean('states', STATES), 400_000);
  test('in frames', () => clean('frames', FRAMES, { viewport: { width: 760, height: 2600 } }), 200_000);
  test(
    'on a machine of cardboard: at rest, while it loads, and after a failure',
    () => clean('cardboard', CARDBOARD, {}, cardboard),
    200_000,
  );
});

describe.concurrent('there is room', () => {
  const narrow: BrowserContextOptions = { viewport: { width: 320, height: 640 } };
  test('320 px: nothing is outside, too small, or on top of something else', async () => {
    await through('320 px, panels', misplaced, TABBED, narrow);
    await through('320 px, lessons', misplaced, lessonScenes(false), narrow);
  }, 400_000);

  test('text at 200 %: nothing is outside, cut, or on top of something else', async () => {
    await through('200 %, panels', misplaced, TABBED, { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 });
  }, 400_000);

  test('a huge window is filled with everything twice as large', async () => {
    const { page } = await site.open('/#scenario=first-exit&step=613', { viewport: { width: 3840, height: 2160 } });
    await page.waitForSelector('html[data-ready]', { timeout: 60_000 });
    expect((await page.locator('main').boundingBox())!.width).toBeGreaterThan(3200);
    expect(await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.scrollHeight])).toEqual([3840, 2160]);
    expect(await misplaced(page)).toEqual([]);
    await page.context().close();
  }, 90_000);
});
