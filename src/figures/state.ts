import { say, told } from '../lib/say.ts';
import type { StageView } from '../session/views.ts';
import { barDomain, costBar, costParts, exitBar } from './exits.ts';
import { vmMark } from './glyph.ts';
import { fitText, textWidth } from './metrics.ts';
import type { Numbers } from './numbers.ts';
import { type FigureNode, label, node, picture } from './tree.ts';
import { count, hex } from './words.ts';
import { written } from './written.ts';

const ROW = 20;
const BAR = 92;

/** Exits by reason and the newest one taken apart, as a picture of its own. */
export function exitsFigure(view: StageView, width: number, sentence: string): FigureNode {
  const { counts, kind, latest, total } = view.exits;
  const ring = kind === 'interrupts' ? '0' : 'm';
  const sorted = [...counts].sort((a, b) => b.count - a.count || a.code - b.code);
  const domain = barDomain(sorted.map((c) => c.count));
  const rows = sorted.map((row, i) => {
    const y = 24 + i * ROW;
    return node(
      'g',
      {},
      [
        label(0, y + 14, row.codeText, 'row-code faint'),
        label(30, y + 14, fitText(row.title || row.name, 12, width - 30 - BAR - 50), 'row-note'),
        node('g', { transform: `translate(${width - BAR - 44} ${y + 6})` }, exitBar(row.count, domain, BAR, ring).children),
        label(width, y + 14, count(row.count), 'row-note', 'end'),
      ],
      `row${row.code}`,
    );
  });
  const exit = latest.at(-1);
  const children: FigureNode[] = [
    label(0, 15, kind === 'interrupts' ? say`Interrupts and faults` : say`VM exits`, 'title'),
    label(width, 15, say`${count(total)} since power-on`, 'tx', 'end'),
    ...rows,
  ];
  let y = 24 + rows.length * ROW + 10;
  if (exit) {
    const heading = kind === 'interrupts' ? say`Event ${count(exit.index)}` : say`Exit ${count(exit.index)}`;
    const x = exit.vm > 0 ? 20 : 0;
    if (exit.vm > 0)
      children.push(node('g', { class: 'rm-mark', transform: `translate(0 ${y})` }, vmMark(exit.vm, 14, exit.owner).children, 'mark'));
    children.push(label(x, y + 12, heading, 'title'));
    const where = x + textWidth(heading, 12, 'strong') + 10;
    const place = [exit.owner, say`at ${hex(exit.guestEip)}`, exit.instruction].filter(Boolean).join(', ');
    children.push(label(where, y + 12, fitText(place, 12, width - where), 'row-note'));
    y += 24;
    for (const field of exit.infos.flatMap((info) => info.fields)) {
      children.push(label(0, y + 12, field.bits, 'row-code faint'), label(52, y + 12, field.value, 'row-code'));
      children.push(label(130, y + 12, fitText(field.meaning, 12, width - 130), 'row-note'));
      y += 18;
    }
    const parts = costParts(exit);
    if (parts.length > 0) {
      children.push(node('g', { transform: `translate(0 ${y + 4})` }, costBar(parts, width, 'figure-cost').children, 'cost'));
      children.push(label(0, y + 28, parts.map((p) => `${told(p.name)} ${count(p.cycles)}`).join(', '), 'tx'));
      y += 34;
    }
  }
  return picture(width, y + 4, 'rm-panel', sentence, children);
}

/** Pixels of a register with its name. */
const CELL: Readonly<Record<Numbers, number>> = { hex: 112, dec: 150, bin: 320 };

/** Registers and flags, as a picture of its own. */
export function registersFigure(view: StageView, width: number, sentence: string, numbers: Numbers = 'hex'): FigureNode {
  const columns = Math.max(1, Math.floor(width / CELL[numbers]));
  const children: FigureNode[] = [label(0, 15, say`Processor`, 'title')];
  view.registers.forEach((register, i) => {
    const x = (i % columns) * (width / columns);
    const y = 38 + Math.floor(i / columns) * ROW;
    const name = register.name.toUpperCase();
    if (register.changed) children.push(node('circle', { cx: x - 6, cy: y - 4, r: 2.5, class: 'adot' }));
    children.push(label(x, y, name, 'row-code faint'));
    const className = `row-code${register.changed ? ' mnemonic' : ''}${register.used ? ' touched' : ''}`;
    children.push(label(x + Math.max(31, name.length * 7.2 + 7), y, written(register.value, 8, numbers), className));
  });
  const y = 38 + Math.ceil(view.registers.length / columns) * ROW;
  view.flags.forEach((flag, i) => {
    children.push(label(i * 26, y, flag.name.toUpperCase(), flag.set ? 'row-code mnemonic' : 'row-code faint'));
  });
  return picture(width, y + 8, 'rm-panel', sentence, children);
}
