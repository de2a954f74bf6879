import { expect, test } from 'vitest';
import { html } from '../../src/cli/pages/html.ts';
import { oembed, scenarioPage } from '../../src/cli/pages/page.ts';
import type { Walkthrough } from '../../src/cli/pages/walkthrough.ts';
import { findScenario } from '../../src/session/scenarios.ts';

const evil = '<script>alert("1")</script>';
const scenario = { ...findScenario('first-exit')!, title: `One ${evil}`, summary: `Two ${evil}` };
const tale: Walkthrough = {
  scenario,
  n: 612,
  posters: { light: '<svg xmlns="x" width="492" height="456"', dark: '' },
  rows: [{ n: 612, who: 'VM 1', instruction: evil, source: 'a.asm:1', sentence: `It ${evil}.` }],
  program: { path: 'a.asm', text: evil },
};
const place = { site: 'https://example.org/rings/' };

test('nothing that a page shows becomes markup', () => {
  const page = scenarioPage(tale, place);
  expect(page).not.toContain('<script>alert');
  expect(page.match(/&lt;script&gt;alert\(&quot;1&quot;\)/g)?.length).toBeGreaterThan(8);
  expect(html`<b title="${'"'}">${1}${[html`<i>`, html`</i>`]}</b>`.text).toBe('<b title="&quot;">1<i></i></b>');
});

test('previews have whole addresses, and a site that does not know its own has none', () => {
  const page = scenarioPage(tale, place);
  expect(page).toContain('<meta property="og:image" content="https://example.org/rings/posters/first-exit.png" />');
  expect(page).toContain('<link rel="iframely app" type="text/html" href="https://example.org/rings/embed/#scenario=first-exit&amp;step=');
  expect(page).toContain('<link rel="alternate" type="application/json+oembed" href="https://example.org/rings/oembed/first-exit.json"');
  expect(scenarioPage(tale, { site: '' })).not.toMatch(/og:|oembed|twitter|canonical|iframely/);
});

test('oEmbed answers as its specification asks of a rich one', () => {
  const answer = JSON.parse(oembed(tale, place));
  expect(answer).toMatchObject({ version: '1.0', type: 'rich', width: 800, height: 500, provider_url: place.site });
  expect(answer).toMatchObject({
    thumbnail_url: 'https://example.org/rings/posters/first-exit.png',
    thumbnail_width: 984,
    thumbnail_height: 912,
  });
  expect(answer.html).toContain('src="https://example.org/rings/embed/#scenario=first-exit&amp;step=612"');
  expect(answer.html).not.toContain('<script');
});
