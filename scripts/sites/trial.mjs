/** What is asked of an embed in a page: that it is ready, steps, comes to rest, follows the page's theme, and leaves the reader where he was. */

import { readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { chromium } from 'playwright-core';
import { findChromium } from '../tools.mjs';
import { STEP } from './words.mjs';

const TYPES = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.mjs': 'text/javascript',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
};

/** Folders on loopback, the first that has a file; without headers of any kind, as a static host has them. */
export function serve(...folders) {
  const fileOf = (path) => {
    for (const folder of folders) {
      for (const file of [join(folder, path), join(folder, path, 'index.html')])
        if (statSync(file, { throwIfNoEntry: false })?.isFile()) return file;
    }
  };
  const server = createServer((request, response) => {
    const file = fileOf(decodeURIComponent(new URL(request.url, 'http://localhost').pathname));
    if (file) response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' }).end(readFileSync(file));
    else response.writeHead(404).end();
  });
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () =>
      resolve({
        origin: `http://127.0.0.1:${server.address().port}`,
        close() {
          server.close();
          server.closeAllConnections();
        },
      }),
    ),
  );
}

const SIZES = { light: { width: 1280, height: 860 }, dark: { width: 1280, height: 860 }, phone: { width: 390, height: 844 } };

async function opened(browser, address, viewport) {
  /* Without a scheme of its own a page's frames have that of the page. */
  const page = await browser.newPage({ viewport, colorScheme: null });
  await page.addInitScript(() => {
    window.rm1 = [];
    addEventListener('message', ({ data, source }) => {
      if (data?.source === 'rm1') window.rm1.push({ ...data });
      if (data?.type === 'ready') window.rm1Frame ??= source;
    });
  });
  await page.goto(address, { waitUntil: 'load' });
  return page;
}

const place = (page) => page.evaluate(() => `${document.activeElement?.localName} ${scrollY}`);

const told = (page, type, step = null) =>
  page
    .waitForFunction(
      ([wanted, n]) => window.rm1.find((message) => message.type === wanted && (n === null || message.step === n)),
      [type, step],
      { timeout: 20_000 },
    )
    .then((message) => message.jsonValue());

const bringIntoView = (page) =>
  page
    .locator('.present iframe, iframe, ring-minus-one')
    .first()
    .evaluate((frame) => {
      const { top, bottom } = frame.getBoundingClientRect();
      if (bottom > innerHeight) scrollBy({ top: Math.min(top - 80, bottom - innerHeight + 24), behavior: 'instant' });
    });

/** Steps the first embed over its VM exit; gives what is wrong, or ''. */
async function stepped(page, { step = STEP }) {
  await bringIntoView(page);
  const before = await place(page);
  const ready = await told(page, 'ready');
  if (step !== null && ready.step !== step) return `it began at step ${ready.step}`;
  await page.evaluate(() => window.rm1Frame.postMessage({ type: 'step' }, '*'));
  await told(page, 'step', ready.step + 1);
  if (step === STEP) await told(page, 'exit', STEP + 1);
  if ((await place(page)) !== before) return `the reader was moved from ${before} to ${await place(page)}`;
  await page.waitForTimeout(600);
  const heights = await page.evaluate(() => window.rm1.filter(({ type, id }) => type === 'resize' && id === window.rm1[0].id).length);
  return heights > 6 ? `its height did not come to rest: ${heights} messages` : '';
}

/** Its ink is bright. */
const isDark = (frame) =>
  frame.evaluate(() =>
    /(\d+), (\d+), (\d+)/
      .exec(getComputedStyle(document.body).color)
      .slice(1)
      .every((part) => part > 128),
  );

async function darkened(page, frames, darken) {
  const steps = await Promise.all(frames.map((frame) => frame.evaluate(() => Number(document.documentElement.dataset.step))));
  const frame = frames[steps.indexOf(STEP + 1)];
  if (await isDark(frame)) return 'it is dark in a light page';
  await darken({ page });
  for (let tries = 0; !(await isDark(frame)); tries++) {
    if (tries === 40) return 'it stays light when the page is dark';
    await page.waitForTimeout(50);
  }
  const stands = await frame.evaluate(() => Number(document.documentElement.dataset.step));
  return stands === STEP + 1 ? '' : `it is at step ${stands} when the page is dark`;
}

/** What stands where frames are taken away: the link, which leads to the same step. */
async function linked(page) {
  if ((await page.locator('iframe').count()) > 0) return 'there is a frame, which was to be taken away';
  await page.getByRole('link', { name: 'Open the interactive version' }).click();
  await page.waitForSelector(`html[data-step="${STEP}"]`);
  return '';
}

/**
 * Tries a page; resolves to what is wrong with it, or ''.
 *
 * @param asked what a kind says of the page: `darken({page})` makes it dark, `also({page, frames, html})` gives what else is wrong, `frameless` where
 *   the platform takes frames away, `sandbox` when the platform sets its own, `step` null when the page does not say at which it begins
 * @param pictures by look (light, dark, phone), the file to write
 */
export async function tried(address, asked, pictures) {
  const browser = await chromium.launch({ executablePath: findChromium(), args: ['--headless', '--no-sandbox', '--disable-gpu'] });
  const look = async (page, name) => {
    if (pictures[name]) await page.screenshot({ path: pictures[name] });
  };
  try {
    const page = await opened(browser, address, SIZES.light);
    if (asked.frameless) return await linked(page);
    const frames = () => page.frames().filter((frame) => frame.url().includes('/embed/'));
    const sandbox = asked.sandbox && (await page.locator('iframe').first().getAttribute('sandbox'));
    if (sandbox !== asked.sandbox) return `its sandbox is ${sandbox}`;
    let wrong = await stepped(page, asked);
    if (wrong) return wrong;
    await look(page, 'light');
    if (asked.darken) wrong = await darkened(page, frames(), asked.darken);
    if (wrong) return wrong;
    await page.waitForTimeout(1500);
    await look(page, 'dark');
    if (asked.also) wrong = await asked.also({ page, frames, html: await (await fetch(address)).text() });
    if (wrong) return wrong;
    const phone = await opened(browser, address, SIZES.phone);
    wrong = await stepped(phone, asked);
    if (wrong) return `on a phone: ${wrong}`;
    const wide = await phone.evaluate(() => document.documentElement.scrollWidth);
    if (wide > SIZES.phone.width) return `on a phone the page is ${wide} pixels wide`;
    await look(phone, 'phone');
    return '';
  } catch (error) {
    return String(error.message).split('\n')[0];
  } finally {
    await browser.close();
  }
}
