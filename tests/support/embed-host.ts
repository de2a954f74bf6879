import type { Page } from 'playwright-core';

/** A page of somebody else's: long, scrolled, with the focus in a field of its own, and noting every message. */
export const HOST_PAGE = `<!doctype html>
<title>A course page</title>
<body style="margin: 0 40px; font: 16px sans-serif">
<div style="height: 300px">Before</div>
<input id="own" value="the reader types here">
<div id="place"></div>
<div style="height: 3000px">After</div>
<script>
  window.messages = [];
  window.disturbed = [];
  for (const type of ['focusin', 'focusout', 'scroll', 'scrollend', 'blur', 'resize', 'popstate', 'hashchange'])
    addEventListener(type, () => disturbed.push(type), true);
  addEventListener('message', (event) => {
    messages.push({ at: performance.now(), data: event.data });
    const { data } = event;
    if (data?.source !== 'rm1' || data.type !== 'resize') return;
    for (const frame of document.querySelectorAll('iframe')) if (frame.contentWindow === event.source) frame.style.height = data.height + 'px';
  });
</script>`;

export interface Told {
  readonly at: number;
  readonly data: { readonly type?: string; readonly id?: string; readonly step?: number; readonly rung?: string; readonly height?: number };
}

export async function enter(page: Page, origin: string): Promise<void> {
  await page.goto(`${origin}/`);
  await page.focus('#own');
  await page.evaluate(async () => {
    scrollTo(0, 120);
    for (let k = 0; k < 3; k++) await new Promise(requestAnimationFrame);
    (window as unknown as { disturbed: string[] }).disturbed.length = 0;
  });
}

/** Puts a frame into the page; resolves to when that was, by the page's clock. */
export function addFrame(page: Page, src: string, attributes: Readonly<Record<string, string>> = {}): Promise<number> {
  return page.evaluate(
    ([address, given]) => {
      const frame = document.createElement('iframe');
      for (const [name, value] of Object.entries(given)) frame.setAttribute(name, value);
      frame.style.cssText = 'width: 100%; height: 420px; border: 0';
      frame.src = address;
      const now = performance.now();
      document.getElementById('place')?.append(frame);
      return now;
    },
    [src, attributes] as const,
  );
}

export const told = (page: Page): Promise<Told[]> => page.evaluate(() => (window as unknown as { messages: Told[] }).messages);

/** Waits for a message from an embed: its type, and its step when one is given. */
export async function waitForMessage(page: Page, type: string, id: string, step?: number): Promise<Told> {
  const found = await page.waitForFunction(
    ([wanted, whose, at]) =>
      (window as unknown as { messages: Told[] }).messages.find(
        ({ data }) => data?.type === wanted && data.id === whose && (at === null || data.step === at),
      ),
    [type, id, step ?? null] as const,
    { timeout: 15_000 },
  );
  return (await found.jsonValue()) as Told;
}

export const send = (page: Page, command: unknown, index = 0): Promise<void> =>
  page.evaluate(([message, k]) => document.querySelectorAll('iframe')[k as number]?.contentWindow?.postMessage(message, '*'), [
    command,
    index,
  ] as const);

/** Where the reader is: what has the focus, how far the page is scrolled, and what has changed of that since the page was entered. */
export const place = (page: Page): Promise<{ focus: string; scroll: number; entries: number; disturbed: string[] }> =>
  page.evaluate(() => ({
    focus: document.activeElement?.id ?? '',
    scroll: scrollY,
    entries: history.length,
    disturbed: (window as unknown as { disturbed: string[] }).disturbed,
  }));
