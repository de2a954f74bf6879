import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BrowserSite, openSite } from '../support/browser.ts';

const folder = fileURLToPath(new URL('../../docs/figures', import.meta.url));
const files = readdirSync(folder).filter((name) => name.endsWith('.svg'));
let site: BrowserSite;

beforeAll(async () => {
  site = await openSite(folder);
});

afterAll(async () => {
  await site?.close();
});

test('they are valid XML, without a script, and with nothing from elsewhere', async () => {
  const { page } = await site.open('/rings.svg');
  for (const file of files) {
    const found = await page.evaluate(
      (text) => {
        const root = new DOMParser().parseFromString(text, 'image/svg+xml').documentElement;
        const all = [root, ...root.querySelectorAll('*')];
        const attributes = all.flatMap((each) => [...each.attributes].map(({ name, value }) => `${each.localName} ${name}=${value}`));
        return {
          root: root.localName,
          named: root.querySelector('title')?.textContent !== '' && root.querySelector('desc')?.textContent !== '',
          tags: [...new Set(all.map((each) => each.localName))],
          handlers: attributes.filter((text) => /^\S+ on\w*=/.test(text)),
          references: attributes.filter((text) => / (xlink:)?(href|src)=(?!#)/.test(text) && !text.startsWith('a href=')),
          styles: [...root.querySelectorAll('style')].map((style) => style.textContent ?? '').join(''),
        };
      },
      readFileSync(`${folder}/${file}`, 'utf8'),
    );
    expect(found, file).toMatchObject({ root: 'svg', named: true, handlers: [], references: [] });
    for (const tag of ['script', 'foreignObject', 'image', 'parsererror', 'iframe']) expect(found.tags, file).not.toContain(tag);
    expect(found.styles, file).not.toMatch(/@import|url\((?!#)/);
  }
  await page.context().close();
});

/** What an image shows at two moments. */
async function twice(reducedMotion: 'reduce' | 'no-preference') {
  const { page } = await site.open('/rings.svg', { reducedMotion, viewport: { width: 520, height: 560 } });
  await page.goto(`${site.origin}/exit.svg`);
  const at = (seconds: number) =>
    page.evaluate((time) => {
      for (const animation of document.getAnimations()) {
        animation.pause();
        animation.currentTime = time * 1000;
      }
      return document.getAnimations().length;
    }, seconds);
  const running = await at(0.5);
  const first = await page.screenshot();
  await at(14.5);
  const later = await page.screenshot();
  await page.context().close();
  return { running, same: first.equals(later) };
}

test('an animated one moves without a script, and stands still where motion is not wanted', async () => {
  expect(await twice('no-preference')).toMatchObject({ running: expect.any(Number), same: false });
  expect(await twice('reduce')).toEqual({ running: 0, same: true });
});

test('all of them print', async () => {
  const { page, problems } = await site.open('/rings.svg');
  const pictures = files
    .map((file) => `<img src="data:image/svg+xml,${encodeURIComponent(readFileSync(`${folder}/${file}`, 'utf8'))}" alt="${file}">`)
    .join('');
  await page.goto('about:blank');
  await page.setContent(`<body style="background: #fff">${pictures}`, { waitUntil: 'load' });
  const widths = await page.evaluate(() =>
    Promise.all([...document.images].map((image) => image.decode().then(() => [image.alt, image.naturalWidth] as const))),
  );
  for (const [name, width] of widths) expect(width, name).toBeGreaterThan(100);
  expect((await page.pdf({ printBackground: true })).length).toBeGreaterThan(50_000);
  expect(problems).toEqual([]);
  await page.context().close();
});
