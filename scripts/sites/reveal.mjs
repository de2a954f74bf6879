/** Slides: the Share dialog's slide, and one whose sentences come with a step each, by the listing of docs/embedding.md. */
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../run.mjs';
import { html, STEP, TEXT } from './words.mjs';

/** The listing in the docs that begins with this line, without its indent. */
function listing(begins) {
  const lines = readFileSync(join(root, 'docs/embedding.md'), 'utf8').split('\n');
  const from = lines.indexOf(`    ${begins}`);
  if (from < 0) throw new Error(`docs/embedding.md has no listing that begins with ${begins}`);
  const length = lines.slice(from).findIndex((line) => line !== '' && !line.startsWith('    '));
  return lines
    .slice(from, from + length)
    .map((line) => line.slice(4))
    .join('\n');
}

const darken = ({ page }) =>
  page.evaluate(() => {
    document.querySelector('link[href*="theme/"]').href = 'dist/theme/black.css';
    document.documentElement.style.colorScheme = 'dark';
  });

/** The keys stay the deck's; a frame is loaded when its slide is shown, and follows the slide's sentences forwards, backwards, and on return. */
async function slides({ page, frames }) {
  const asked = [];
  page.on('request', (request) => asked.push(request.url()));
  const at = () => page.evaluate(() => `${window.Reveal.getIndices().h}.${window.Reveal.getIndices().f ?? ''}`);
  const key = async (name, wanted) => {
    await page.keyboard.press(name);
    const arrived = await at();
    if (!arrived.startsWith(wanted)) throw new Error(`${name} leads to slide ${arrived} in place of ${wanted}`);
  };
  const stands = (step) =>
    page.waitForFunction((n) => window.rm1.filter(({ type }) => type === 'step' || type === 'ready').at(-1)?.step === n, step, {
      timeout: 15_000,
    });
  await page.evaluate(() => window.Reveal.slide(0));
  await page.waitForTimeout(300);
  if (frames().length > 0) return 'a frame is loaded before its slide is shown';
  await key('ArrowRight', '1');
  await stands(STEP);
  await key('ArrowRight', '2.-1');
  await stands(STEP);
  for (const [name, fragment, step] of [
    ['ArrowRight', '2.0', STEP + 1],
    ['ArrowRight', '2.1', STEP + 2],
    ['ArrowLeft', '2.0', STEP + 1],
    ['ArrowRight', '2.1', STEP + 2],
  ]) {
    await key(name, fragment);
    await stands(step);
  }
  await key('ArrowRight', '3');
  await page.evaluate(() => window.rm1.splice(0));
  await key('ArrowLeft', '2.1');
  await stands(STEP + 2);
  if ((await page.evaluate(() => document.activeElement?.localName)) === 'iframe') return 'the frame took the focus';
  if (!asked.some((url) => url.includes('/embed/'))) return 'no frame was asked for';
  return '';
}

export const reveal = {
  npm: ['reveal.js@6.0.2'],
  build({ write, at, snippets }) {
    cpSync(at('node_modules/reveal.js/dist'), at('out/dist'), { recursive: true });
    const head = '<link rel="stylesheet" href="dist/reveal.css"><link rel="stylesheet" href="dist/theme/white.css">';
    const sentences = ['The guest moves to CR3.', 'The processor is in the monitor.'];
    const walked = snippets.reveal
      .replace('height="500"', 'height="480"')
      .replace('</section>', `${sentences.map((text) => `<p class="fragment">${text}</p>`).join('\n')}\n</section>`);
    const deck = [
      `<section><h2>${TEXT.title}</h2><p>${TEXT.after}</p></section>`,
      snippets.reveal,
      walked,
      '<section><h2>And then?</h2></section>',
    ];
    const start = `<script src="dist/reveal.js"></script><script>Reveal.initialize({ hash: true });\n${listing('const follow = () => {')}</script>`;
    write('out/index.html', html(`<div class="reveal"><div class="slides">${deck.join('\n')}</div></div>${start}`, head));
    return { out: 'out', pages: { reveal: { path: '/#/1', darken, also: slides, pictures: ['light'] } } };
  },
};
