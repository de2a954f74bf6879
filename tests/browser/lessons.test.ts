import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findLesson, lessons } from '../../src/lessons/catalog.ts';
import { GLOSSARY } from '../../src/lessons/glossary.ts';
import { Session } from '../../src/session/session.ts';
import { violations, violationsInAll } from '../support/axe.ts';
import { type BrowserSite, type OpenPage, openSite } from '../support/browser.ts';

let site: BrowserSite;

beforeAll(async () => {
  site = await openSite();
});

afterAll(() => site?.close());

/** Presses Tab until the element with the focus has this name. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => {
      const element = document.activeElement;
      if (!(element instanceof HTMLElement) || element === document.body) return '';
      return element.getAttribute('aria-label') ?? element.innerText;
    });
    if (focused.replace(/\s+/g, ' ').includes(name)) return;
  }
  throw new Error(`no way to “${name}” with Tab`);
}

const heading = (page: Page, text: string) => page.getByTestId('lesson').getByRole('heading', { name: text, exact: true }).waitFor();

test('a lesson from the gallery to its end, by keyboard alone', async () => {
  const lesson = findLesson('first-exit')!;
  const { page, problems } = await site.open('/', { reducedMotion: 'reduce', viewport: { width: 1440, height: 900 } });
  await page.waitForSelector('html[data-ready]', { timeout: 30_000 });
  await tabTo(page, 'Lessons');
  await page.keyboard.press('Enter');
  await tabTo(page, 'Find a lesson');
  await page.keyboard.type('vmcs holds');
  await tabTo(page, lesson.title);
  await page.keyboard.press('Enter');
  for (const [i, { title, predict, change }] of lesson.pages.entries()) {
    await heading(page, title);
    if (change) {
      await tabTo(page, 'Make this change');
      await page.keyboard.press('Enter');
      await page.getByTestId('change').getByText('This machine runs the changed lines').waitFor();
    }
    if (predict) {
      await page.getByTestId('predict').getByRole('radio').first().waitFor();
      expect(await page.getByTestId('stream').textContent()).not.toContain('Will exit');
      expect(await page.getByTestId('narration').textContent()).toContain('hidden until you step');
      if (i === 1) expect(await violations(page)).toEqual([]);
      await page.getByTestId('predict').getByRole('radio').first().focus();
      await page.keyboard.press('Space');
      await tabTo(page, 'Step and see');
      await page.keyboard.press('Enter');
      await page.getByTestId('predict').getByText('what happened').waitFor();
    }
    if (i < lesson.pages.length - 1) {
      await tabTo(page, 'Next page');
      await page.keyboard.press('Enter');
    }
  }
  expect(await page.getByTestId('lesson').textContent()).toContain('The end of this lesson');
  await page.waitForFunction((n) => location.hash === `#lesson=first-exit&page=${n}`, lesson.pages.length);
  expect(problems).toEqual([]);
  await page.context().close();
});

test('a link to a page of a lesson; 320 px wide without sideways scroll; axe finds nothing in the dark', async () => {
  const { page, problems } = await site.open('/#lesson=first-exit&page=2', {
    reducedMotion: 'reduce',
    colorScheme: 'dark',
    viewport: { width: 320, height: 640 },
  });
  await heading(page, 'Who runs next?');
  await page.getByTestId('predict').getByRole('radio').first().waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  expect(await violations(page)).toEqual([]);
  expect(problems).toEqual([]);
  await page.context().close();
});

test('questions for any program: asked where it is worth it, answered by the step', async () => {
  const { page } = await site.open('/#scenario=first-exit&step=612', { reducedMotion: 'reduce', viewport: { width: 1440, height: 900 } });
  await page.waitForSelector('html[data-ready]', { timeout: 30_000 });
  await page.getByRole('checkbox', { name: 'Predict' }).check();
  const question = page.getByTestId('predict');
  await question.getByRole('radio', { name: /The hypervisor/ }).check();
  await question.getByRole('button', { name: 'Step and see' }).click();
  await question.getByText('As you expected').waitFor();
  expect(await question.textContent()).toContain('VM exit 28');
  await page.context().close();
});

test('a wrong guess of a vector: what was expected beside what happened, and why; axe finds nothing', async () => {
  const session = Session.open({ scenario: 'forbidden' });
  for (const _ of session.toPlace({ event: 'exception', name: '13', count: 1, steps: -1 }));
  const { page, problems } = await site.open(`/#scenario=forbidden&step=${session.n}`, {
    reducedMotion: 'reduce',
    viewport: { width: 1440, height: 900 },
  });
  await page.waitForSelector('html[data-ready]', { timeout: 30_000 });
  await page.getByRole('checkbox', { name: 'Predict' }).check();
  const predict = page.getByTestId('predict');
  await predict.getByText('Predict: through which vector of the IDT?').waitFor();
  expect(await predict.getByRole('radio').count()).toBe(4);
  expect(await violations(page)).toEqual([]);
  await predict.getByRole('radio', { name: /Vector 6\b/ }).check();
  await predict.getByRole('button', { name: 'Step and see' }).click();
  await predict.getByRole('heading', { name: 'It went another way' }).waitFor();
  const cards = predict.locator('.predict-card');
  expect(await cards.count()).toBe(2);
  expect(await cards.nth(0).textContent()).toMatch(/what you expected.*#UD/);
  expect(await cards.nth(1).textContent()).toMatch(/what happened.*#GP/);
  const [expected, happened] = [await cards.nth(0).boundingBox(), await cards.nth(1).boundingBox()];
  expect(happened!.y).toBe(expected!.y);
  expect(await predict.getByRole('status').textContent()).toMatch(/#UD, vector 6, is for opcodes.*CPL is 0.*does not hold: CPL 3/);
  expect(await violations(page)).toEqual([]);
  expect(problems).toEqual([]);
  await page.context().close();
});

test('a word of the glossary is explained by mouse, finger and keyboard; Escape closes it, and the focus stays', async () => {
  const { page, problems } = await site.open('/#lesson=first-exit&page=3', { reducedMotion: 'reduce', hasTouch: true });
  await heading(page, 'Reason 28');
  const word = page.getByRole('button', { name: 'VMCS', exact: true });
  const note = page.locator('.note:popover-open');
  await word.waitFor();
  const closes = async () => {
    await page.keyboard.press('Escape');
    await note.waitFor({ state: 'detached' });
  };
  await word.hover();
  await note.waitFor();
  expect(await note.textContent()).toBe(GLOSSARY.vmcs);
  await note.hover();
  await page.waitForTimeout(400);
  expect(await note.count()).toBe(1);
  await closes();
  await page.mouse.move(1, 1);
  await word.focus();
  await page.keyboard.press('Enter');
  await note.waitFor();
  const [under, over] = [await note.boundingBox(), await word.boundingBox()];
  expect(under!.y).toBeCloseTo(over!.y + over!.height, 0);
  expect(await violationsInAll(page, '.lesson')).toEqual([]);
  await closes();
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('VMCS');
  await word.tap();
  await note.waitFor();
  await word.tap();
  await note.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'print', exact: true }).click();
  await page.getByRole('dialog').getByRole('heading', { name: 'Words' }).waitFor();
  expect(await page.locator('.handout-words dd').allTextContents()).toContain(GLOSSARY.vmcs);
  expect(problems).toEqual([]);
  await page.context().close();
});

/** What a page of a lesson shows at a time: lines of source, and panels. */
const shown = (page: Page) =>
  page.evaluate(() => ({
    lines: document.querySelectorAll('[data-testid=stream] .row.instruction').length,
    panels: document.querySelectorAll('.shown .pane, [role=tabpanel]').length,
  }));

