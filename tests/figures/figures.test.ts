import { describe, expect, test } from 'vitest';
import { costBar, costParts } from '../../src/figures/exits.ts';
import { glyph } from '../../src/figures/glyph.ts';
import { textWidth } from '../../src/figures/metrics.ts';
import { panelFigure, panels } from '../../src/figures/panel.ts';
import { ringsFigure } from '../../src/figures/rings.ts';
import { planRings } from '../../src/figures/rings-plan.ts';
import { ringsTitles } from '../../src/figures/rings-titles.ts';
import { planTrail } from '../../src/figures/rings-trail.ts';
import { printSvg } from '../../src/figures/svg.ts';
import { timelineFigure } from '../../src/figures/timeline.ts';
import { type FigureNode, textOf, walkTree } from '../../src/figures/tree.ts';
import { walkFigure, walkSentence } from '../../src/figures/walk.ts';
import { count } from '../../src/figures/words.ts';
import type { StageView } from '../../src/session/views.ts';
import { failureView, scene, viewAt } from '../support/stage/views.ts';

const scenes = [scene('vtx', 1), scene('vtx', 2), scene('vtx', 3), scene('vtx', 4), scene('none', 0)];
const sizes = [
  { width: 412, height: 424 },
  { width: 304, height: 292 },
  { width: 343, height: 296 },
];

const rings = (view: StageView, size = sizes[0]!) =>
  ringsFigure(view.rings, { ...size, n: view.n, sentence: 'rings', titles: ringsTitles });
const timeline = (view: StageView, width = 1392) =>
  timelineFigure(view.timeline, { width, n: view.n, cycle: view.cycle, at: view.rings.active, sentence: 'timeline' });
const walk = (view: StageView, width = 336) => walkFigure(view.walk!, { width, vm: view.who.vm });

interface Box {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly y: number;
}

/** Straight texts of a picture with their estimated extent. */
function boxes(figure: FigureNode): Box[] {
  const result: Box[] = [];
  for (const item of walkTree(figure)) {
    if (item.tag !== 'text' || item.attributes.x === undefined) continue;
    const text = textOf(item);
    const size = /axis core/.test(String(item.attributes.class)) ? 30 : /axis|vm-name/.test(String(item.attributes.class)) ? 15 : 12;
    const width = textWidth(text, size);
    const x = Number(item.attributes.x);
    const anchor = item.attributes['text-anchor'] ?? 'start';
    const left = anchor === 'middle' ? x - width / 2 : anchor === 'end' ? x - width : x;
    result.push({ text, left, right: left + width, y: Number(item.attributes.y) });
  }
  return result;
}

