import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BrowserSite, openSite } from '../support/browser.ts';
import { type Site, servePages } from '../support/site.ts';

let site: BrowserSite;
let host: Site;
const pages: Record<string, string> = {};

beforeAll(async () => {
  site = await openSite();
  const page = (body: string) => `<!doctype html><title>A blog</title><body style="margin: 20px"><script>
    window.heard = [];
    for (const name of ['ready', 'step', 'exit', 'error']) {
      document.addEventListener('rm1-' + name, (event) => heard.push(name + ' ' + event.detail.step));
    }</script>${body}
    <script src="${site.origin}/ringminusone.js"></script>`;
  pages['/'] = page(`<ring-minus-one id="one" scenario="first-exit" step="612" panels="text,rings"><p>One VM exit.</p></ring-minus-one>`);
  pages['/program'] = page(`<ring-minus-one id="one" panels="text,code" vmm="none"><pre data-asm>
        org 0x7c00
start:  mov eax, 41             ; &lt;b&gt;not bold&lt;/b&gt;
        inc eax
        hlt
</pre></ring-minus-one>`);
  pages['/graded'] = page(`<ring-minus-one id="one" panels="text" vmm="none" predict="always"><pre data-asm>
        org 0x7c00
        cli
        cli
        hlt
</pre></ring-minus-one>`);
  pages['/static'] = page(`<ring-minus-one id="one" scenario="first-exit" poster="static" hidden></ring-minus-one>
    <ring-minus-one id="two" scenario="first-exit" predict="always" step="612"></ring-minus-one>`);
  host = await servePages(pages);
});

afterAll(async () => {
  await Promise.all([site?.close(), host?.close()]);
});

interface Element extends HTMLElement {
  ready: Promise<{ step: number }>;
  state: { step: number; ring: number };
  step: number;
  length: number;
  theme: string;
  stepForward(n?: number): Promise<{ step: number; sentence: string }>;
  stepBack(n?: number): Promise<{ step: number }>;
  goTo(step: number): Promise<{ step: number }>;
  runTo(wanted: 'exit' | number | ((state: { ring: number }) => boolean)): Promise<{ step: number; ring: number }>;
  exportImage(options?: object): Promise<string | Blob>;
  getPermalink(): Promise<string>;
}

async function open(path: string): Promise<Page> {
  const context = await site.browser.newContext({ viewport: { width: 800, height: 800 } });
  const page = await context.newPage();
  await page.goto(host.origin + path);
  return page;
}

test('the element shows a machine, moves it, and says what it did', async () => {
  const page = await open('/');
  const result = await page.evaluate(async () => {
    const one = document.getElementById('one') as Element;
    await one.ready;
    const forward = await one.stepForward();
    const back = await one.stepBack();
    const gone = await one.goTo(620);
    const root = await one.runTo((state) => state.ring === 0);
    const png = (await one.exportImage({ format: 'png', panel: 'rings', scale: 1 })) as Blob;
    return {
      steps: [forward.step, back.step, gone.step],
      root,
      heard: (window as unknown as { heard: string[] }).heard,
      svg: ((await one.exportImage()) as string).slice(0, 5),
      png: [png.type, png.size > 5000],
      link: await one.getPermalink(),
      height: one.getBoundingClientRect().height,
      text: one.textContent,
      focus: document.activeElement === document.body,
    };
  });
  expect(result.steps).toEqual([613, 612, 620]);
  expect(result.root.ring).toBe(0);
  expect(result.heard.slice(0, 4)).toEqual(['ready 612', 'step 612', 'step 613', 'exit 613']);
  expect(result.heard).not.toContain('step 620');
  expect(result).toMatchObject({ svg: '<svg ', png: ['image/png', true], text: 'One VM exit.', focus: true });
  expect(result.link).toBe(`${site.origin}/#scenario=first-exit&vmm=vtx&step=${result.root.step}`);
  expect(result.height).toBeGreaterThan(350);

  await page.evaluate(() => document.documentElement.setAttribute('data-theme', 'dark'));
  const frame = page.frames()[1]!;
  await frame.waitForSelector('html[data-theme="dark"]');
  await page.evaluate(() => {
    const one = document.getElementById('one') as Element;
    one.style.setProperty('--rm1-bg', 'rgb(1, 2, 3)');
    one.theme = 'light';
    document.documentElement.setAttribute('data-theme', 'light');
  });
  await frame.waitForSelector('html[data-theme="light"]');
  await frame.waitForFunction(() => getComputedStyle(document.documentElement).backgroundColor === 'rgb(1, 2, 3)');
  await page.addStyleTag({ content: '#one::part(ring) { fill: rgb(9, 8, 7) } #one::part(step-button) { border-radius: 17px }' });
  await page.evaluate(() => {
    const one = document.getElementById('one') as Element;
    one.style.setProperty('--rm1-duration', '700ms');
    one.style.removeProperty('--rm1-bg');
    document.documentElement.lang = 'de';
  });
  await frame.waitForSelector('html[lang="de"]');
  await frame.waitForFunction(() => getComputedStyle(document.querySelector('.rm-rings .cell')!).fill === 'rgb(9, 8, 7)');
  expect(
    await frame.evaluate(() => {
      const style = (selector: string) => getComputedStyle(document.querySelector(selector)!);
      return [
        style('.transport .tb.main').borderRadius,
        style('.app').getPropertyValue('--rm-travel'),
        style('html').backgroundColor === 'rgb(1, 2, 3)',
        document.documentElement.dataset.step,
      ];
    }),
  ).toEqual(['17px', '700ms', false, String(result.root.step)]);
  await page.evaluate(() => document.getElementById('one')!.removeAttribute('panels'));
  await frame.getByTestId('stream').waitFor();

  await page.evaluate(() => {
    const one = document.getElementById('one') as Element;
    document.body.append(one);
  });
  await page.waitForFunction(() => document.querySelector('ring-minus-one')?.shadowRoot?.querySelectorAll('iframe').length === 1);
  await page.context().close();
});

