/** A walk as a map: one cell for each entry that is read, all of one size, so that its length is what it costs. */
import { say } from '../lib/say.ts';
import type { Ring, WalkEntry, WalkView } from '../session/views.ts';
import { type FigureNode, label, node, picture, round } from './tree.ts';
import { hex } from './words.ts';

export interface WalkGridOptions {
  readonly width: number;
  /** The ring of who keeps the tables that are walked first, and of who keeps the nested ones. */
  readonly rings: { readonly own: Ring; readonly nested: Ring };
}

const NAMES = 74;
const HEAD = 18;
const ROW = 30;
const CELL = 22;
const GAP = 18;
const WIDEST = 108;

interface Column {
  readonly above: readonly WalkEntry[];
  /** Null at the end: the page itself. */
  readonly entry: WalkEntry | null;
}

interface Place {
  readonly x: number;
  readonly y: number;
}

/** A column for each of the tables, below the nested entries that say where it lies; the last one leads to the page. */
export function walkGrid(view: WalkView, { width, rings }: WalkGridOptions): FigureNode {
  const isNested = view.walked === 'nested';
  const found = view.physical !== null;
  const columns: Column[] = view.entries.map((entry) => ({ above: entry.nested, entry }));
  if (view.nestedEntries.length > 0 || found) columns.push({ above: view.nestedEntries, entry: null });
  const depth = Math.max(0, ...columns.map(({ above }) => above.length));
  const span = Math.min(WIDEST + GAP, (width - NAMES) / Math.max(1, columns.length));
  const cell = span - GAP;
  const rowAt = (k: number) => HEAD + k * ROW;
  const last = rowAt(depth);
  const cells: FigureNode[] = [];
  const way: FigureNode[] = [];
  const kind = view.tlbHit ? 'soft' : 'hard';
  let read = 0;
  let before: Place | null = null;
  const goTo = (to: Place) => {
    if (before) way.push(node('path', { d: pathBetween(before, to, cell), class: `ap ${kind}` }, [], `way${way.length}`));
    before = to;
  };
  const put = (entry: WalkEntry, at: Place, ring: Ring) => {
    goTo(at);
    cells.push(cellNode(entry, entry.address < 0 ? 0 : ++read, at, cell, ring));
  };
  columns.forEach(({ above, entry }, c) => {
    const x = NAMES + c * span;
    cells.push(label(x + cell / 2, 12, entry?.short ?? say`page`, 'al', 'middle', `head${c}`));
    for (const [k, nested] of above.entries()) put(nested, { x, y: rowAt(depth - above.length + k) }, rings.nested);
    if (entry !== null) put(entry, { x, y: last }, rings.own);
    else if (found) {
      goTo({ x: x + cell / 2 - 4, y: last });
      cells.push(node('circle', { cx: round(x + cell / 2), cy: last + CELL / 2, r: 4, class: 'adot' }, [], 'page'));
    }
  });
  const names = columns[0]?.above.map((entry, k) => label(0, rowAt(k) + 15, entry.short, 'al', 'start', `row${k}`)) ?? [];
  const own = label(0, last + 15, isNested ? say`the guest’s` : '', 'al', 'start', 'own');
  return picture(width, last + CELL + 6, 'rm-walk', gridSentence(view), [...names, isNested && own, ...way, ...cells]);
}

/** The walk in one sentence. */
export function gridSentence({ references, tlbHit }: WalkView): string {
  if (references === 1) return tlbHit ? say`A walk would read one entry; the TLB has the answer.` : say`The walk reads one entry.`;
  return tlbHit ? say`A walk would read ${references} entries; the TLB has the answer.` : say`The walk reads ${references} entries.`;
}

function cellNode(entry: WalkEntry, read: number, { x, y }: Place, width: number, ring: Ring): FigureNode {
  const title = `${entry.table}, ${entry.index}: ${hex(entry.value)} ${entry.flags}`;
  return node(
    'g',
    {},
    [
      node('title', {}, [title]),
      node('rect', { x: round(x), y, width: round(width), height: CELL, rx: 2, class: `cell r${ring}` }),
      read > 0 && label(x + 6, y + 15, String(read), 'al'),
      label(x + width - 6, y + 15, String(entry.index), 'av', 'end'),
    ],
    `cell${round(x)} ${y}`,
  );
}

/** Down to the next entry of a column, or from a column's foot up to the head of the next. */
function pathBetween(from: Place, to: Place, cell: number): string {
  if (to.x === from.x) return `M${round(from.x + cell / 2)} ${from.y + CELL}V${to.y}`;
  const isPage = to.x > from.x && to.x < from.x + cell;
  if (isPage) return `M${round(from.x + cell / 2)} ${from.y + CELL}V${to.y + CELL / 2 - 4}`;
  const [start, middle, height] = [round(from.x + cell), round(from.x + cell + GAP / 2), CELL / 2];
  return `M${start} ${from.y + height}H${middle}V${to.y + height}H${round(to.x)}`;
}
