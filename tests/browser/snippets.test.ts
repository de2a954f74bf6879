import { fromMarkdown } from 'mdast-util-from-markdown';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { transformWithOxc } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BrowserSite, openSite } from '../support/browser.ts';
import { enter, HOST_PAGE, place, told } from '../support/embed-host.ts';
import { type Site, servePages } from '../support/site.ts';

/* Their real generators take minutes: npm run sites. Here each stands in a page as its host makes it of what was pasted. */

let site: BrowserSite;
let host: Site;
let offered: Record<string, string>;

/** As the Share dialog has them, by their names there. */
beforeAll(async () => {
  [site, host] = await Promise.all([openSite(), servePages({ '/': HOST_PAGE })]);
  const { page } = await site.open('/#scenario=first-exit&step=612');
  await page.waitForSelector('html[data-ready]');
  await page.getByRole('button', { name: 'Share' }).click();
  const kinds = page.getByRole('combobox', { name: 'As', exact: true });
  offered = {};
  for (const name of await kinds.locator('option').allTextContents()) {
    await kinds.selectOption({ label: name });
    offered[name] = await page.getByRole('textbox', { name, exact: true }).inputValue();
  }
  await page.context().close();
});

afterAll(() => Promise.all([site?.close(), host?.close()]));

/** `{{ .Get "state" | safeURL }}` of Hugo, `{{ include.state }}` of Jekyll, with what the page says of them. */
function filledIn(snippet: string): string {
  const [template, page] = snippet.split('\n\nin the page\n\n') as [string, string];
  const said = Object.fromEntries([...page.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]));
  return template.slice(template.indexOf('<')).replace(/\{\{ (?:\.Get "|include\.)(\w+)[^}]*\}\}/g, (_, name) => said[name]!);
}

async function rendered(jsx: string): Promise<string> {
  const { code } = await transformWithOxc(jsx, 'snippet.jsx', { jsx: { runtime: 'classic', pragma: 'h' }, sourcemap: false });
  return renderToStaticMarkup(new Function('h', `return ${code}`)(createElement));
}

/** What CommonMark passes on as HTML. */
const htmlIn = (markdown: string): string =>
  fromMarkdown(`Before.\n\n${markdown}\n\nAfter.\n`)
    .children.map((node) => (node.type === 'html' ? node.value : ''))
    .join('\n');

const kept = (html: string, names: string): string =>
  html.replace(/ (loading|allow|referrerpolicy|sandbox|style|title)="[^"]*"/g, (whole, name) =>
    names.split(' ').includes(name) ? whole : '',
  );

const HOSTS: readonly [string, (snippet: string) => string | Promise<string>][] = [
  ['Frame (HTML)', (html) => html],
  ['Element (HTML)', (html) => html],
  ['Docusaurus (MDX)', rendered],
  ['Hugo', filledIn],
  ['Jekyll', filledIn],
  ['mdBook', htmlIn],
  ['Quarto', (block) => /^```\{=html\}\n([\s\S]*)\n```$/.exec(block)![1]!],
  /* Its script does this when the slide is shown. */
  ['reveal.js', (slide) => slide.replace('data-src', 'src')],
  ['WordPress', (html) => html],
  ['Moodle', (html) => html],
  ['Canvas', (html) => kept(html, 'title style sandbox')],
];

async function opened(markup: string) {
  const page = await (await site.browser.newContext({ viewport: { width: 900, height: 900 } })).newPage();
  await enter(page, host.origin);
  await page.evaluate(
    (pasted) => document.getElementById('place')?.append(document.createRange().createContextualFragment(pasted)),
    markup,
  );
  return page;
}

async function steps(markup: string): Promise<void> {
  const page = await opened(markup);
  const before = await place(page);
  await expect.poll(async () => (await told(page)).some(({ data }) => data?.type === 'ready'), { timeout: 15_000 }).toBe(true);
  expect(await place(page)).toEqual(before);
  const frame = page.frames()[1]!;
  expect(await frame.evaluate(() => document.documentElement.dataset.step)).toBe('612');
  await frame.getByRole('button', { name: 'Step', exact: true }).click();
  await frame.waitForSelector('html[data-step="613"]');
  await page.context().close();
}

test('there is one here for each that the dialog offers', () => {
  expect(Object.keys(offered)).toEqual(['Link', 'Picture with the link (Markdown)', ...HOSTS.map(([name]) => name)]);
});

test.each(HOSTS)('%s: it is ready and steps, and the reader is left where he was', async (name, shown) => {
  await steps(await shown(offered[name]!));
});

test('WordPress frames a link in a sandbox of its own, and adds to its address', async () => {
  await steps(
    `<iframe sandbox="allow-scripts" security="restricted" width="600" height="500" data-secret="Ab3" src="${site.origin}/embed/#scenario=first-exit&amp;step=612#?secret=Ab3"></iframe>`,
  );
});

test('where WordPress, Moodle or Canvas take the frame away, the link leads to the same step', async () => {
  const { WordPress, Moodle, Canvas } = offered;
  expect([Moodle, Canvas]).toEqual([WordPress, WordPress]);
  const page = await opened(WordPress!.replace(/<iframe[\s\S]*<\/iframe>/, ''));
  await page.getByRole('link', { name: 'Open the interactive version' }).click();
  await page.waitForSelector('html[data-step="612"]');
  await page.context().close();
});
