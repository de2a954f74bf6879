/** The lessons about a scenario, for pages that read without JavaScript. */
import { lessons } from '../../lessons/catalog.ts';
import { GLOSSARY } from '../../lessons/glossary.ts';
import type { Block, Inline, Lesson } from '../../lessons/lesson.ts';
import { termsIn } from '../../lessons/terms.ts';
import { type Html, html } from './html.ts';

/** Those that go through a scenario of the catalogue, in the order of the gallery. */
export const lessonsAbout = (scenario: string): readonly Lesson[] =>
  lessons().filter((lesson) => lesson.source === undefined && lesson.scenario === scenario);

export const lessonText = ({ id, title, one, pages }: Lesson): Html => html`      <section id="${id}">
        <h3>${title}</h3>
        <p><em>${one}</em></p>
${pages.map(
  (page) => html`        <h4>${page.title}</h4>
${page.blocks.map(block)}`,
)}${words(pages.flatMap(({ blocks }) => blocks))}        <p><a href="../../#lesson=${id}">Go through it in RingMinusOne</a>, which asks before it tells.</p>
      </section>
`;

function words(blocks: readonly Block[]): Html {
  const terms = [...termsIn(blocks)];
  return terms.length === 0
    ? html``
    : html`        <dl>${terms.map(([term, text]) => html`<dt>${text}</dt><dd>${GLOSSARY[term]!}</dd>`)}</dl>
`;
}

function block(of: Block): Html {
  switch (of.kind) {
    case 'paragraph':
      return html`        <p>${of.text.map(stretch)}</p>
`;
    case 'list':
      return html`        <ul>${of.items.map((item) => html`<li>${item.map(stretch)}</li>`)}</ul>
`;
    case 'listing':
      return html`        <pre>${of.text}</pre>
`;
  }
}

function stretch(part: Inline): Html {
  switch (part.kind) {
    case 'text':
    case 'term':
      return html`${part.text}`;
    case 'emphasis':
      return html`<em>${part.text}</em>`;
    case 'strong':
      return html`<strong>${part.text}</strong>`;
    case 'code':
      return html`<code>${part.text}</code>`;
    case 'link':
      return html`<a href="${/^#/.test(part.to) ? `../../${part.to}` : part.to}">${part.text}</a>`;
  }
}
