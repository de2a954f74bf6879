/**
 * In the browser: from a key to the page that shows its step. The page is at a million steps of two kernels under VT-x. A key is pressed as a frame
 * begins. `shown` ends when the page has been changed; `drawn` is how long the browser then takes to lay out and paint the frame with the change;
 * their sum must fit into a frame (16 ms). `painted` is from the key to the end of that frame, with the wait for it: never less than a frame.
 * `frames` counts the frames begun since the key until the one with the change: 1 is the very next.
 */
import type { Page } from 'playwright-core';
import { openSite } from '../support/browser.ts';

const STEP = 1_000_000;
const PRESSES = 60;

interface Times {
  readonly shown: number;
  readonly drawn: number;
  readonly painted: number;
  readonly frames: number;
}

/** Presses a key in the page and times it there. */
const press = (page: Page, key: string): Promise<Times> =>
  page.evaluate(
    (name) =>
      new Promise<Times>((resolve) => {
        requestAnimationFrame(() => {
          const start = performance.now();
          let shown = 0;
          let frames = 0;
          const observer = new MutationObserver(() => {
            observer.disconnect();
            shown = performance.now() - start;
          });
          const frame = () => {
            frames++;
            if (shown === 0) {
              requestAnimationFrame(frame);
              return;
            }
            const begun = performance.now();
            const channel = new MessageChannel();
            channel.port1.onmessage = () => {
              const end = performance.now();
              resolve({ shown, drawn: end - begun, painted: end - start, frames });
            };
            channel.port2.postMessage(null);
          };
          requestAnimationFrame(frame);
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
  console.log(
    `ms: median (95 %)${['shown', 'drawn', 'shown + drawn', 'painted'].map((name) => name.padStart(17)).join('')}   in the next frame`,
  );
  for (const [what, key] of [
    ['Step', 'ArrowRight'],
    ['Back', 'ArrowLeft'],
  ]) {
    const times: Times[] = [];
    for (let k = 0; k < PRESSES; k++) times.push(await press(page, key));
    const figure = (pick: (t: Times) => number) => {
      const values = times.map(pick);
      return `${percentile(values, 0.5).toFixed(1)} (${percentile(values, 0.95).toFixed(1)})`.padStart(17);
    };
    const figures = [figure((t) => t.shown), figure((t) => t.drawn), figure((t) => t.shown + t.drawn), figure((t) => t.painted)];
    const next = times.filter((t) => t.frames === 1).length;
    console.log(`${what.padEnd(16)}${figures.join('')}   ${next} of ${PRESSES}`);
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