/** The machine stands where the page of the lesson wants it. */
const arrived = (page: Page) =>
  page.waitForFunction(() => document.querySelector('html[data-ready]') && !document.querySelector('[role=progressbar]'), null, {
    timeout: 60_000,
  });

describe('every lesson, one after another as a reader takes them', () => {
  let reader: OpenPage;
  beforeAll(async () => {
    reader = await site.open('/', { reducedMotion: 'reduce' });
  });
  afterAll(() => reader?.page.context().close());

  test.each(lessons().map((lesson) => [lesson.id, lesson] as const))(
    '%s, from its first step to its last: at most 20 lines and three panels at a time, and no error',
    async (id, lesson) => {
      const { page, problems } = reader;
      const button = (name: string) => page.getByRole('button', { name });
      const text = page.getByTestId('lesson');
      const question = page.getByTestId('predict');
      await page.goto(`${site.origin}/#lesson=${id}`);
      for (const [i, { title, predict, change, build }] of lesson.pages.entries()) {
        await heading(page, title);
        await arrived(page);
        if (i === 0)
          for (const said of [...lesson.goals, `The machine here: ${lesson.machine}.`])
            await text.getByText(said, { exact: true }).waitFor();
        if (change) {
          await button('Make this change').click();
          await page.getByTestId('change').getByText('This machine runs the changed lines').waitFor({ timeout: 60_000 });
          await arrived(page);
        }
        if (predict) {
          await question.getByRole('radio').last().check();
          await button('Step and see').click();
          await question
            .getByText(/what happened|As you expected/)
            .first()
            .waitFor();
        }
        if (build) await page.getByTestId('build').waitFor();
        const { lines, panels } = await shown(page);
        expect(lines, title).toBeLessThanOrEqual(20);
        expect(panels, title).toBe(3);
        if (i < lesson.pages.length - 1) await button('Next page').click();
      }
      expect(await text.textContent()).toContain('The end of this lesson');
      expect(problems).toEqual([]);
    },
    120_000,
  );
});
