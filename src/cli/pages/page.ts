/** A scenario as a page that reads without JavaScript, and as an oEmbed answer (oembed.com, 2.3.4: rich). */
import { count } from '../../figures/words.ts';
import { type Html, html } from './html.ts';
import { lessonsAbout, lessonText } from './lesson-text.ts';
import type { Walkthrough } from './walkthrough.ts';

const HEIGHT = 500;
const WIDTH = 800;

export interface Place {
  /** The address of the site with a slash at its end; empty when it is not known. */
  readonly site: string;
}

const addresses = ({ scenario: { id }, n }: Walkthrough, { site }: Place) => ({
  page: `${site}scenarios/${id}/`,
  image: `${site}posters/${id}.png`,
  oembed: `${site}oembed/${id}.json`,
  embed: `${site}embed/#scenario=${id}&step=${n}`,
  app: `#scenario=${id}&step=${n}`,
});

/** What preview cards need are whole addresses, so a site that does not know its own has none. */
function discovery(tale: Walkthrough, place: Place): Html {
  const { title, summary } = tale.scenario;
  if (place.site === '') return html``;
  const { page, image, oembed, embed } = addresses(tale, place);
  return html`
    <link rel="canonical" href="${page}" />
    <link rel="alternate" type="application/json+oembed" href="${oembed}" title="${title}" />
    <link rel="iframely app" type="text/html" href="${embed}" title="${title}" media="(min-width: 320px) and (height: ${HEIGHT}px)" />
    <meta property="og:type" content="website" />
    <meta property="og:site_name" content="RingMinusOne" />
    <meta property="og:title" content="${title}" />
    <meta property="og:description" content="${summary}" />
    <meta property="og:url" content="${page}" />
    <meta property="og:image" content="${image}" />
    <meta property="og:image:alt" content="${tale.rows[0]?.sentence ?? ''}" />
    <meta name="twitter:card" content="player" />
    <meta name="twitter:player" content="${embed}" />
    <meta name="twitter:player:width" content="${WIDTH}" />
    <meta name="twitter:player:height" content="${HEIGHT}" />`;
}

function frame(title: string, description: string, depth: string, head: Html, body: Html): string {
  return html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <meta name="description" content="${description}" />
    <title>${title}</title>${head}
    <link rel="stylesheet" href="${depth}scenarios/page.css" />
    <link rel="icon" href="data:," />
  </head>
  <body>
${body}
  </body>
</html>
`.text;
}

export function scenarioPage(tale: Walkthrough, place: Place): string {
  const { scenario, n, rows, program } = tale;
  const { app } = addresses(tale, place);
  const { id, title, summary } = scenario;
  const body = html`    <main>
      <p class="up"><a href="../">All scenarios</a></p>
      <h1>${title}</h1>
      <p>${summary}</p>
      <ring-minus-one scenario="${id}" step="${n}" poster="static" title="${title}">
        <picture>
          <source srcset="../../posters/${id}-dark.svg" media="(prefers-color-scheme: dark)" />
          <img src="../../posters/${id}.svg" alt="${rows[0]?.sentence ?? ''}" />
        </picture>
      </ring-minus-one>
      <p><a class="open" href="../../${app}">Step through it in RingMinusOne</a></p>
      <h2>From step ${count(n)} on</h2>
      <table>
        <thead><tr><th>Step</th><th>Who runs</th><th>Next instruction</th><th>What happens</th></tr></thead>
        <tbody>
${rows.map(row)}        </tbody>
      </table>
${lessonsOf(id)}      <h2>The program: ${program.path}</h2>
      <pre class="program">${program.text}</pre>
    </main>
    <script src="../../ringminusone.js" async></script>`;
  return frame(title, summary, '../../', discovery(tale, place), body);
}

function lessonsOf(scenario: string): Html {
  const lessons = lessonsAbout(scenario);
  if (lessons.length === 0) return html``;
  return html`      <h2>${lessons.length === 1 ? 'A lesson' : 'Lessons'} with it</h2>
${lessons.map(lessonText)}`;
}

const row = ({ n, who, instruction, source, sentence }: Walkthrough['rows'][number]): Html =>
  html`          <tr><td>${count(n)}</td><td>${who}</td><td><code title="${source}">${instruction}</code></td><td>${sentence}</td></tr>
`;

export function contentsPage(tales: readonly Walkthrough[]): string {
  const items = tales.map(
    ({ scenario: { id, title, summary } }) => html`        <li><a href="${id}/">${title}</a><br />${summary}</li>
`,
  );
  const body = html`    <main>
      <h1>RingMinusOne</h1>
      <p>A PC with protection rings and VT-x, simulated in the browser, one step at a time, forwards and backwards. These pages read without JavaScript;
        <a href="../">the machine itself</a> needs it.</p>
      <ul>
${items}      </ul>
    </main>`;
  return frame(
    'RingMinusOne: every scenario',
    'What can be stepped through, each with a picture and its first steps.',
    '../',
    html``,
    body,
  );
}

export function oembed(tale: Walkthrough, place: Place): string {
  const { title } = tale.scenario;
  const { embed, image } = addresses(tale, place);
  const markup = html`<iframe title="${title}" src="${embed}" width="100%" height="${HEIGHT}" style="border:0;display:block" loading="lazy" allow="clipboard-write; fullscreen" referrerpolicy="no-referrer" sandbox="allow-scripts allow-same-origin allow-popups allow-downloads"></iframe>`;
  return `${JSON.stringify(
    {
      version: '1.0',
      type: 'rich',
      title,
      provider_name: 'RingMinusOne',
      provider_url: place.site,
      html: markup.text,
      width: WIDTH,
      height: HEIGHT,
      thumbnail_url: image,
      ...posterSize(tale.posters.light),
    },
    null,
    1,
  )}\n`;
}

/** Pixels of a poster as PNG per pixel of its SVG. */
export const POSTER_SCALE = 2;

function posterSize(svg: string) {
  const [, width, height] = /^<svg [^>]*width="(\d+)" height="(\d+)"/.exec(svg) ?? [];
  return { thumbnail_width: POSTER_SCALE * Number(width), thumbnail_height: POSTER_SCALE * Number(height) };
}