test('a program that the element holds is shown without a script, and run with one', async () => {
  const page = await open('/program');
  const result = await page.evaluate(async () => {
    const one = document.getElementById('one') as Element;
    await one.ready;
    await one.stepForward(2);
    return { step: one.state.step, link: await one.getPermalink(), fallback: getComputedStyle(one.querySelector('pre')!).display };
  });
  expect(result.step).toBe(2);
  expect(result.link).toContain('/#v=1&s=');
  const other = await site.open(result.link.slice(site.origin.length));
  await other.page.waitForSelector('html[data-step="2"]');
  expect(await other.page.getByTestId('stream').textContent()).toContain('<b>not bold</b>');
  await other.page.context().close();
  await page.context().close();
});

test('at the end it says how many predictions were right, with a line for whoever grades', async () => {
  const page = await open('/graded');
  const told = page.evaluate(
    () =>
      new Promise<{ score: number; max: number; record: string }>((resolve) =>
        document.addEventListener('rm1-complete', (event) => resolve((event as CustomEvent).detail)),
      ),
  );
  const frame = page.locator('#one').frameLocator('iframe');
  for (let step = 1; step <= 3; step++) {
    if (step < 3) await frame.locator('.predict-option input').first().check();
    await frame.getByRole('button', { name: 'Step', exact: true }).click();
    await page.waitForFunction((n) => (document.getElementById('one') as Element).state?.step === n, step);
  }
  const { score, max, record } = await told;
  expect(max).toBe(2);
  expect(record).toMatch(new RegExp(`^rm1-record v=1 program:[0-9a-f]{8} none ${score}/2 0:\\w+/\\w+ 1:\\w+/\\w+ [0-9a-f]{8}$`));
  expect(await frame.getByLabel('For your teacher, to copy:').inputValue()).toBe(record);
  await page.context().close();
});

test('a picture until it is wanted; hidden when hidden; predictions are told and counted', async () => {
  const page = await open('/static');
  expect(await page.locator('#one').isVisible()).toBe(false);
  await page.evaluate(() => document.getElementById('one')!.removeAttribute('hidden'));
  await page.locator('#one img').waitFor();
  expect(await page.locator('#one iframe').count()).toBe(0);
  const told = page.evaluate(
    () =>
      new Promise((resolve) => document.addEventListener('rm1-predict', (event) => resolve((event as CustomEvent).detail), { once: true })),
  );
  await page.locator('#two iframe').waitFor();
  const frame = page.locator('#two').frameLocator('iframe');
  const step = frame.getByRole('button', { name: 'Step', exact: true });
  await frame.locator('.predict-option input').first().check();
  await step.click();
  expect(await told).toMatchObject({ id: expect.stringMatching(/^\w+@\d+$/), question: expect.any(String), correct: expect.any(Boolean) });
  await page.locator('#one').getByRole('button', { name: 'Step through it' }).click();
  await page.locator('#one iframe').waitFor();
  await page.context().close();
});

test('the loader is at most 3 KB', () => {
  const file = fileURLToPath(new URL('../../dist/ringminusone.js', import.meta.url));
  expect(gzipSync(readFileSync(file), { level: 9 }).length).toBeLessThanOrEqual(3 * 1024);
});
