import type { Frame } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BrowserSite, openSite } from '../support/browser.ts';
import { addFrame, enter, HOST_PAGE, told, waitForMessage } from '../support/embed-host.ts';
import { type Site, servePages } from '../support/site.ts';

let site: BrowserSite;
let host: Site;

beforeAll(async () => {
  [site, host] = await Promise.all([openSite(), servePages({ '/': HOST_PAGE })]);
});

afterAll(async () => {
  await Promise.all([site?.close(), host?.close()]);
});

/** A frame with these parameters in a page of somebody else's; `see` looks at it. */
async function framed(parameters: string, see: (frame: Frame, steps: () => Promise<number[]>) => Promise<void>, reduced = false) {
  const context = await site.browser.newContext({ reducedMotion: reduced ? 'reduce' : 'no-preference' });
  const page = await context.newPage();
  await enter(page, host.origin);
  await addFrame(page, `${site.origin}/embed/#${parameters}&id=e`);
  await waitForMessage(page, 'ready', 'e');
  const steps = async () => (await told(page)).filter(({ data }) => data?.type === 'step').map(({ data }) => data.step!);
  await see(page.frames()[1]!, steps);
  await context.close();
}

const START = 'scenario=first-exit&step=612';
const buttons = (frame: Frame) => frame.getByRole('toolbar').getByRole('button').count();

test('controls are none, two, five, or those and the speed', async () => {
  await framed(`${START}&controls=none`, async (frame) => expect(await frame.getByRole('toolbar').count()).toBe(0));
  await framed(`${START}&controls=step`, async (frame) => expect(await buttons(frame)).toBe(2));
  await framed(`${START}&controls=basic`, async (frame) => {
    expect(await buttons(frame)).toBe(5);
    expect(await frame.getByRole('slider').count()).toBe(0);
  });
  await framed(`${START}&controls=full`, async (frame) => expect(await frame.getByRole('slider').count()).toBe(1));
});

test('panels stand in the order in which they are named, each once', async () => {
  await framed(`${START}&panels=exits,code,regs,code,vmcs,walk,timeline,console,text,rings`, async (frame) => {
    await frame.waitForSelector('.embed-exits [data-testid="exits"]');
    const names = await frame
      .locator('.embed-panel')
      .evaluateAll((all) => all.map((each) => each.className.replace('embed-panel embed-', '')));
    expect(names).toEqual(['exits', 'code', 'regs', 'vmcs', 'walk', 'timeline', 'console', 'text', 'rings']);
  });
});

test('numbers, scale, contrast and stillness are as they are asked for', async () => {
  await framed(`${START}&panels=regs&numbers=bin&scale=1.5&theme=contrast&motion=none`, async (frame) => {
    await frame.locator('.registers[data-numbers="bin"]').waitFor();
    expect(await frame.locator('.register dd').first().textContent()).toMatch(/^[01]{8}( [01]{8}){3}$/);
    expect(await frame.evaluate(() => document.documentElement.dataset.contrast)).toBe('more');
    expect(await frame.locator('.app').evaluate((app) => [(app as HTMLElement).style.zoom, (app as HTMLElement).dataset.motion])).toEqual([
      '1.5',
      'none',
    ]);
  });
});

test('nothing typed reaches a machine that is only to be read, and the machine as it was stays in its link', async () => {
  const typed = async (frame: Frame) => {
    await frame.locator('.console-paper').first().click();
    await frame.page().keyboard.type('ls');
    await frame.page().keyboard.press('Enter');
    await frame.waitForTimeout(400);
    return frame.getByRole('link', { name: 'Open in RingMinusOne' }).getAttribute('href');
  };
  await framed('scenario=one-system&panels=console', async (frame) => expect(await typed(frame)).toContain('#v=1&s='));
  await framed('scenario=one-system&panels=console&readonly=1', async (frame) =>
    expect(await typed(frame)).toContain('#scenario=one-system'),
  );
});

test('it plays by itself only when told to, at the speed it is told, again from the start when told, and never where stillness is wanted', async () => {
  const running = (frame: Frame) => frame.locator('[aria-label="Run"]').getAttribute('aria-pressed');
  await framed('scenario=triple-fault&step=100', async (_, steps) => expect(new Set(await steps())).toEqual(new Set([100])));
  await framed('scenario=triple-fault&step=140&autoplay=1&speed=60&loop=1', async (frame, steps) => {
    await expect.poll(async () => (await steps()).some((n, k, all) => k > 0 && n < all[k - 1]!), { timeout: 15_000 }).toBe(true);
    await expect.poll(async () => (await steps()).at(-1)! > 0 && (await running(frame)), { timeout: 15_000 }).toBe('true');
  });
  await framed(
    'scenario=triple-fault&step=100&autoplay=1&speed=60',
    async (_, steps) => expect(new Set(await steps())).toEqual(new Set([100])),
    true,
  );
  await framed('scenario=triple-fault&step=100&autoplay=1&speed=60&motion=reduced', async (_, steps) =>
    expect(new Set(await steps())).toEqual(new Set([100])),
  );
});

test('it asks when it is to, and then its reader can switch that off only where the author lets them', async () => {
  const switches = (frame: Frame) => frame.getByRole('checkbox').count();
  await framed(`${START}&predict=always&controls=full`, async (frame) => {
    await frame.locator('.predict-option').first().waitFor();
    expect(await switches(frame)).toBe(0);
  });
  await framed(`${START}&predict=on&controls=full`, async (frame) => {
    await frame.locator('.predict-option').first().waitFor();
    expect(await switches(frame)).toBe(1);
  });
  await framed(`${START}`, async (frame) => expect(await frame.locator('.predict-option').count()).toBe(0));
});
