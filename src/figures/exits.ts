import { say, told, worded } from '../lib/say.ts';
import type { ExitRecord, Ring } from '../session/views.ts';
import { clamped } from './scale.ts';
import { type FigureNode, node, round } from './tree.ts';
import { count } from './words.ts';

/** The end of the scale of the bars: a round number, so that bars keep their length while counts grow. */
export function barDomain(counts: readonly number[]): number {
  const most = Math.max(10, ...counts);
  const power = 10 ** Math.floor(Math.log10(most));
  return [1, 1.5, 2, 3, 5, 7, 10].map((k) => k * power).find((end) => end >= most) ?? 10 * power;
}

/** One bar of the list of exits. */
export function exitBar(value: number, domain: number, width: number, ring: Ring): FigureNode {
  const x = clamped([0, domain], [0, width]);
  return node('svg', { class: 'rm-bar', width, height: 8, 'aria-hidden': 'true' }, [
    node('rect', { width: round(value > 0 ? Math.max(1, x(value)) : 0), height: 8, class: `blk r${ring}` }, [], 'bar'),
  ]);
}

export interface CostPart {
  readonly name: 'exit' | 'handler' | 'entry';
  readonly cycles: number;
  readonly crossing: boolean;
}

/** The parts of an exit's cost that happened so far. */
export function costParts(exit: ExitRecord): readonly CostPart[] {
  const parts: CostPart[] = [
    { name: worded('exit'), cycles: exit.cycles.exit, crossing: true },
    { name: worded('handler'), cycles: exit.cycles.handler, crossing: false },
    { name: worded('entry'), cycles: exit.cycles.entry, crossing: true },
  ];
  return parts.filter((part) => part.cycles > 0);
}

/** Cycles of an exit as one bar: hatched is crossing, solid is the handler. */
export function costBar(parts: readonly CostPart[], width: number, id = 'cost'): FigureNode {
  const total = parts.reduce((sum, part) => sum + part.cycles, 0) || 1;
  const hatch = `${id}-hatch`;
  let x = 0;
  const blocks = parts.flatMap((part, i) => {
    const w = (part.cycles / total) * (width - (parts.length - 1));
    const shape = { x: round(x), width: round(Math.max(1, w)), height: 8 };
    x += w + 1;
    return part.crossing
      ? [
          node('rect', { ...shape, class: 'blk xm' }, [], part.name),
          node('rect', { ...shape, fill: `url(#${hatch})` }, [], `${part.name}-hatch${i}`),
        ]
      : [node('rect', { ...shape, class: 'blk rm' }, [], part.name)];
  });
  return node(
    'svg',
    {
      class: 'rm-cost',
      width,
      height: 8,
      role: 'img',
      'aria-label': parts.map((p) => say`${told(p.name)} ${count(p.cycles)} cycles`).join(', ') || say`no cycles yet`,
    },
    [
      node('defs', {}, [
        node('pattern', { id: hatch, width: 4, height: 4, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' }, [
          node('path', { d: 'M0 0V4', class: 'hatch rm' }),
        ]),
      ]),
      ...blocks,
    ],
  );
}
