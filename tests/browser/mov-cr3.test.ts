/** The product's main job, as a reader does it: over a guest's MOV CR3 into ring -1, through the handler, back into the guest, and back again. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BrowserSite, openSite } from '../support/browser.ts';

let site: BrowserSite;

beforeAll(async () => {
  site = await openSite();
});

afterAll(() => site?.close());

interface Seen {
  readonly step: number;
  readonly hash: string;
  readonly rings: string;
  readonly stream: string;
  readonly current: string;
  readonly exits: string;
  readonly narration: string;
}

const see = (page: Page): Promise<Seen> =>
  page.evaluate(() => {
    const root = document.querySelector('[data-ready]') as HTMLElement;
    const text = (id: string) => (document.querySelector(`[data-testid="${id}"]`) as HTMLElement).innerText.replace(/\s+/g, ' ').trim();
    const rings = document.querySelector('[data-testid="rings"]') as HTMLElement;
    return {
      step: Number(root.dataset.step),
      hash: root.dataset.hash ?? '',
      rings:
        `${rings.innerText} ${rings.querySelector('[role="img"]')?.getAttribute('aria-label') ?? ''} ${rings.getAttribute('aria-label') ?? ''}`.replace(
          /\s+/g,
          ' ',
        ),
      stream: text('stream'),
      current: (document.querySelector('[aria-current="step"]') as HTMLElement | null)?.innerText.replace(/\s+/g, ' ') ?? '',
      exits: text('exits'),
      narration: text('narration'),
    };
  });

async function click(page: Page, name: string): Promise<Seen> {
  const before = await page.evaluate(() => (document.querySelector('[data-ready]') as HTMLElement).dataset.step);
  await page.getByRole('button', { name, exact: true }).click();
  await page.waitForFunction((step) => (document.querySelector('[data-ready]') as HTMLElement).dataset.step !== step, before);
  return see(page);
}

describe.each(['first-exit', 'two-kernels'])('over a MOV CR3 exit in %s', (scenario) => {
  test('forward, back across it, and forward again: the same machine at each step', async () => {
    const { page, problems } = await site.open(`/#scenario=${scenario}&hash=1`, { reducedMotion: 'reduce' });
    await page.waitForSelector('[data-ready]', { timeout: 30_000 });

    const way: Seen[] = [await see(page)];
    while (!/mov cr3, eax/.test(way[way.length - 1].current) && way.length < 12) way.push(await click(page, 'Step'));
    const before = way[way.length - 1];
    expect(before.current).toMatch(/mov cr3, eax.*new page tables/);
    expect(before.stream).toMatch(/Will exit → hypervisor, ring −1 ?reason 28, control-register access/);
    expect(before.narration).toMatch(/VM 1’s kernel is about to load CR3 .* leaves the guest and wakes the hypervisor/);
    expect(before.rings).toMatch(/VM 1.*ring 0/);

    const inside = await click(page, 'Step');
    way.push(inside);
    expect(inside.step).toBe(before.step + 1);
    expect(inside.stream).toMatch(/VM exit → hypervisor, ring −1 ?reason 28, control-register access/);
    expect(inside.current).toMatch(/pushad.*save guest registers/);
    expect(inside.narration).toMatch(/VM 1’s kernel leaves the guest at mov cr3, eax, VM exit 28/);
    expect(inside.exits).toMatch(/28 Control-register access/);
    expect(inside.exits).toMatch(/Exit qualification 00000003h/);
    expect(inside.exits).toMatch(/11:8 ?0 from EAX.*5:4 ?0 MOV to CR.*3:0 ?3 CR3/);
    expect(inside.rings).toMatch(/ring −1|hypervisor/);
    expect(inside.rings).toMatch(/VM 1 exited, waiting/);

    while (!/vmresume/.test(way[way.length - 1].current) && way.length < 400) way.push(await click(page, 'Step'));
    const resume = way[way.length - 1];
    expect(resume.current).toMatch(/vmresume/);
    const returned = await click(page, 'Step');
    way.push(returned);
    expect(returned.narration).toMatch(/The hypervisor enters VM 1 at [0-9A-F]{8}, ring 0/);
    expect(returned.stream).toMatch(/VM entry → VM 1 · kernel, ring 0/);

    const hashes = new Map(way.map(({ step, hash }) => [step, hash]));
    expect(new Set(hashes.values()).size).toBe(way.length);
    for (let k = way.length - 2; k >= 0; k--) {
      const seen = await click(page, 'Back');
      expect(seen.step).toBe(way[k].step);
      expect(seen.hash).toBe(way[k].hash);
      expect(seen.current).toBe(way[k].current);
    }
    for (let k = 1; k < way.length; k++) {
      const seen = await click(page, 'Step');
      expect([seen.step, seen.hash]).toEqual([way[k].step, way[k].hash]);
    }
    expect(problems).toEqual([]);
    await page.context().close();
  }, 120_000);
});
