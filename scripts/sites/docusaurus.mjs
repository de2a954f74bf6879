/** A course page with the frame, and one with the React component of the package that was packed from this checkout. */
import { cpSync, rmSync } from 'node:fs';
import { markdown, STEP, TEXT } from './words.mjs';

const FALLBACK = 'One VM exit, whole, without a script.';

/** Its button goes from the system's theme over light to dark. */
async function darken({ page }) {
  const button = page.locator('.navbar button[class*="toggleButton"]').first();
  for (let clicks = 0; clicks < 3; clicks++) {
    await button.click();
    if ((await page.locator('html').getAttribute('data-theme')) === 'dark') return;
  }
}

const madeByTheServer = ({ html }) => (html.includes(FALLBACK) ? '' : 'what it holds is not in the page that its server made');

/** The frame of a component with lang="de" numbers="dec", and numbers changed while it is shown. */
async function german({ page, frames }) {
  const [frame] = frames();
  if (!(await frame.getByRole('button', { name: 'Schritt', exact: true }).count())) return 'lang="de" does not speak German';
  const registers = frame.locator('.embed-regs');
  const decimal = await registers.textContent();
  if (!/EAX ?1\.069\.056/.test(decimal)) return `numbers="dec" writes ${decimal}`;
  await page.evaluate(() => document.querySelector('ring-minus-one').setAttribute('numbers', 'hex'));
  await registers.filter({ hasText: /EAX ?00105000/ }).waitFor({ timeout: 5000 });
  return '';
}

export const docusaurus = {
  npm: ['@docusaurus/core@3.10.2', '@docusaurus/preset-classic@3.10.2', 'react@19', 'react-dom@19'],
  ours: true,
  async build({ write, run, at, snippets }) {
    // Its bundler knows packages by their version, which ours has kept.
    rmSync(at('node_modules/.cache'), { recursive: true, force: true });
    cpSync(at('node_modules/ringminusone/dist'), at('static/ringminusone'), { recursive: true });
    write('docs/exit.mdx', `---\nslug: /\ntitle: ${TEXT.title}\nsidebar_label: frame\n---\n\n${markdown(snippets.docusaurus)}`);
    const shown = `<RingMinusOne scenario="first-exit" vmm="vtx" step={${STEP}}`;
    const component = (name, text) =>
      write(
        `docs/${name}.mdx`,
        `---\nslug: /${name}\ntitle: ${TEXT.title}\nsidebar_label: ${name}\n---\n\nimport { RingMinusOne } from 'ringminusone/react';\n\n${markdown(text)}`,
      );
    component('component', `${shown}>${FALLBACK}</RingMinusOne>`);
    component('german', `${shown} panels="regs" numbers="dec" lang="de" title="Die Register" />`);
    write(
      'docusaurus.config.js',
      `export default { title: 'A course', url: 'https://example.org', baseUrl: '/',
  presets: [['classic', { docs: { routeBasePath: '/' }, blog: false, pages: false }]],
  themeConfig: { navbar: { title: 'Operating systems' } } };\n`,
    );
    await run(process.execPath, at('node_modules/@docusaurus/core/bin/docusaurus.mjs'), 'build', '--no-minify');
    return {
      out: 'build',
      pages: {
        docusaurus: { path: '/', darken, pictures: ['light'] },
        component: { path: '/component/', darken, also: madeByTheServer, pictures: ['light', 'dark'] },
        'component, in German and decimal': { path: '/german/', also: german },
      },
    };
  },
};
