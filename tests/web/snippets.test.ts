import { describe, expect, test } from 'vitest';
import { stepsOf } from '../../src/web/panels/header/SharePicture.tsx';
import { type Shared, snippets } from '../../src/web/panels/header/snippets.ts';

const shared: Shared = {
  base: 'https://example.org/rings/',
  hash: '#scenario=first-exit&vmm=vtx&step=613',
  lang: 'en',
  subject: 'One VM exit, whole',
  title: 'One VM exit, whole, step 613',
  picture: 'first-exit-613.svg',
};
const by = (id: string, over: Partial<Shared> = {}) => snippets({ ...shared, ...over }).find((snippet) => snippet.id === id)!.text;

describe('what is pasted into other pages', () => {
  test('begins with the link, and has a name and a note for each kind of page', () => {
    const all = snippets(shared);
    expect(all[0]).toMatchObject({ id: 'link', text: `${shared.base}${shared.hash}` });
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    for (const { name, note, text } of all) for (const part of [name, note, text]) expect(part).not.toBe('');
  });

  test('frames have a title, a sandbox, and no way to ask for more than they need', () => {
    for (const id of ['iframe', 'docusaurus', 'hugo', 'jekyll', 'mdbook', 'quarto', 'reveal', 'wordpress', 'moodle', 'canvas']) {
      expect(by(id)).toMatch(/<iframe\s+title="([^"]+|\{\{ .Get "title" \}\})"\s+(data-)?src="https:\/\/example\.org\/rings\/embed\//);
      expect(by(id)).toContain('sandbox="allow-scripts allow-same-origin allow-popups allow-downloads"');
    }
    expect(by('iframe')).toContain('embed/#scenario=first-exit&amp;vmm=vtx&amp;step=613"');
    expect(by('docusaurus')).toContain("style={{border: 0, display: 'block', ");
    expect(by('reveal')).toContain('data-src=');
    expect(by('hugo')).toContain(
      '{{< ring-minus-one title="One VM exit, whole, step 613" state="#scenario=first-exit&vmm=vtx&step=613" >}}',
    );
    expect(by('element')).toContain('<ring-minus-one title="One VM exit, whole, step 613" scenario="first-exit" vmm="vtx" step="613">');
    expect(by('markdown')).toBe(`[![${shared.title}](first-exit-613.svg)](${shared.base}${shared.hash})`);
  });

  test('a frame speaks the language of the page that it was made on, a link that of its reader', () => {
    expect(by('iframe', { lang: 'de' })).toContain('vmm=vtx&amp;step=613&amp;lang=de"');
    expect(by('element', { lang: 'de' })).toContain(' step="613" lang="de">');
    expect(by('link', { lang: 'de' })).toBe(by('link'));
  });

  test('a title cannot become markup', () => {
    const title = `"><script>alert(1)</script> {x} ](y)`;
    for (const { id, text } of snippets({ ...shared, title })) {
      if (id === 'markdown') expect(text).toContain('\\](y)');
      else expect(text.replace(/<script src="https:\/\/example\.org[^>]*><\/script>/, '')).not.toMatch(/<script|\{x\}/);
    }
  });
});

test('steps of a strip are numbers with commas between', () => {
  expect(stepsOf('3, 7,9')).toEqual([3, 7, 9]);
  for (const text of ['', '3;7', '-1', '3,,7', '1e3', Array.from({ length: 25 }, (_, k) => k).join(',')]) expect(stepsOf(text)).toBeNull();
});
