/** Ten things that a new reader does, by what stands on the page alone: with a mouse, by keyboard, and on a phone. */
import type { BrowserContextOptions, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { violations } from '../support/axe.ts';
import { type BrowserSite, openSite } from '../support/browser.ts';

type Role = Parameters<Page['getByRole']>[0];

interface Reader {
  readonly name: string;
  readonly options: BrowserContextOptions;
  press(page: Page, role: Role, name: string | RegExp): Promise<void>;
  /** Puts the cursor behind a text of the editor, which stands so many lines below its first. */
  goTo(page: Page, editor: Locator, text: string, lines: number): Promise<void>;
}

const PHONE: BrowserContextOptions = { viewport: { width: 375, height: 812 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };
const DESK: BrowserContextOptions = { viewport: { width: 1440, height: 900 } };

const named = (page: Page, role: Role, name: string | RegExp) => page.getByRole(role, { name, exact: true }).first();

/** Presses Tab until what is named has the focus. */
async function tabTo(page: Page, wanted: Locator): Promise<void> {
  await wanted.waitFor();
  for (let i = 0; i < 90; i++) {
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`no way with Tab to ${wanted}`);
}

const pointing = (how: 'click' | 'tap'): Pick<Reader, 'press' | 'goTo'> => ({
  press: (page, role, name) => named(page, role, name)[how](),
  async goTo(_, editor, text) {
    const words = editor.getByText(text).first();
    const { width, height } = (await words.boundingBox())!;
    await words[how]({ position: { x: width - 2, y: height / 2 } });
  },
});

const readers: readonly Reader[] = [
  {
    name: 'a mouse',
    options: DESK,
    ...pointing('click'),
  },
  {
    name: 'the keyboard alone',
    options: DESK,
    async press(page, role, name) {
      const options = page.getByRole('group', { name: /^Predict: / }).getByRole('radio');
      await tabTo(page, role === 'radio' ? options.first() : named(page, role, name));
      if (role !== 'radio') await page.keyboard.press('Enter');
      else {
        await page.keyboard.press('Space');
        for (let i = 0; i < 4 && !(await named(page, role, name).isChecked()); i++) await page.keyboard.press('ArrowDown');
      }
    },
    async goTo(page, editor, text, lines) {
      await tabTo(page, editor);
      await page.keyboard.press('Control+Home');
      for (let i = 0; i < lines; i++) await page.keyboard.press('ArrowDown');
      await page.keyboard.press('End');
      expect(await editor.textContent()).toContain(text);
    },
  },
  {
    name: 'a phone',
    options: PHONE,
    ...pointing('tap'),
  },
];

let site: BrowserSite;

beforeAll(async () => {
  site = await openSite();
});

afterAll(() => site?.close());

/** Where it is, all of it is on the screen, and nothing lies over its middle. */
async function isAtHand(thing: Locator): Promise<boolean> {
  return thing.evaluate((element) => {
    const { left, top, right, bottom } = element.getBoundingClientRect();
    const hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    return left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight && hit !== null && element.contains(hit);
  });
}

const stillStep = (page: Page) => page.evaluate(() => document.documentElement.dataset.step ?? '');

const diagram = (page: Page) => page.getByRole('img', { name: /^The processor is in/ }).first();

/** What the ring diagram says of now, and nothing of what comes. */
const whereIn = async (page: Page) => (await diagram(page).getAttribute('aria-label'))?.split(/[;.]/)[0];

describe.each(readers)('with $name', ({ options, press, goTo }) => {
  let page: Page;
  let problems: readonly string[];
  const text = (words: string | RegExp) => page.getByText(words).first();
  const exits = () => page.getByRole('textbox', { name: /^Source of .*exits\.inc$/ });

  beforeAll(async () => {
    ({ page, problems } = await site.open('/', {
      ...options,
      reducedMotion: 'reduce',
      permissions: ['clipboard-read', 'clipboard-write'],
    }));
    await page.addInitScript(() => {
      window.print = () => document.body.setAttribute('data-printed', '');
    });
    await page.reload();
  });

  afterAll(() => page?.context().close());

  test('1: opens the page, and a machine stands there, with a button to step it', async () => {
    await page.waitForSelector('html[data-ready]', { timeout: 60_000 });
    await page.getByRole('heading', { name: 'RingMinusOne' }).waitFor();
    await page.getByRole('img', { name: /^The processor is in VM 1, ring 0/ }).waitFor();
    expect(await isAtHand(named(page, 'button', 'Step'))).toBe(true);
  });

  test('2: finds the lesson on CR3', async () => {
    await press(page, 'button', 'Lessons');
    const field = page.getByRole('searchbox', { name: 'Find a lesson' });
    await field.waitFor();
    const before = await field.boundingBox();
    if (options.hasTouch) await field.tap();
    await page.keyboard.type('cr3');
    await press(page, 'button', /^Who owns CR3/);
    await page.getByRole('heading', { name: 'The very first instruction' }).waitFor();
    expect(before!.y).toBeLessThan(200);
    await text('Predict: who runs next?').waitFor();
    expect(await isAtHand(page.getByRole('heading', { name: 'The very first instruction' }))).toBe(true);
  });

  test('3: steps to the exit', async () => {
    await press(page, 'button', 'Step');
    await text('What happened').waitFor();
    await page
      .getByText(/VM 1’s kernel is stopped, VM exit 0/)
      .first()
      .waitFor();
    await page.getByRole('img', { name: /^The processor is in ring −1/ }).waitFor();
  });

  test('4: goes back, and is asked again', async () => {
    await press(page, 'button', 'Back');
    await text('Predict: who runs next?').waitFor();
    await text('What comes next is hidden until you step.').waitFor();
    await page.getByRole('img', { name: /^The processor is in VM 1, ring 0/ }).waitFor();
  });

  test('5: predicts wrong, and sees what was expected beside what happened, and why', async () => {
    await press(page, 'radio', /^A program/);
    await press(page, 'button', 'Step and see');
    await page.getByRole('heading', { name: 'It went another way' }).waitFor();
    await text('what you expected').waitFor();
    await text('what happened').waitFor();
    await text('The way out to ring 3 is an instruction of its own').waitFor();
    expect(await page.evaluate(() => document.activeElement !== document.body)).toBe(true);
  });

  test('6: asks why', async () => {
    await press(page, 'button', 'Why?');
    const why = page.getByRole('dialog', { name: /^Why: / });
    await why.getByText('bit 14 of the exception bitmap is 1').waitFor();
    await press(page, 'button', 'Close');
    await why.waitFor({ state: 'hidden' });
  });

  test('7: changes the program, which then runs at the same place of the lesson', async () => {
    const before = await stillStep(page);
    await press(page, 'button', 'source');
    await page.getByRole('combobox', { name: 'File' }).waitFor();
    await goTo(page, exits(), '; save guest registers', 6);
    await page.keyboard.press('Enter');
    await page.keyboard.type('nop ; a line of my own');
    if (!options.hasTouch) await page.keyboard.press('Escape');
    await press(page, 'button', 'Assemble and start');
    await text('This machine runs your version.').waitFor();
    expect(await page.getByRole('combobox', { name: 'File' }).inputValue()).toContain('exits.inc');
    await text('What comes next is hidden until you step.').waitFor();
    await press(page, 'button', 'Step');
    await page.waitForSelector(`html[data-step="${before}"]`);
    await page.getByRole('region', { name: 'Instructions' }).getByText('nop').first().waitFor();
  });

  test('8: makes an error, is told at the line what it is, still has the button at hand, and can undo all', async () => {
    await goTo(page, exits(), '; save guest registers', 6);
    await page.keyboard.press('Enter');
    await page.keyboard.type('mvo ebx, 5');
    if (!options.hasTouch) await page.keyboard.press('Escape');
    await press(page, 'button', 'Assemble and start');
    await page.getByRole('alert').getByText('there is no instruction `mvo`').waitFor();
    await exits().getByText('did you mean mov?').waitFor();
    await text('the machine beside is the last that assembled').waitFor();
    await named(page, 'button', 'Assemble and start').scrollIntoViewIfNeeded();
    expect(await isAtHand(named(page, 'button', 'Assemble and start'))).toBe(true);
    if (options.viewport!.width > 1000) expect(await page.evaluate(() => scrollY)).toBe(0);
    await press(page, 'button', 'undo all changes');
    await text('Change a line, and this machine runs it.').waitFor();
    expect(await exits().textContent()).not.toContain('mvo');
    await press(page, 'button', 'close');
    await page.getByRole('heading', { name: 'The very first instruction' }).waitFor();
  });

  test('9: shares the step: who opens the link stands at the same one', async () => {
    await press(page, 'button', 'Share');
    const dialog = page.getByRole('dialog', { name: 'Share this step' });
    await dialog.waitFor();
    await press(page, 'button', 'Copy link');
    await dialog.getByRole('button', { name: 'Copied.' }).waitFor();
    const shared = await page.evaluate(() => navigator.clipboard.readText());
    expect(shared).toContain(`step=${await stillStep(page)}`);
    const other = await site.open(`/${new URL(shared).hash}`, options);
    await other.page.waitForSelector('html[data-ready]', { timeout: 60_000 });
    expect(await stillStep(other.page)).toBe(await stillStep(page));
    expect(await whereIn(other.page)).toBe(await whereIn(page));
    expect(other.problems).toEqual([]);
    await other.page.context().close();
  });

  test('10: prints the step', async () => {
    await press(page, 'button', 'Print this step');
    await page.waitForSelector('[data-printed]', { state: 'attached' });
    await page.emulateMedia({ media: 'print' });
    expect(await page.getByRole('button', { name: 'Step', exact: true }).isVisible()).toBe(false);
    await text(/^RingMinusOne/).waitFor({ state: 'attached' });
    expect(
      await page
        .getByText(/Two kernels, one processor · .*Step [\d,]+/)
        .first()
        .isVisible(),
    ).toBe(true);
    expect(await diagram(page).isVisible()).toBe(true);
    await page.emulateMedia({ media: 'screen' });
    expect(problems).toEqual([]);
  });
});

describe.each([readers[0]!, readers[2]!])('answers with $name', ({ options }) => {
  test('a ring, a machine or the monitor in the diagram is an answer; two answers of one place take turns', async () => {
    const { page, problems } = await site.open('/#lesson=who-owns-cr3', { ...options, reducedMotion: 'reduce' });
    const rings = page.getByRole('img', { name: /^The processor is in VM 1/ });
    await page.getByText('Predict: who runs next?').waitFor();
    const at = async (x: number, y: number) => {
      await rings.scrollIntoViewIfNeeded();
      const { width, height } = (await rings.boundingBox())!;
      const radius = Math.min(width / 2 - 6, height / 2 - 8);
      const position = { x: width / 2 + x * radius, y: height / 2 + y * radius };
      await (options.hasTouch ? rings.tap({ position }) : rings.click({ position }));
    };
    const chosen = (name: RegExp) => page.getByRole('radio', { name, checked: true }).waitFor();
    await at(-0.9, 0.1);
    await chosen(/^A program/);
    await page.locator('.cells-tip').getByText('Your answer: A program.').waitFor();
    await at(-0.55, 0.2);
    await chosen(/^VM 1’s kernel goes on/);
    await page.locator('.cells-tip').getByText('Once more for: VM 1’s kernel, in its handler.').waitFor();
    await at(-0.55, 0.2);
    await chosen(/^VM 1’s kernel, in its handler/);
    expect(await violations(page)).toEqual([]);
    await at(0.05, 0.1);
    await chosen(/^The hypervisor/);
    await page.getByRole('button', { name: 'Step', exact: true }).click();
    await page.getByRole('heading', { name: 'As you expected' }).waitFor();
    expect(problems).toEqual([]);
    await page.context().close();
  });
});

test('on a phone a reader is asked outside of lessons too, reads the source, and sees what the buttons do', async () => {
  const { page, problems } = await site.open('/#scenario=first-exit&step=612', { ...PHONE, reducedMotion: 'reduce' });
  await page.waitForSelector('html[data-ready]', { timeout: 60_000 });
  for (const words of ['Restart', 'Back', 'Run', 'Next exit'])
    expect(await page.getByText(words, { exact: true }).first().isVisible()).toBe(true);
  await page.getByRole('checkbox', { name: 'Predict' }).tap();
  await page.getByText('Predict: who runs next?').waitFor();
  await page.getByRole('radio', { name: /^The hypervisor/ }).tap();
  await page.getByRole('button', { name: 'Step', exact: true }).tap();
  await page.getByRole('heading', { name: 'As you expected' }).waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(375);
  expect(await violations(page)).toEqual([]);
  expect(problems).toEqual([]);
  await page.context().close();
});

test('what was typed is there after the page was left and come back to: in a source, and in an exercise', async () => {
  const { page, problems } = await site.open('/#lesson=who-owns-cr3', { ...DESK, reducedMotion: 'reduce' });
  const editor = page.getByRole('textbox', { name: /^Source of/ });
  await page.getByRole('button', { name: 'source', exact: true }).click();
  await editor.getByText('remember how much memory').first().click();
  await page.keyboard.press('End');
  await page.keyboard.type(' and these are my words');
  await page.reload();
  await page.getByRole('button', { name: 'source', exact: true }).click();
  await editor.getByText('and these are my words').waitFor();
  await page.goto('about:blank');
  await page.goBack();
  await page.getByRole('button', { name: 'source', exact: true }).click();
  await editor.getByText('and these are my words').waitFor();
  await page.getByRole('button', { name: 'undo all changes' }).click();
  await editor.getByText('and these are my words').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'close', exact: true }).click();

  for (let next = page.getByRole('button', { name: 'Next page' }); await next.isVisible(); ) {
    await next.click();
    await page.waitForTimeout(100);
  }
  await page.getByRole('button', { name: 'Write it' }).click();
  await editor.getByText('write this').click();
  await page.keyboard.press('End');
  await page.keyboard.type(' half an answer');
  await page.reload();
  await page.getByRole('button', { name: 'Write it' }).click();
  await editor.getByText('half an answer').waitFor();
  expect(problems).toEqual([]);
  await page.context().close();
});

