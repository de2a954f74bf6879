/** Pages of other people's kinds, each built by its own generator from the snippet that the Share dialog offers for it. */
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const TEXT = {
  title: 'Protection, week 6',
  before:
    'A kernel loads CR3 for its next process. Under VT-x the instruction does not do it: it leaves the guest. Step, and see where the processor goes.',
  after: 'Which control in the VMCS decides whether it does?',
};

/** `FILE`, an empty line, its text, and what goes into the page: how the dialog words a snippet of two files. */
function twoFiles(snippet) {
  const [first, page] = snippet.split('\n\nin the page\n\n');
  const [file, ...text] = first.split('\n\n');
  return { file, text: text.join('\n\n'), page };
}

const html = (body, head = '') => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${TEXT.title}</title>${head}</head><body>${body}</body></html>
`;

/** A page that no generator is needed for: the markup that its host shows around what an author pasted. */
const plain = (around) => ({
  build: ({ write, snippet }) => {
    write('out/index.html', html(around(`<p>${TEXT.before}</p>\n${snippet}\n<p>${TEXT.after}</p>`)));
    return { out: 'out', page: '/' };
  },
});

const markdown = (snippet) => `${TEXT.before}\n\n${snippet}\n\n${TEXT.after}\n`;

const DOCUSAURUS = ['@docusaurus/core@3.10.2', '@docusaurus/preset-classic@3.10.2', 'react@19', 'react-dom@19'];

async function docusaurus({ write, run, at }, page) {
  write('docs/exit.mdx', `---\nslug: /\ntitle: ${TEXT.title}\n---\n\n${page}`);
  write(
    'docusaurus.config.js',
    `export default { title: 'A course', url: 'https://example.org', baseUrl: '/',
  presets: [['classic', { docs: { routeBasePath: '/' }, blog: false, pages: false }]],
  themeConfig: { navbar: { title: 'Operating systems' } } };\n`,
  );
  await run(process.execPath, at('node_modules/@docusaurus/core/bin/docusaurus.mjs'), 'build', '--no-minify');
  return { out: 'build', page: '/' };
}

/**
 * By name: which snippet, what npm or Debian package makes the site, and how. `build` gets `write(path, text)`, `run(program, ...arguments)` in the
 * site's folder, `at(path)` in it, the snippet and the step that it shows; it gives the folder to serve and the page to open.
 */
export const KINDS = {
  docusaurus: {
    snippet: 'docusaurus',
    npm: DOCUSAURUS,
    build: (site) => docusaurus(site, markdown(site.snippet)),
  },
  /** The component of the npm package, packed from this checkout. */
  component: {
    npm: DOCUSAURUS,
    ours: true,
    build(site) {
      // Its bundler knows packages by their version, which ours has kept.
      rmSync(site.at('node_modules/.cache'), { recursive: true, force: true });
      cpSync(site.at('node_modules/ringminusone/dist'), site.at('static/ringminusone'), { recursive: true });
      const component = `<RingMinusOne scenario="first-exit" vmm="vtx" step={${site.step}}>One VM exit, whole.</RingMinusOne>`;
      return docusaurus(site, `import { RingMinusOne } from 'ringminusone/react';\n\n${markdown(component)}`);
    },
  },
  reveal: {
    snippet: 'reveal',
    npm: ['reveal.js@6.0.2'],
    build({ write, at, snippet }) {
      cpSync(at('node_modules/reveal.js/dist'), at('out/dist'), { recursive: true });
      const head = '<link rel="stylesheet" href="dist/reveal.css"><link rel="stylesheet" href="dist/theme/white.css">';
      const slides = `<section><h2>${TEXT.title}</h2><p>${TEXT.after}</p></section>\n${snippet}`;
      const start = '<script src="dist/reveal.js"></script><script>Reveal.initialize({ hash: true });</script>';
      write('out/index.html', html(`<div class="reveal"><div class="slides">${slides}</div></div>${start}`, head));
      return { out: 'out', page: '/#/1' };
    },
  },
  hugo: {
    snippet: 'hugo',
    program: 'hugo',
    async build({ write, run, snippet }) {
      const { file, text, page } = twoFiles(snippet);
      write(file, text);
      write('config.toml', 'baseURL = "/"\ntitle = "A blog"\ndisableKinds = ["taxonomy", "term", "RSS", "sitemap"]\n');
      write(
        'layouts/_default/single.html',
        html('<main style="max-width:46rem;margin:2rem auto;font:17px/1.6 Georgia,serif"><h1>{{ .Title }}</h1>{{ .Content }}</main>'),
      );
      write('content/exit.md', `---\ntitle: ${TEXT.title}\n---\n\n${markdown(page)}`);
      await run('hugo', '--quiet');
      return { out: 'public', page: '/exit/' };
    },
  },
  jekyll: {
    snippet: 'jekyll',
    program: 'jekyll',
    async build({ write, run, snippet }) {
      const { file, text, page } = twoFiles(snippet);
      write(file, text);
      write('_config.yml', 'title: A blog\n');
      write(
        '_layouts/post.html',
        html('<article style="max-width:46rem;margin:2rem auto;font:17px/1.6 sans-serif"><h1>{{ page.title }}</h1>{{ content }}</article>'),
      );
      write('index.md', `---\nlayout: post\ntitle: ${TEXT.title}\n---\n\n${markdown(page)}`);
      await run('jekyll', 'build', '--quiet');
      return { out: '_site', page: '/' };
    },
  },
  /** Quarto hands its raw blocks to Pandoc. */
  pandoc: {
    snippet: 'quarto',
    program: 'pandoc',
    async build({ write, run, snippet }) {
      write('exit.md', `---\ntitle: ${TEXT.title}\n---\n\n${markdown(snippet)}`);
      await run('pandoc', '--standalone', 'exit.md', '--output', 'index.html');
      return { out: '.', page: '/' };
    },
  },
  html: { snippet: 'iframe', ...plain((body) => `<main style="max-width:46rem;margin:2rem auto;font:17px/1.6 sans-serif">${body}</main>`) },
  element: {
    snippet: 'element',
    ...plain((body) => `<main style="max-width:46rem;margin:2rem auto;font:17px/1.6 sans-serif">${body}</main>`),
  },
  wordpress: {
    snippet: 'wordpress',
    ...plain((body) => `<article class="post"><div class="entry-content wp-block-post-content">${body}</div></article>`),
  },
  moodle: {
    snippet: 'moodle',
    ...plain((body) => `<div role="main"><div class="box generalbox"><div class="no-overflow">${body}</div></div></div>`),
  },
  canvas: {
    snippet: 'canvas',
    ...plain((body) => `<div id="wiki_page_show"><div class="show-content user_content enhanced">${body}</div></div>`),
  },
};

export function writer(folder) {
  return (path, text) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
}
