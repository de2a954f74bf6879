/**
 * In the browser: from a key to the page that shows its step. `shown` ends when the page has been changed, `painted` in the first frame after
 * that. The page is at a million steps of two kernels under VT-x.
 */
import type { Page } from 'playwright-core';
import { openSite } from '../support/browser.ts';

const STEP = 1_000_000;
const PRESSES = 40;

interface Times {
  readonly shown: number;
  readonly painted: number;
}

/** Presses a key in the page and times it there. */
const press = (page: Page, key: string): Promise<Times> =>
  page.evaluate(
    (name) =>
      new Promise<Times>((resolve) => {
        requestAnimationFrame(() => {
          const start = performance.now();
          const observer = new MutationObserver(() => {
            observer.disconnect();
            const shown = performance.now() - start;
            requestAnimationFrame(() => {
              const channel = new MessageChannel();
              channel.port1.onmessage = () => resolve({ shown, painted: performance.now() - start });
              channel.port2.postMessage(null);
            });
          });
          observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-step'] });
          document.body.dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true }));
        });
      }),
    key,
  );

const percentile = (values: number[], share: number): number => values.sort((a, b) => a - b)[Math.floor(values.length * share)];

/** The bench is run from the root of the checkout, after npm run build. */
const site = await openSite('dist');
try {
  const { page } = await site.open(`/#scenario=two-kernels&step=${STEP}`, { reducedMotion: 'reduce' });
  await page.waitForSelector('[data-ready]', { timeout: 60_000 });
  console.log(`${''.padEnd(24)}${'shown'.padStart(18)}${'painted'.padStart(22)}`);
  console.log(`${''.padEnd(24)}${'median    95 %'.padStart(18)}${'median    95 %'.padStart(22)}   ms`);
  for (const [what, key] of [
    ['Step', 'ArrowRight'],
    ['Back', 'ArrowLeft'],
  ]) {
    const times: Times[] = [];
    for (let k = 0; k < PRESSES; k++) times.push(await press(page, key));
    const figure = (pick: (t: Times) => number) =>
      `${percentile(times.map(pick), 0.5).toFixed(1)}${percentile(times.map(pick), 0.95).toFixed(1).padStart(8)}`;
    console.log(`${what.padEnd(24)}${figure((t) => t.shown).padStart(18)}${figure((t) => t.painted).padStart(22)}`);
  }
  const empty = await site.browser.newPage();
  const frames = await empty.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const start = performance.now();
        let count = 0;
        const tick = () => (++count < 60 ? requestAnimationFrame(tick) : resolve((performance.now() - start) / count));
        requestAnimationFrame(tick);
      }),
  );
  console.log(`a frame of an empty page takes ${frames.toFixed(1)} ms here`);
} finally {
  await site.close();
}
