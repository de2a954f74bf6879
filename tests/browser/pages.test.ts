import { afterAll, beforeAll, expect, test } from 'vitest';
import { lessons } from '../../src/lessons/catalog.ts';
import { SCENARIOS } from '../../src/session/scenarios.ts';
import { type BrowserSite, openSite } from '../support/browser.ts';

const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; frame-src 'self'";
let site: BrowserSite;

beforeAll(async () => {
  site = await openSite(undefined, { 'Content-Security-Policy': POLICY });
});

afterAll(async () => {
  await site?.close();
});

test('every scenario has a page that reads without JavaScript: picture, steps and program', async () => {
  const { page, problems } = await site.open('/scenarios/', { javaScriptEnabled: false });
  const links = await page.locator('li a').all();
  expect(links.length).toBe(SCENARIOS.length);
  for (const { id, title } of SCENARIOS) {
    await page.goto(`${site.origin}/scenarios/${id}/`);
    expect(await page.locator('h1').textContent()).toBe(title);
    const picture = page.locator('ring-minus-one img');
    await picture.waitFor({ state: 'visible' });
    expect((await picture.boundingBox())?.height).toBeGreaterThan(300);
    expect(await picture.getAttribute('alt')).not.toBe('');
    expect(await page.locator('tbody tr').count()).toBeGreaterThan(3);
    expect(await page.locator('tbody tr:first-child td:nth-child(4)').textContent()).toMatch(/[.?]$/);
    for (const lesson of lessons().filter((each) => each.scenario === id && each.source === undefined)) {
      const text = page.locator(`section#${lesson.id}`);
      expect(await text.locator('h3').textContent()).toBe(lesson.title);
      expect(await text.locator('h4').allTextContents()).toEqual(lesson.pages.map((each) => each.title));
      expect(await text.locator('p').count()).toBeGreaterThan(lesson.pages.length);
    }
    expect(await page.locator('pre.program').textContent()).toMatch(/%include|org|bits/);
  }
  expect(problems).toEqual([]);
  await page.context().close();
});

test('its picture is the one of the theme, and with JavaScript the machine is a button away', async () => {
  const { page, problems } = await site.open('/scenarios/first-exit/', { colorScheme: 'dark' });
  await page.waitForFunction(() => customElements.get('ring-minus-one'));
  expect(await page.locator('ring-minus-one > picture > img').evaluate((image) => (image as HTMLImageElement).currentSrc)).toContain(
    '-dark.svg',
  );
  await page.getByRole('button', { name: 'Step through it' }).click();
  const state = await page.evaluate(
    () => (document.querySelector('ring-minus-one') as unknown as { ready: Promise<{ scenario: string }> }).ready,
  );
  expect(state.scenario).toBe('first-exit');
  expect(problems).toEqual([]);
  await page.context().close();
});

test('the embed and the app say where to read on without JavaScript', async () => {
  for (const path of ['/', '/embed/']) {
    const { page } = await site.open(path, { javaScriptEnabled: false });
    await page.goto(new URL((await page.locator('noscript a').first().getAttribute('href')) ?? '', site.origin + path).href);
    expect(await page.locator('h1').textContent()).toBe('RingMinusOne');
    await page.context().close();
  }
});
