import { describe, expect, test } from 'vitest';
import { illustration } from '../../src/figures/illustration.ts';
import { panels } from '../../src/figures/panel.ts';
import { SCENARIOS } from '../../src/session/scenarios.ts';
import { Session } from '../../src/session/session.ts';
import type { StageView } from '../../src/session/views.ts';
import { BY_NIGHT } from '../support/night.ts';

const MOST = 20 * 1024;
/** And the step behind each. */
const STEPS = BY_NIGHT ? [0, 7, 64, 300, 1_000, 2_500, 4_000, 20_000, 100_000, 400_000] : [0, 300, 2_500, 20_000];
const LINK = 'https://example.org/rings/#scenario=a&step=1';

/** What is not well formed, or not allowed in a picture for other people's pages; empty when all is well. */
function faults(svg: string): string[] {
  const found: string[] = [];
  const open: string[] = [];
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what XML 1.0, section 2.2, does not allow
  if (/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/.test(svg) || /\p{Cs}/u.test(svg)) found.push('a character that XML does not have');
  const rest = svg.replace(/<(\/?)([\w:-]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/g, (_, close, name, attributes, empty) => {
    if (close && open.pop() !== name) found.push(`</${name}>`);
    if (!close && !empty) open.push(name);
    if (/^(script|foreignObject|image|iframe|use|set|animate)$/i.test(name)) found.push(`<${name}>`);
    const names = [...attributes.matchAll(/([\w:-]+)="([^"]*)"/g)];
    if (new Set(names.map(([, each]) => each)).size !== names.length) found.push(`${name} has an attribute twice`);
    for (const [, each, value] of names)
      if (/^on/i.test(each) || (/href|src/.test(each) && !value.startsWith('#') && name !== 'a')) found.push(`${name} ${each}=${value}`);
    return '';
  });
  if (/[<>]/.test(rest)) found.push(`markup that does not close: ${/.{0,30}[<>].{0,30}/s.exec(rest)?.[0]}`);
  if (/&(?!(amp|lt|gt|quot|#\d+);)/.test(rest)) found.push('an & that stands alone');
  if (open.length > 0) found.push(`${open.join(' ')} left open`);
  if (/@import|url\((?!#)|var\(|NaN|undefined/.test(svg)) found.push('something from elsewhere, or without a value');
  return found;
}

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

function check(view: StageView, name: string): number {
  let largest = 0;
  for (const [k, panel] of panels.entries()) {
    const svg = illustration(view, { title: 'A <title> & more', panel, theme: (k + view.n) % 2 === 0 ? 'light' : 'dark', link: LINK });
    const where = `${name}, step ${view.n}, ${panel}`;
    expect(faults(svg), where).toEqual([]);
    expect(Buffer.byteLength(svg), where).toBeLessThan(MOST);
    expect(svg, where).toContain(`>${escaped(view.sentence.replace(/\*([^*\s][^*]*)\*/g, '$1'))}</desc>`);
    expect(/<metadata>.*<\/metadata>/s.exec(svg)?.[0], where).toContain(escaped(LINK));
    largest = Math.max(largest, Buffer.byteLength(svg));
  }
  return largest;
}

const openings = SCENARIOS.flatMap(({ id, vmms }) => vmms.map((vmm) => [id, vmm] as const));

describe('every panel at steps all over a run is small, well-formed, says what it shows, and needs nothing', () => {
  test.each(openings)('%s under %s', (scenario, vmm) => {
    const session = Session.open({ scenario, vmm });
    let largest = 0;
    for (const n of STEPS) {
      session.seek(n);
      largest = Math.max(largest, check(session.view(), `${scenario} under ${vmm}`));
      session.step();
      largest = Math.max(largest, check(session.view(), `${scenario} under ${vmm}`));
    }
    console.log(`${scenario} under ${vmm}: at most ${largest} bytes`);
  });
});

test('whatever a program has in its text, its picture is well-formed', () => {
  const session = Session.open({ source: 'a:\tnop ; <b>&\u0001\u001b[31m\ud800 ]]> "\'\n dd 0\n', vmm: 'none' });
  check(session.view(), 'a program');
});
