import type { Page } from 'playwright-core';

/** Text that is too small, cut off, outside of the window, or on top of other text. */
export async function misplaced(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const out: string[] = [];
    const shown = (e: Element) => e.textContent?.trim() && e.getBoundingClientRect().width > 1 && !e.closest('.hidden');
    const name = (e: Element) => `${e.getAttribute('class') ?? e.tagName} “${e.textContent?.trim().slice(0, 30)}”`;
    for (const e of [
      ...document.querySelectorAll('svg text, .row > span, .row > button, h1, h2, h3, p, dt, dd, button, pre, label'),
    ].filter(shown)) {
      const size = Number.parseFloat(getComputedStyle(e).fontSize);
      if (size < 12) out.push(`small ${size} ${name(e)}`);
      const box = e.getBoundingClientRect();
      if (box.right > innerWidth + 1 || box.left < -1) out.push(`outside ${name(e)}`);
    }
    for (const svg of document.querySelectorAll('svg')) {
      const texts = [...svg.querySelectorAll('text')].filter((e) => shown(e) && !e.querySelector('textPath'));
      texts.forEach((a, i) => {
        for (const b of texts.slice(i + 1)) {
          const [p, q] = [a.getBoundingClientRect(), b.getBoundingClientRect()];
          const w = Math.min(p.right, q.right) - Math.max(p.left, q.left);
          const h = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top);
          if (w > 1.5 && h > 4.5) out.push(`overlap ${name(a)} / ${name(b)}`);
        }
      });
    }
    if (document.documentElement.scrollWidth > innerWidth)
      out.push(`the page is ${document.documentElement.scrollWidth} wide in ${innerWidth}`);
    return out;
  });
}
