import { say } from '../lib/say.ts';
import type { StageView } from '../session/views.ts';
import { gutterFigure, gutterWidth, tracksFor, trackX } from './gutter.ts';
import { fitText, textWidth } from './metrics.ts';
import { tokenShape } from './rings.ts';
import { type InstructionLine, type StreamLine, streamEnd, streamLines } from './stream-lines.ts';
import { type FigureNode, label, node, picture } from './tree.ts';
import { ringNumeral } from './words.ts';

export interface StreamOptions {
  readonly width: number;
  readonly rows: number;
  readonly sentence: string;
}

const ROW = 22;
const TITLE = 24;
/** Advance of the machine face at 12 px. */
const MONO = 7.2;

/** The instruction stream as a picture of its own: gutter, addresses, bytes, text and comments. */
export function streamFigure(view: StageView, options: StreamOptions): FigureNode {
  const lines = streamLines(view.stream, streamEnd(view), options.rows);
  const tracks = tracksFor(
    view.rings.kind,
    lines.flatMap((line) => line.ring ?? []),
  );
  const left = gutterWidth(tracks) + 6;
  const current = lines.findIndex((line) => line.when === 'current');
  const gutter = gutterFigure(lines, tracks, ROW);
  const ring = lines[current]?.ring;
  return picture(options.width, TITLE + lines.length * ROW + 4, 'rm-stream', options.sentence, [
    ...tracks.map((t) => label(trackX(tracks, t), 15, ringNumeral(t), `tl r${t}`, 'middle', `track${t}`)),
    label(left, 15, say`Instructions`, 'title', 'start', 'title'),
    label(options.width, 15, fitText(view.stream.files.join(', '), 12, options.width - left - 110), 'tx', 'end', 'files'),
    node(
      'g',
      { transform: `translate(0 ${TITLE})` },
      [
        ring &&
          node('rect', {
            x: left - 6,
            y: current * ROW - 2,
            width: options.width - left + 6,
            height: ROW + 4,
            rx: 4,
            class: `row-live r${ring}`,
          }),
        node('g', {}, gutter.children, 'gutter'),
        ...lines.map((line, i) => rowNode(line, i * ROW + 15, left, options.width)),
        ring && node('g', { transform: `translate(${trackX(tracks, ring)} ${current * ROW + ROW / 2})` }, [tokenShape(ring, 7.5)], 'at'),
      ],
      'rows',
    ),
  ]);
}

function rowNode(line: StreamLine, y: number, x: number, width: number): FigureNode {
  if (line.kind === 'instruction') return node('g', {}, instructionNodes(line, y, x, width), line.key);
  const strong = line.kind === 'event' || line.kind === 'header';
  const className = strong ? `row-event r${line.ring ?? '0'}` : line.kind === 'label' ? 'row-code' : 'tx';
  const end = x + textWidth(line.text, 12, strong ? 'strong' : 'regular') + 10;
  return node(
    'g',
    {},
    [label(x, y, line.text, className), line.note !== '' && label(end, y, fitText(line.note, 12, width - end), 'tx')],
    line.key,
  );
}

function instructionNodes(line: InstructionLine, y: number, x: number, width: number): FigureNode[] {
  const [bytes, text, comment] = [x + 70, x + 206, x + 384];
  const faint = line.when === 'current' ? 'row-code' : 'row-code faint';
  const parts = line.operands.map((part) => (part.touched ? node('tspan', { class: 'touched' }, [part.text]) : part.text));
  const code = node('text', { x: text, y, class: line.when === 'future' ? 'row-code next' : 'row-code' }, [
    node('tspan', { class: 'mnemonic' }, [line.mnemonic]),
    ' ',
    ...parts,
  ]);
  const used = (line.mnemonic.length + 1 + line.operands.reduce((sum, part) => sum + part.text.length, 0)) * MONO;
  const note = Math.max(comment, text + used + 10);
  return [
    label(x, y, line.address, faint),
    label(bytes, y, line.bytes, `${faint} bytes`),
    code,
    label(note, y, fitText(line.comment, 12, width - note), line.when === 'current' ? 'row-note' : 'tx'),
  ];
}
