/**
 * In the browser: from a key to the page that shows its step. The page is at a million steps of two kernels under VT-x. A key is pressed as a frame
 * begins. `shown` ends when the page has been changed; `drawn` is how long the browser then takes to lay out and paint the frame with the change;
 * their sum must fit into a frame (16 ms). `painted` is from the key to the end of that frame, with the wait for it: never less than a frame.
 * `frames` counts the frames begun since the key until the one with the change: 1 is the very next.
 */
import type { Page } from 'playwright-core';
import { type BrowserSite, openSite } from '../support/browser.ts';

const STEP = 1_000_000;
const PRESSES = 60;
const RUNS = 5;
/** Of watching frames. */
const SECONDS = 3;
/** A scenario that goes on for ever. */
const LONG = 10_000_000;
const SCRUBS = 60;

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

/**
 * At `rate`-fold throttling of the processor, from an empty cache: when the first step is on the screen, and how long the page's thread has had the
 * processor until about then. Only the second is the same on a computer with other work.
 */
async function firstView(site: BrowserSite, rate: number): Promise<{ readonly seen: number; readonly busy: number }> {
  const context = await site.browser.newContext({ viewport: { width: 1440, height: 900 }, serviceWorkers: 'block' });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  await session.send('Emulation.setCPUThrottlingRate', { rate });
  await page.addInitScript(() => {
    new MutationObserver((_, observer) => {
      if (document.documentElement?.dataset.step === undefined) return;
      observer.disconnect();
      requestAnimationFrame(() => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => Object.assign(globalThis, { seen: performance.now() });
        channel.port2.postMessage(null);
      });
    }).observe(document, { attributes: true, subtree: true, attributeFilter: ['data-step'] });
  });
  await page.goto(site.origin);
  await page.waitForFunction(() => 'seen' in globalThis, undefined, { timeout: 60_000 });
  const { metrics } = await session.send('Performance.getMetrics');
  const seen = await page.evaluate(() => (globalThis as unknown as { seen: number }).seen);
  await context.close();
  return { seen, busy: 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) };
}

/** The share of intervals between frames of more than 25 ms, and the median interval, over `SECONDS`. */
const frames = (page: Page): Promise<{ readonly late: number; readonly median: number }> =>
  page.evaluate(
    (seconds) =>
      new Promise<{ late: number; median: number }>((resolve) => {
        const intervals: number[] = [];
        let before = 0;
        const tick = (time: number) => {
          if (before > 0) intervals.push(time - before);
          before = time;
          if (intervals.reduce((sum, each) => sum + each, 0) < seconds * 1000) requestAnimationFrame(tick);
          else {
            const sorted = [...intervals].sort((a, b) => a - b);
            resolve({ late: intervals.filter((each) => each > 25).length / intervals.length, median: sorted[sorted.length >> 1]! });
          }
        };
        requestAnimationFrame(tick);
      }),
    SECONDS,
  );

/** Presses on the timeline's strip of the whole run, at a share of its width: from the press until what follows is painted. */
async function scrub(page: Page, share: number): Promise<number> {
  const { x, y, width } = (await page.getByTestId('timeline').boundingBox())!;
  const painted = await page.evaluateHandle(() => {
    const watch = (resolve: (ms: number) => void) => {
      let begun = 0;
      document.addEventListener('pointerdown', (event) => (begun = event.timeStamp), { once: true, capture: true });
      new MutationObserver((_, observer) => {
        observer.disconnect();
        requestAnimationFrame(() => {
          const channel = new MessageChannel();
          channel.port1.onmessage = () => resolve(performance.now() - begun);
          channel.port2.postMessage(null);
        });
      }).observe(document.documentElement, { attributes: true, attributeFilter: ['data-step'] });
    };
    return { ms: new Promise<number>(watch) };
  });
  await page.mouse.click(x + width * share, y + 4);
  return painted.evaluate(({ ms }) => ms);
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;

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

  for (const rate of [1, 4]) {
    const views: Awaited<ReturnType<typeof firstView>>[] = [];
    for (let k = 0; k < RUNS; k++) views.push(await firstView(site, rate));
    const of = (pick: (view: (typeof views)[number]) => number) => `${median(views.map(pick)).toFixed(0)} ms`;
    console.log(
      `first view, ${rate}-fold throttling      ${of(({ seen }) => seen)}, the page's thread busy ${of(({ busy }) => busy)} (median of ${RUNS})`,
    );
  }

  const empty = await site.browser.newPage();
  const still: number[] = [];
  const running: number[] = [];
  const intervals: number[] = [];
  for (let k = 0; k < RUNS; k++) {
    still.push((await frames(empty)).late);
    const { page: stage } = await site.open('/#scenario=two-kernels&step=0');
    await stage.waitForSelector('[data-ready]', { timeout: 60_000 });
    await stage.evaluate(() => document.body.dispatchEvent(new KeyboardEvent('keydown', { key: ' ', bubbles: true })));
    const seen = await frames(stage);
    running.push(seen.late);
    intervals.push(seen.median);
    await stage.context().close();
  }
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  console.log(
    `frames more than 25 ms apart     ${percent(median(running))} while running, ${percent(median(still))} in an empty page (median of ${RUNS}); median interval ${median(intervals).toFixed(1)} ms`,
  );

  const { page: long } = await site.open(`/#scenario=hostile&vmm=vtx&step=${LONG}`);
  await long.waitForSelector('[data-ready]', { timeout: 120_000 });
  const reached = Number(await long.getByTestId('timeline').getAttribute('aria-valuemax'));
  if (reached < LONG) throw new Error(`the long run ended at step ${reached}`);
  let seed = 12345;
  const random = () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed / 2 ** 32;
  };
  const scrubs: number[] = [];
  for (let k = 0; k < SCRUBS; k++) scrubs.push(await scrub(long, 0.12 + 0.8 * random()));
  console.log(
    `to any of ${LONG} steps          ${percentile(scrubs, 0.5).toFixed(0)} (${percentile(scrubs, 0.95).toFixed(0)}) ms, painted`,
  );
} finally {
  await site.close();
}
