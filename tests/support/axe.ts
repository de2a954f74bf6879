import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Found {
  readonly violations: { id: string; nodes: { html: string; failureSummary: string }[] }[];
}

interface Axe {
  run(context: Element, options: object): Promise<Found>;
}

interface Part {
  /** Looks at this part of the page alone. */
  readonly within?: string;
  /** These rules alone. */
  readonly rules?: readonly string[];
}

/** What axe finds in a page: each rule with the places. */
export async function violations(page: Page, { within = 'html', rules }: Part = {}): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe);
  return page.evaluate(
    async ([selector, runOnly]) => {
      const context = document.querySelector(selector);
      if (!context) throw new Error(`nothing here is ${selector}`);
      const options = { resultTypes: ['violations'], ...(runOnly ? { runOnly } : { rules: { 'target-size': { enabled: true } } }) };
      const { violations: found } = await (globalThis as unknown as { axe: Axe }).axe.run(context, options);
      return found.map((v) => `${v.id}: ${v.nodes.map((n) => `${n.html.slice(0, 160)} ${n.failureSummary}`).join(' | ')}`);
    },
    [within, rules] as const,
  );
}

/** What depends on how the page is drawn; the rest of the rules look at the document, which is the same in any scheme. */
const DRAWN = ['color-contrast', 'link-in-text-block', 'scrollable-region-focusable'];

const SCHEMES = [
  { name: 'light', media: { colorScheme: 'light', forcedColors: 'none' }, rules: undefined },
  { name: 'dark', media: { colorScheme: 'dark', forcedColors: 'none' }, rules: DRAWN },
  { name: 'forced colours', media: { colorScheme: 'light', forcedColors: 'active' }, rules: DRAWN },
] as const;

/** The same in light, in dark and in forced colours; the page is left in light. */
export async function violationsInAll(page: Page, within?: string): Promise<string[]> {
  const all: string[] = [];
  for (const { name, media, rules } of SCHEMES) {
    await page.emulateMedia(media);
    all.push(...(await violations(page, { within, rules })).map((found) => `${name}: ${found}`));
  }
  await page.emulateMedia(SCHEMES[0].media);
  return all;
}