test('the gallery takes a misspelt word for the nearest, and says where it has nothing', async () => {
  const { page, problems } = await site.open('/', { ...DESK, reducedMotion: 'reduce' });
  await page.waitForSelector('html[data-ready]', { timeout: 60_000 });
  await page.getByRole('button', { name: 'Lessons' }).click();
  const gallery = page.getByRole('dialog', { name: 'Lessons' });
  const field = gallery.getByRole('searchbox');
  await field.fill('intrrupt');
  await gallery.getByText('No lesson speaks of “intrrupt”; these do of “interrupt”.').waitFor();
  await gallery.getByRole('button', { name: /^The clock takes over/ }).waitFor();
  const { y } = (await field.boundingBox())!;
  await field.fill('zzzz');
  await gallery.getByText('No lesson speaks of “zzzz”.').waitFor();
  expect((await field.boundingBox())!.y).toBe(y);
  expect(await violations(page)).toEqual([]);
  await gallery.getByRole('button', { name: 'Show all lessons' }).click();
  await gallery.getByRole('button', { name: /^The forbidden instruction/ }).waitFor();
  expect(problems).toEqual([]);
  await page.context().close();
});

test('a stage on paper: light also where the screen is dark, with its machine and step, and nothing that only a hand can use', async () => {
  const { page, problems } = await site.open('/', { ...DESK, colorScheme: 'dark', reducedMotion: 'reduce' });
  await page.waitForSelector('html[data-ready]', { timeout: 60_000 });
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  for (const name of ['Step', 'source', 'Share', 'Lessons'])
    expect(await page.getByRole('button', { name, exact: true }).isVisible()).toBe(false);
  expect(await page.getByText(/Two kernels, one processor · .*Step 154,482 · 1,133,186 cycles/).isVisible()).toBe(true);
  const [ink, paper] = await page.evaluate(() => {
    const { color, backgroundColor } = getComputedStyle(document.documentElement);
    return [color, backgroundColor];
  });
  expect(luminance(ink!)).toBeLessThan(60);
  expect(luminance(paper!)).toBeGreaterThan(240);
  expect((await page.pdf({ format: 'A4' })).length).toBeGreaterThan(20_000);
  expect(problems).toEqual([]);
  await page.context().close();
});

/** From 0 to 255, of `rgb(r, g, b)`. */
const luminance = (color: string): number => {
  const [red, green, blue] = color.match(/[\d.]+/g)!.map(Number);
  return 0.3 * red! + 0.59 * green! + 0.11 * blue!;
};
