/** The disk as squares, a sector each: what it holds by its tone, and the one that was read or written last. */
import type { DiskView } from '../session/views.ts';
import { type FigureNode, node, picture } from './tree.ts';

/** Sectors in a row. */
const ACROSS = 32;

const TONE: Readonly<Record<DiskView['runs'][number]['what'], string>> = {
  superblock: 'structure',
  directory: 'structure',
  links: 'structure',
  program: 'file',
  module: 'file',
  text: 'file',
  free: 'free',
  unknown: 'free',
};

export function diskFigure({ runs, sectors, last }: DiskView, width: number, sentence: string): FigureNode {
  const pitch = width / ACROSS;
  const size = pitch - 2;
  const at = (sector: number) => ({ x: Math.round((sector % ACROSS) * pitch * 10) / 10 + 1, y: Math.floor(sector / ACROSS) * pitch + 1 });
  const squares = runs.flatMap(({ first, last: end, what }, k) =>
    Array.from({ length: end - first + 1 }, (_, i) =>
      node(
        'rect',
        { ...at(first + i), width: size, height: size, class: `sector ${TONE[what]}${k % 2 === 0 ? ' even' : ''}` },
        [],
        `s${first + i}`,
      ),
    ),
  );
  const { x, y } = at(Math.max(0, last));
  const mark = last < 0 ? null : node('rect', { x: x - 1, y: y - 1, width: size + 2, height: size + 2, class: 'sector-last' }, [], 'last');
  return picture(width, Math.ceil(sectors / ACROSS) * pitch + 2, 'rm-disk', sentence, [...squares, mark]);
}