function overlaps(figure: FigureNode): string[] {
  const all = boxes(figure);
  return all.flatMap((a, i) =>
    all
      .slice(i + 1)
      .filter((b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.abs(a.y - b.y) < 10)
      .map((b) => `“${a.text}” / “${b.text}”`),
  );
}

describe('the pictures', () => {
  const [, two, three, , bare] = scenes;
  test.each([
    ['rings-before', rings(viewAt(two!, 10))],
    ['rings-inside', rings(viewAt(two!, 20))],
    ['rings-three', rings(viewAt(three!, 18))],
    ['rings-bare', rings(viewAt(bare!, 6))],
    ['rings-shut-down', rings(failureView(two!))],
    ['timeline', timeline(viewAt(two!, 20))],
    ['timeline-bare', timeline(viewAt(bare!, 6))],
    ['walk-shadow', walk(viewAt(two!, 10))],
    ['walk-bare', walk(viewAt(bare!, 6))],
    ['cost', costBar(costParts(viewAt(two!, 20).exits.latest.at(-1)!), 336)],
    ['glyph', glyph(74, { vms: 2, hot: { vm: 1, ring: '0' } })],
  ] as const)('%s', async (name, figure) => {
    const text = printSvg(figure, { title: name, description: `The picture ${name}.` });
    await expect(text).toMatchFileSnapshot(`./snapshots/${name}.svg`);
    expect(text).not.toMatch(/NaN|undefined|var\(|<script|https?:\/\/(?!www\.w3\.org)/);
  });

  test('dark has its own colours', () => {
    const text = printSvg(rings(viewAt(two!, 10)), { theme: 'dark', title: 't', description: 'd' });
    expect(text).toContain('#121519');
    expect(text).not.toMatch(/var\(|#fbfaf7/);
  });
});

describe('at every step of every scene', () => {
  const steps = scenes.flatMap((s, k) => s.steps.map((_, i) => ({ name: `scene ${k} step ${i}`, view: viewAt(s, i) })));

  test('no two texts of the rings touch', () => {
    const found = steps.flatMap(({ name, view }) =>
      sizes.flatMap((size) => overlaps(rings(view, size)).map((o) => `${name} ${size.width}: ${o}`)),
    );
    expect(found).toEqual([]);
  });

  test('no two texts of the timeline touch', () => {
    const found = steps.flatMap(({ name, view }) =>
      [1392, 1152, 343].flatMap((w) => overlaps(timeline(view, w)).map((o) => `${name} ${w}: ${o}`)),
    );
    expect(found).toEqual([]);
  });

  test('no two texts of the address path touch', () => {
    const found = steps.flatMap(({ name, view }) => [336, 296].flatMap((w) => overlaps(walk(view, w)).map((o) => `${name} ${w}: ${o}`)));
    expect(found).toEqual([]);
  });

  test('where the TLB has the answer, the address path says that no entry is read', () => {
    const drawn = steps.map(({ view: { walk, who } }) => {
      const hit = { ...walk!, tlbHit: true, fault: '' };
      expect(walkSentence(hit)).toContain('the TLB has it: no entry is read now');
      expect(walkSentence({ ...hit, tlbHit: false })).not.toContain('TLB');
      const figure = walkFigure(hit, { width: 336, vm: who.vm, sentence: '' });
      expect(overlaps(figure)).toEqual([]);
      expect(textOf(figure)).not.toMatch(/entries read|path walked/);
      return textOf(figure).includes('no entry is read now');
    });
    expect(drawn).toContain(true);
  });

  test('every number is finite, and keys are unique among siblings', () => {
    for (const { view } of steps) {
      for (const figure of [rings(view), timeline(view), walk(view)]) {
        for (const item of walkTree(figure)) {
          for (const value of Object.values(item.attributes)) expect(String(value)).not.toMatch(/NaN|Infinity|undefined/);
          const keys = item.children.flatMap((child) => (typeof child === 'string' || child.key === undefined ? [] : [child.key]));
          expect(new Set(keys).size, `${figure.attributes.class}: ${keys.join(' ')}`).toBe(keys.length);
        }
      }
    }
  });

  test('the processor stays in the sector of its machine: no path crosses the gap between two', () => {
    for (const { view } of steps) {
      const plan = planRings(view.rings, sizes[0]!);
      if (plan.sectors.length < 2) continue;
      const { token } = planTrail(plan, view.rings, view.n);
      const sector = plan.sectors.find((s) => s.vm === view.rings.active?.vm);
      if (!token || !sector || view.rings.active?.ring === 'm') continue;
      const angle = token.angle < sector.from ? token.angle + 360 : token.angle;
      expect(angle).toBeGreaterThan(sector.from);
      expect(angle).toBeLessThan(sector.to);
    }
  });
});

describe('every panel prints', () => {
  test.each(panels)('%s', async (panel) => {
    const view = viewAt(scenes[1]!, 20);
    const text = printSvg(panelFigure(view, panel), { title: panel, description: view.sentence });
    await expect(text).toMatchFileSnapshot(`./snapshots/panel-${panel}.svg`);
    expect(text).not.toMatch(/NaN|undefined|var\(|<script/);
    expect(text.length).toBeLessThan(40_000);
  });
});

test('registers are written as they are asked for, and touch no others', async () => {
  const view = viewAt(scenes[1]!, 20);
  const value = view.registers[0]!.value >>> 0;
  for (const [numbers, text] of [
    ['dec', count(value)],
    ['bin', value.toString(2).padStart(32, '0').match(/.{8}/g)!.join(' ')],
  ] as const) {
    const figure = panelFigure(view, 'registers', numbers);
    expect(textOf(figure)).toContain(text);
    expect(overlaps(figure)).toEqual([]);
    expect(Math.max(...boxes(figure).map(({ right }) => right))).toBeLessThanOrEqual(336);
    await expect(printSvg(figure, { title: 'registers', description: view.sentence })).toMatchFileSnapshot(
      `./snapshots/registers-${numbers}.svg`,
    );
  }
});

test('two crossings of one step have keys of their own', () => {
  const view = viewAt(scenes[1]!, 2);
  const n = view.n;
  const past = [
    { n, kind: 'interrupt', label: 'IRQ 0', vm: 1, from: '3', to: '0', process: 0 },
    { n, kind: 'exit', label: 'VM exit 1', vm: 1, from: '0', to: 'm', process: -1 },
  ] as const;
  const figure = ringsFigure({ ...view.rings, past, active: { vm: 0, ring: 'm' } }, { ...sizes[0]!, n });
  for (const item of walkTree(figure)) {
    const keys = item.children.flatMap((child) => (typeof child === 'string' || child.key === undefined ? [] : [child.key]));
    expect(new Set(keys).size).toBe(keys.length);
  }
});

test('an exit out of ring 3 goes over ring 0 as a bridge', () => {
  const view = viewAt(scenes[1]!, 2);
  const crossing = { n: view.n + 1, kind: 'exit', label: 'VM exit 10', vm: 1, from: '3', to: 'm', process: 0 } as const;
  const figure = ringsFigure({ ...view.rings, future: [crossing] }, { ...sizes[0]!, n: view.n });
  const bridges = [...walkTree(figure)].filter((item) => item.attributes.class === 'bridge');
  expect(bridges).toHaveLength(1);
});

test('the way back to another process of a bare machine stays inside the kernel', () => {
  const bare = scenes[4]!;
  const view = viewAt(bare, 6);
  const plan = planRings(view.rings, sizes[0]!);
  const { token, pieces } = planTrail(plan, view.rings, view.n);
  expect(token!.angle).toBeGreaterThan(140);
  expect(pieces.every((piece) => !piece.bridge)).toBe(true);
});
