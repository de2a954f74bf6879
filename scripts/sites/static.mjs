/** Generators from Debian that make a page of Markdown: a blog post, a chapter. */
import { article, html, markdown, TEXT, twoFiles } from './words.mjs';

/** Pages that follow the reader's system say so in their style, and the frame in them follows it too. */
const darken = ({ page }) => page.emulateMedia({ colorScheme: 'dark' });

export const hugo = {
  debian: { hugo: 'hugo' },
  async build({ write, run, snippets }) {
    const { file, text, page } = twoFiles(snippets.hugo);
    write(file, text);
    write('config.toml', 'baseURL = "/"\ntitle = "A blog"\ndisableKinds = ["taxonomy", "term", "RSS", "sitemap"]\n');
    write('layouts/_default/single.html', article('{{ .Content }}'));
    write('content/exit.md', `---\ntitle: ${TEXT.title}\n---\n\n${markdown(page)}`);
    await run('hugo', '--quiet');
    return { out: 'public', pages: { hugo: { path: '/exit/', darken, pictures: ['light', 'phone'] } } };
  },
};

export const jekyll = {
  debian: { jekyll: 'jekyll' },
  async build({ write, run, snippets }) {
    const { file, text, page } = twoFiles(snippets.jekyll);
    write(file, text);
    write('_config.yml', 'title: A blog\n');
    write('_layouts/post.html', article('{{ content }}'));
    write('index.md', `---\nlayout: post\ntitle: ${TEXT.title}\n---\n\n${markdown(page)}`);
    await run('jekyll', 'build', '--quiet');
    return { out: '_site', pages: { jekyll: { path: '/', darken } } };
  },
};

/** mdBook itself is not in Debian 12; the parser that it reads Markdown with is. */
export const mdbook = {
  debian: { 'pulldown-cmark': 'pulldown-cmark' },
  async build({ write, at, run, snippets }) {
    write('exit.md', markdown(snippets.mdbook.trimEnd()));
    const body = await run('sh', '-c', `pulldown-cmark -T -F -S -L < '${at('exit.md')}'`);
    /** Classes and structure as mdBook's own template has them. */
    const page = `<div id="body-container"><div id="page-wrapper" class="page-wrapper"><div class="page"><div id="content" class="content"><main>${body}</main></div></div></div></div>`;
    const style = 'html.navy{color-scheme:dark;background:#161923;color:#bcbdd0}main{max-width:750px;margin:2rem auto;padding:0 15px}';
    write('out/index.html', html(page, `<style>${style}</style>`).replace('<html lang="en">', '<html lang="en" class="light" dir="ltr">'));
    const navy = ({ page: shown }) =>
      shown.evaluate(() => {
        document.documentElement.className = 'navy';
      });
    return { out: 'out', pages: { mdbook: { path: '/', darken: navy } } };
  },
};

/** Quarto is not in Debian 12; it hands its raw blocks to Pandoc. */
export const quarto = {
  debian: { pandoc: 'pandoc' },
  async build({ write, run, snippets }) {
    write('exit.md', `---\ntitle: ${TEXT.title}\n---\n\n${markdown(snippets.quarto)}`);
    await run('pandoc', '--standalone', 'exit.md', '--output', 'out.html');
    const said = await run('pandoc', 'exit.md', '--to', 'plain');
    if (/iframe|embed/.test(said)) throw new Error('other formats keep the frame');
    return { out: '.', pages: { quarto: { path: '/out.html' } } };
  },
};

/** A page that no generator is needed for. */
export const plain = {
  build({ write, snippets }) {
    write('out/index.html', article(`<p>${TEXT.before}</p>\n${snippets.iframe}\n<p>${TEXT.after}</p>`));
    write('out/element/index.html', article(`<p>${TEXT.before}</p>\n${snippets.element}\n<p>${TEXT.after}</p>`));
    return { out: 'out', pages: { frame: { path: '/', darken }, element: { path: '/element/', darken } } };
  },
};
