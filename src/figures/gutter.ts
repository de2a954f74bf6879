import type { Ring, RingsView } from '../session/views.ts';
import { bend } from './scale.ts';
import { type FigureNode, node, round } from './tree.ts';

export interface GutterRow {
  readonly key: string;
  /** Null for a row without a place of its own. */
  readonly ring: Ring | null;
  readonly kind: 'instruction' | 'event' | 'fold' | 'header' | 'goal' | 'label';
  readonly when: 'past' | 'current' | 'future';
}

const ORDER: readonly Ring[] = ['3', '2', '1', '0', 'm'];

/** The tracks to draw: 3 and 0 always, the others when they are in use or exist. */
export function tracksFor(kind: RingsView['kind'], used: Iterable<Ring>): readonly Ring[] {
  const set = new Set<Ring>(['3', '0', ...used]);
  if (kind === 'ring0') set.add('1');
  else if (kind !== 'bare') set.add('m');
  return ORDER.filter((ring) => set.has(ring));
}

/** Where a track runs: further right is deeper. */
export function trackX(tracks: readonly Ring[], ring: Ring): number {
  const step = tracks.length > 3 ? 14 : 20;
  return 12 + Math.max(0, tracks.indexOf(ring)) * step;
}

/** Room for all tracks. */
export function gutterWidth(tracks: readonly Ring[]): number {
  return trackX(tracks, tracks.at(-1) ?? '0') + 12;
}

/**
 * The processor's way through the rows, like a line on a railway map; the token itself is drawn by the caller.
 * `first` is the number of the first row: a row that keeps its number from one picture to the next keeps its shapes.
 */
export function gutterFigure(rows: readonly GutterRow[], tracks: readonly Ring[], rowHeight: number, first = 0): FigureNode {
  const height = rows.length * rowHeight;
  const y = (i: number) => (first + i) * rowHeight + rowHeight / 2;
  const lines: FigureNode[] = [];
  const dots: FigureNode[] = [];
  let before: { readonly ring: Ring; readonly i: number } | null = null;
  rows.forEach((row, i) => {
    if (row.ring === null) return;
    const x = trackX(tracks, row.ring);
    const next = row.when === 'future' ? ' next' : '';
    if (before) {
      const from = trackX(tracks, before.ring);
      const d = from === x ? `M${x} ${y(before.i)}V${y(i)}` : bend([from, y(before.i)], [x, y(i)]);
      lines.push(node('path', { d, class: `trail r${row.ring}${next}` }, [], `line-${row.key}`));
    }
    before = { ring: row.ring, i };
    if (row.kind === 'instruction' && row.when !== 'current') {
      dots.push(node('circle', { cx: x, cy: y(i), r: 2.6, class: `dot r${row.ring}${next}` }, [], `dot-${row.key}`));
    } else if (row.kind === 'fold') {
      for (const k of [-5, 0, 5]) {
        dots.push(node('circle', { cx: x, cy: y(i) + k, r: 1.4, class: `dot r${row.ring}${next}` }, [], `dot-${row.key}${k}`));
      }
    }
  });
  const under = tracks.map((ring) =>
    node('path', { d: `M${trackX(tracks, ring)} 0V${round(height)}`, class: 'track' }, [], `track${ring}`),
  );
  const way = node('g', { transform: first === 0 ? undefined : `translate(0 ${-first * rowHeight})` }, [...lines, ...dots], 'way');
  return node('svg', { class: 'rm-gutter', width: gutterWidth(tracks), height: round(height), 'aria-hidden': 'true' }, [...under, way]);
}
