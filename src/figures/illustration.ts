/** Pictures of steps for other pages: the same text from the page and from the command line. */
import { say } from '../lib/say.ts';
import type { StageView } from '../session/views.ts';
import { animate, renameIds } from './animation.ts';
import { textWidth } from './metrics.ts';
import type { Numbers } from './numbers.ts';
import { type Panel, panelFigure } from './panel.ts';
import { printSvg } from './svg.ts';
import { type FigureNode, label, node, picture } from './tree.ts';
import { count } from './words.ts';

export interface Illustrated {
  /** The scenario's title. */
  readonly title: string;
  readonly panel: Panel;
  readonly theme: 'light' | 'dark';
  /** Where the (first) step can be stepped through. */
  readonly link: string;
  /** How registers are written; default hex. */
  readonly numbers?: Numbers;
}

const plain = (view: StageView): string => view.sentence.replace(/\*([^*\s][^*]*)\*/g, '$1');

/** One panel at one step, as SVG. */
export function illustration(view: StageView, options: Illustrated): string {
  return printSvg(panelFigure(view, options.panel, options.numbers), {
    theme: options.theme,
    title: say`${options.title}, step ${count(view.n)}`,
    description: plain(view),
    link: options.link,
  });
}

const GAP = 28;
const HEAD = 26;
const LINE = 17;
const TEXT = 12;
/** Below this width a row of pictures holds no further one. */
const STRIP = 1440;

/** Several steps of one panel as a numbered strip, each with its sentence, in rows from left to right. */
export function strip(views: readonly StageView[], options: Illustrated): string {
  const figures = views.map((view) => panelFigure(view, options.panel, options.numbers));
  const width = Math.max(...figures.map((figure) => Number(figure.attributes.width)));
  const columns = Math.max(1, Math.min(views.length, Math.floor((STRIP + GAP) / (width + GAP))));
  const children: FigureNode[] = [];
  let y = 0;
  for (let first = 0; first < views.length; first += columns) {
    const row = figures.slice(first, first + columns);
    const tallest = Math.max(...row.map((figure) => Number(figure.attributes.height)));
    const texts = row.map((_, i) => wrap(plain(views[first + i]!), width));
    row.forEach((figure, i) => {
      const x = i * (width + GAP);
      children.push(
        frame(figure, views[first + i]!.n, first + i, x, y + HEAD),
        label(x, y + 14, `${first + i + 1}`, 'title'),
        label(x + 18, y + 14, say`step ${count(views[first + i]!.n)}`, 'tx'),
        ...texts[i]!.map((text, k) => label(x, y + HEAD + tallest + 18 + k * LINE, text, 'row-note')),
      );
    });
    y += HEAD + tallest + 12 + Math.max(...texts.map((lines) => lines.length)) * LINE + GAP;
  }
  const root = picture(columns * (width + GAP) - GAP, y - GAP, 'rm-panel', '', children);
  return printSvg(root, {
    theme: options.theme,
    title: say`${options.title}, steps ${views.map((view) => count(view.n)).join('; ')}`,
    description: views.map(plain).join(' '),
    link: options.link,
  });
}

/** Most steps that one animation takes. */
export const MOST_FRAMES = 48;

/** Several steps of one panel as a picture that shows them in turn, each with its sentence; where motion is not wanted it stands at the first. */
export function animation(views: readonly StageView[], options: Illustrated & { readonly seconds: number }): string {
  const figures = views.map((view) => panelFigure(view, options.panel, options.numbers));
  const width = Math.max(...figures.map((figure) => Number(figure.attributes.width)));
  const tallest = Math.max(...figures.map((figure) => Number(figure.attributes.height)));
  const texts = views.map((view) => wrap(plain(view), width));
  const y = tallest + 24;
  const frames = figures.map((figure, i) => [
    ...figure.children,
    label(0, y, say`step ${count(views[i]!.n)}`, 'tx', 'start', 'animation-step'),
    label(width, y, say`${i + 1} of ${views.length}`, 'tx', 'end', 'animation-count'),
    ...texts[i]!.map((text, k) => label(0, y + (k + 1) * LINE + 3, text, 'row-note', 'start', `animation-text${k}`)),
  ]);
  const { children, css } = animate(frames, options.seconds);
  const height = y + Math.max(...texts.map((lines) => lines.length)) * LINE + 6;
  const className = `rm-panel ${figures[0]?.attributes.class ?? ''}`;
  return printSvg(picture(width, height, className, '', children), {
    theme: options.theme,
    title: say`${options.title}, steps ${count(views[0]!.n)} to ${count(views.at(-1)!.n)}`,
    description: views
      .map(plain)
      .filter((text, i, all) => text !== all[i - 1])
      .join(' '),
    link: options.link,
    css,
  });
}

/** A figure inside another one; what it names (hatchings, paths that text follows) gets names of its own. */
function frame(figure: FigureNode, n: number, index: number, x: number, y: number): FigureNode {
  const { width, height, class: className } = figure.attributes;
  const own = figure.children.map((child) => (typeof child === 'string' ? child : renameIds(child, `-${index}`)));
  return node('svg', { x, y, width, height, class: className, overflow: 'visible' }, own, `step${n}`);
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && textWidth(longer, TEXT) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return line === '' ? lines : [...lines, line];
}
