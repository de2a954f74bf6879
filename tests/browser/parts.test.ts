/** Tables, devices and memory: by keyboard alone, clean in light and dark, and on the smallest screen. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { violations } from '../support/axe.ts';
import { type BrowserSite, openSite } from '../support/browser.ts';

let site: BrowserSite;

beforeAll(async () => {
  site = await openSite();
});

afterAll(() => site?.close());

async function open(path: string, width = 1440): Promise<{ page: Page; problems: string[] }> {
  const opened = await site.open(path, { reducedMotion: 'reduce', viewport: { width, height: 900 } });
  await opened.page.waitForSelector('.row', { timeout: 60_000 });
  return opened;
}

async function show(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name, exact: true }).focus();
  await page.keyboard.press('Enter');
  await page.getByTestId(name.toLowerCase()).locator('table').first().waitFor();
}

async function clean(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await violations(page), colorScheme).toEqual([]);
  }
}

test('tables: the processor’s and the guest’s own; an entry opens into its bits', async () => {
  const { page, problems } = await open('/#scenario=two-kernels');
  await show(page, 'Tables');
  const tables = page.getByTestId('tables');
  const cr3 = tables.locator('.system-register', { has: page.getByText('CR3', { exact: true }) });
  const real = await cr3.locator('.register-head code').textContent();
  expect(await cr3.locator('.register-other').textContent()).toContain('VM 1 reads');
  const entry = tables.getByRole('row', { name: /code, readable, DPL 0/ }).getByRole('button');
  await entry.focus();
  await page.keyboard.press('Enter');
  expect(await entry.getAttribute('aria-expanded')).toBe('true');
  expect(await tables.locator('.drawing').textContent()).toContain('DPL: descriptor privilege level');
  await clean(page);
  await tables.getByLabel('VM 1’s own').focus();
  await page.keyboard.press('Space');
  await tables.getByText('by its own lights').waitFor();
  expect(await cr3.locator('.register-other').textContent()).toContain(real);
  expect(problems).toEqual([]);
  await page.context().close();
});

test('devices: who asks; a sector of the disk leads to its bytes', async () => {
  const { page, problems } = await open('/#scenario=one-system&step=900000');
  await show(page, 'Devices');
  const devices = page.getByTestId('devices');
  expect(await devices.getByText(/^(No interrupt waits|INTR is high)/).count()).toBe(1);
  expect(await devices.getByRole('row', { name: /disk/ }).count()).toBeGreaterThan(0);
  await clean(page);
  await devices
    .getByRole('row', { name: /readme, a text/ })
    .getByRole('button')
    .focus();
  await page.keyboard.press('Enter');
  const memory = page.getByTestId('memory');
  await memory.getByText('Programs').first().waitFor();
  expect(await memory.getByText(/of the disk is in sector/).count()).toBeGreaterThan(0);
  expect(problems).toEqual([]);
  await page.context().close();
});

test('memory: an address typed, what the last step wrote, and a stop at the next write', async () => {
  const { page, problems } = await open('/#scenario=two-kernels&vmm=none');
  await show(page, 'Memory');
  const memory = page.getByTestId('memory');
  await page.getByRole('button', { name: 'Run to next exit' }).click();
  await page.waitForFunction(() => Number(document.documentElement.dataset.step) > 1000);
  await memory.getByRole('button', { name: 'SS:ESP' }).focus();
  await page.keyboard.press('Enter');
  await memory.locator('mark').first().waitFor();
  await memory.getByLabel('Address', { exact: true }).fill('nowhere');
  await page.keyboard.press('Enter');
  await memory.getByText('An address has one to eight').waitFor();
  await memory.getByLabel('Address', { exact: true }).fill('C0100020');
  await page.keyboard.press('Enter');
  await memory.getByRole('rowheader', { name: /C0100020/ }).waitFor();
  await clean(page);
  await memory.getByRole('button', { name: 'Stop at writes to C0100020' }).focus();
  await page.keyboard.press('Enter');
  await page
    .getByTestId('stops')
    .getByText(/C0100020/)
    .first()
    .waitFor();
  expect(problems).toEqual([]);
  await page.context().close();
});

test.each(['tables', 'devices', 'memory'])('%s on 320 pixels: nothing is cut off or too small', async (part) => {
  const { page, problems } = await open('/#scenario=one-system&vmm=vtx&step=900000', 320);
  await page.locator(`#tab-${part}`).click();
  await page.getByTestId(part).locator('table').first().waitFor();
  await page.evaluate(() => {
    for (const details of document.querySelectorAll<HTMLDetailsElement>('.part details')) details.open = true;
  });
  const wrong = await page.evaluate(() => {
    const texts = [...document.querySelectorAll('.part *')].filter((e) => [...e.childNodes].some((node) => node.nodeType === 3));
    const small = texts.filter((e) => Number.parseFloat(getComputedStyle(e).fontSize) < 12);
    const outside = texts.filter((e) => e.getBoundingClientRect().width > 1 && e.getBoundingClientRect().right > innerWidth + 1);
    return [...small, ...outside].map((e) => `${e.className} ${e.textContent?.slice(0, 40)}`);
  });
  expect(wrong).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  expect(await violations(page)).toEqual([]);
  expect(problems).toEqual([]);
  await page.context().close();
});

test('address: what the instruction works on is followed, or what is chosen, or typed', async () => {
  const { page, problems } = await open('/#scenario=two-kernels&vmm=vtx&paging=shadow&step=20704');
  await page.getByRole('button', { name: 'Address', exact: true }).focus();
  await page.keyboard.press('Enter');
  const walk = page.getByTestId('walk');
  const pressed = walk.locator('.walk-choices [aria-pressed="true"]');
  const followed = walk.locator('.walk-formed');
  await expect.poll(() => pressed.textContent()).toBe('writes');
  expect(await followed.textContent()).toMatch(/^What mov writes: DS:C01050DC, .* linear C01050DC\.$/);
  expect(await walk.locator('table.entries').count()).toBe(2);
  await walk.getByRole('button', { name: 'instruction' }).focus();
  await page.keyboard.press('Enter');
  await expect.poll(() => followed.textContent()).toContain('The instruction at CS:EIP');
  await clean(page);
  await walk.getByRole('button', { name: 'address …' }).focus();
  await page.keyboard.press('Enter');
  const field = walk.getByLabel('Address to follow');
  await field.fill('nowhere');
  await field.press('Enter');
  expect(await walk.getByRole('status').textContent()).toContain('hexadecimal');
  await field.fill('ds:c0105000');
  await field.press('Enter');
  await expect.poll(() => followed.textContent()).toContain('DS:C0105000');
  expect(await walk.locator('svg[role="img"]').first().getAttribute('aria-label')).toContain('the address asked for: linear C0105000');
  await clean(page);
  expect(problems).toEqual([]);
});

test('a machine that has come to its end shows the memory where it stands, and follows any address', async () => {
  const { page } = await open('/#scenario=triple-fault&step=999999');
  await show(page, 'Memory');
  await expect.poll(() => page.getByTestId('memory').locator('.part-note').first().textContent()).toMatch(/^linear address 00[1-9A-F]/);
  await page.getByRole('button', { name: 'Address', exact: true }).click();
  const walk = page.getByTestId('walk');
  expect(await walk.textContent()).toContain('No instruction comes next');
  await walk.getByLabel('Address to follow').fill('00101000');
  await page.keyboard.press('Enter');
  await expect.poll(() => walk.locator('.walk-formed').textContent()).toContain('linear 00101000');
  await page.context().close();
});

test('four machines have four consoles, each with its title whole', async () => {
  const { page } = await open('/#scenario=two-kernels&vmm=vtx&paging=shadow&vms=4&step=20704');
  const titles = page.locator('.console h2');
  await expect.poll(() => titles.count()).toBe(4);
  expect(await titles.evaluateAll((all) => all.filter((title) => title.scrollWidth > title.clientWidth + 1).length)).toBe(0);
  await page.context().close();
});

test('registers say more of themselves by mouse, keys and finger; a row underlines those that it uses', async () => {
  const { page, problems } = await open('/#scenario=two-kernels&vmm=vtx&paging=shadow&step=20704');
  const panel = page.getByTestId('registers');
  const note = panel.getByRole('status');
  await panel.locator('[data-about="CR3"]').hover();
  await expect.poll(() => note.textContent()).toMatch(/^CR3 0010A000 = 1,089,536\. VM 1 reads 00103000\./);
  await panel.locator('[data-about="EIP"]').hover();
  await expect.poll(() => note.textContent()).toContain('Before the last step it was C01001DD.');
  await panel.locator('[data-about="flags"]').hover();
  await expect.poll(() => note.textContent()).toContain('Flags set: SF sign.');
  await page.mouse.move(5, 5);
  await expect.poll(() => note.isVisible()).toBe(false);
  await panel.getByRole('group').focus();
  for (let k = 0; k < 10; k++) await page.keyboard.press('ArrowDown');
  await expect.poll(() => note.textContent()).toMatch(/^CR0 80010011 .* Set: PE ET WP PG\. The processor has 80010031\./);
  await clean(page);
  await page.keyboard.press('Escape');
  await expect.poll(() => note.isVisible()).toBe(false);
  const used = () => panel.locator('.register.used dt').allTextContents();
  expect(await used()).toEqual(['EDX', 'EDI']);
  await page.locator('.row.future', { hasText: 'ror' }).first().hover();
  await expect.poll(used).toEqual(['EAX']);
  await page.mouse.move(5, 5);
  await expect.poll(used).toEqual(['EDX', 'EDI']);
  await page.locator('.row.current .a').focus();
  await page.keyboard.press('ArrowDown');
  await expect.poll(used).toEqual(['EAX']);
  expect(problems).toEqual([]);
});
