import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { printLink } from '../../src/web/app/link.ts';
import { type BrowserSite, openSite } from '../support/browser.ts';

let site: BrowserSite;

beforeAll(async () => {
  site = await openSite();
});

afterAll(() => site?.close());

const NASTY = `<img src=x onerror="document.title='hit'"><script>document.title='hit'</script>`;
const SOURCE = `        org 0x7c00
start:  mov al, 'H'             ; ${NASTY}
        mov dx, 0x3f8
        out dx, al
        hlt
`;

describe('a program in a link', () => {
  test('runs, its text is never markup, and its link leads back to it', async () => {
    const { page, problems } = await site.open(`/${printLink({ source: SOURCE, step: 0 })}`);
    await page.waitForSelector('html[data-ready]');
    await page.getByRole('button', { name: 'Step', exact: true }).click();
    await page.waitForSelector('html[data-step="1"]');
    expect(await page.getByTestId('stream').textContent()).toContain(NASTY);
    expect(await page.locator('img, #root script').count()).toBe(0);
    expect(await page.title()).not.toBe('hit');
    await page.waitForFunction(() => location.hash.endsWith('&step=1'));
    expect(new URL(page.url()).hash).toBe(printLink({ source: SOURCE, vmm: 'none', step: 1 }));
    expect(problems).toEqual([]);
    await page.context().close();
  });

  test('that does not assemble says where, and one that was cut says so; neither becomes markup', async () => {
    const { page } = await site.open(`/${printLink({ source: `        ${NASTY}\n` })}`);
    await page.waitForSelector('.source-errors');
    expect(await page.locator('.source-errors').textContent()).toContain('program.asm, line 1');
    expect(await page.locator('img').count()).toBe(0);
    await page.goto(`${site.origin}/${printLink({ source: SOURCE }).slice(0, 60)}`);
    await page.reload();
    await page.waitForSelector('.damaged [role="alert"]');
    expect(await page.locator('.damaged h2').textContent()).toContain('This link is damaged: its program is cut off');
    await page.goto(`${site.origin}/#scenario=${encodeURIComponent(NASTY)}`);
    await page.reload();
    await page.waitForSelector('.damaged [role="alert"]');
    expect(await page.locator('img').count()).toBe(0);
    await page.context().close();
  });
});
