import { say, worded } from '../../../lib/say.ts';
import type { Language } from '../../../messages/languages.ts';

/** What an author pastes into a page, for each kind of page. */

export interface Shared {
  /** The folder of the app, with a slash at its end. */
  readonly base: string;
  /** The part of the link behind `#`, `#` included. */
  readonly hash: string;
  /** Of the page, and so of the frames that are made from it. */
  readonly lang: Language;
  /** Title of the scenario. */
  readonly subject: string;
  /** What is seen, for titles and alternative texts. */
  readonly title: string;
  /** Name of the picture's file. */
  readonly picture: string;
}

export interface Snippet {
  readonly id: string;
  readonly name: string;
  readonly text: string;
  /** Where it goes. */
  readonly note: string;
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '{': '&#123;', '}': '&#125;' };
const escaped = (text: string): string => text.replace(/[&<>"{}]/g, (character) => ESCAPES[character] ?? character);

const SANDBOX = 'allow-scripts allow-same-origin allow-popups allow-downloads';
const HEIGHT = 500;

const frame = ({ title }: Shared, address: string, source = 'src'): string =>
  `<iframe title="${escaped(title)}" ${source}="${escaped(address)}"\n  width="100%" height="${HEIGHT}" style="border:0;display:block" loading="lazy"` +
  ` allow="clipboard-write; fullscreen" referrerpolicy="no-referrer"\n  sandbox="${SANDBOX}"></iframe>`;

/** Parameters of a link as attributes of the element. */
function attributes(hash: string): string {
  return [...new URLSearchParams(hash.slice(1))]
    .filter(([name]) => name !== 'v')
    .map(([name, value]) => ` ${name}="${escaped(value)}"`)
    .join('');
}

/** The snippets in the order in which they are offered: the link first. */
export function snippets(shared: Shared): readonly Snippet[] {
  const { base, lang, title, picture } = shared;
  const link = base + shared.hash;
  const hash = lang === 'en' ? shared.hash : `${shared.hash}&lang=${lang}`;
  const embed = `${base}embed/${hash}`;
  const html = frame(shared, embed);
  /** Where a host takes the frame away, the link is left. */
  const linked = `${html}\n<p><a href="${escaped(link)}">${say`Open the interactive version`}</a></p>`;
  return [
    { id: 'link', name: worded('Link'), text: link, note: worded('Whoever opens this link sees the same machine at the same step.') },
    {
      id: 'markdown',
      name: worded('Picture with the link (Markdown)'),
      text: `[![${title.replace(/[[\]\\]/g, '\\$&')}](${picture})](${link})`,
      note: worded('For README files, and for platforms that take no frames. Put the picture, from below, beside the text.'),
    },
    { id: 'iframe', name: worded('Frame (HTML)'), text: linked, note: worded('For any page that takes HTML.') },
    {
      id: 'element',
      name: worded('Element (HTML)'),
      text: `<script src="${escaped(base)}ringminusone.js" async></script>\n<ring-minus-one title="${escaped(title)}"${attributes(hash)}>\n  <img src="${escaped(picture)}" alt="${escaped(title)}">\n</ring-minus-one>`,
      note: worded('For pages that may have a script of ours: it finds its height and the page’s theme by itself.'),
    },
    {
      id: 'docusaurus',
      name: 'Docusaurus (MDX)',
      text: `<iframe\n  title="${escaped(title)}"\n  src="${escaped(embed)}"\n  width="100%"\n  height="${HEIGHT}"\n  style={{border: 0, display: 'block', marginBottom: 'var(--ifm-leading)', colorScheme: 'inherit'}}\n  loading="lazy"\n  allow="clipboard-write; fullscreen"\n  referrerPolicy="no-referrer"\n  sandbox="${SANDBOX}"\n/>`,
      note: worded('In an .mdx or .md file.'),
    },
    {
      id: 'hugo',
      name: 'Hugo',
      text: `layouts/shortcodes/ring-minus-one.html\n\n${frame(shared, embed).replace(escaped(hash), '{{ .Get "state" | safeURL }}').replace(escaped(title), '{{ .Get "title" }}')}\n\nin the page\n\n{{< ring-minus-one title="${escaped(title)}" state="${hash}" >}}`,
      note: worded('Hugo drops HTML from pages, so it wants a shortcode: one file, once.'),
    },
    {
      id: 'jekyll',
      name: 'Jekyll',
      text: `_includes/ring-minus-one.html\n\n${frame(shared, embed).replace(escaped(hash), '{{ include.state }}').replace(escaped(title), '{{ include.title }}')}\n\nin the page\n\n{% include ring-minus-one.html title="${escaped(title)}" state="${hash}" %}`,
      note: worded('The include once, the last line wherever it is wanted.'),
    },
    { id: 'mdbook', name: 'mdBook', text: `${html}\n`, note: worded('HTML as it is, with an empty line before and behind.') },
    { id: 'quarto', name: 'Quarto', text: `\`\`\`{=html}\n${html}\n\`\`\``, note: worded('A raw block: in other formats it is left out.') },
    {
      id: 'reveal',
      name: 'reveal.js',
      text: `<section>\n${frame(shared, embed, 'data-src').replace(' loading="lazy"', '')}\n</section>`,
      note: worded('Loaded when its slide is shown.'),
    },
    {
      id: 'wordpress',
      name: 'WordPress',
      text: linked,
      note: worded('In a “Custom HTML” block. From authors who may not paste frames, the link is left.'),
    },
    {
      id: 'moodle',
      name: 'Moodle',
      text: linked,
      note: worded('In the editor’s HTML view. Without a network, add ringminusone.html as a File resource.'),
    },
    {
      id: 'canvas',
      name: 'Canvas',
      text: linked,
      note: worded('In the Rich Content Editor’s HTML view; it takes the height as it is written.'),
    },
  ];
}
