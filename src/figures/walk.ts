import { say } from '../lib/say.ts';
import type { WalkView } from '../session/views.ts';
import { textWidth } from './metrics.ts';
import { bend, clamped } from './scale.ts';
import { type FigureNode, label, node, picture, round } from './tree.ts';
import { hex } from './words.ts';

export interface WalkOptions {
  readonly width: number;
  readonly sentence?: string;
  /** The virtual machine whose address it is; 0 on a bare machine. */
  readonly vm: number;
  /** Says at the linear address what is done there, by the name of the choice. */
  readonly named?: boolean;
}

/** The path of one address as a sentence. */
export function walkSentence(view: WalkView): string {
  const formed = view.segment === '' || view.base === 0 ? '' : `${view.segment}:${hex(view.offset)}, `;
  const parts = [say`${view.what}: ${formed}linear ${hex(view.linear)}`];
  if (view.guestPhysical !== null) parts.push(say`guest-physical ${hex(view.guestPhysical)}`);
  if (view.physical !== null) parts.push(say`physical ${hex(view.physical)}`);
  if (view.fault) parts.push(view.fault);
  if (view.tlbHit) parts.push(say`the TLB has it: no entry is read now`);
  return parts.join(', ');
}

/** One address through its translations: along each bar, position is the address. */
export function walkFigure(view: WalkView, options: WalkOptions): FigureNode {
  const w = options.width;
  const nested = view.guestPhysical !== null;
  const y1 = 20;
  const y2 = 52;
  const y3 = nested ? 84 : 66;
  const height = y3 + 21;
  const linear = clamped([0, 0x1_0000_0000], [0, w]);
  const ram = clamped([0, Math.max(1, view.ramSize)], [0, w]);
  const share = view.ramSize > 0 ? Math.min(1, Math.max(0.18, view.guestSize / view.ramSize)) : 0.5;
  const guest = clamped([0, Math.max(1, view.guestSize)], [0, w * share]);
  const x1 = linear(view.linear);
  const x2 = nested ? guest(view.guestPhysical ?? 0) : 0;
  const x3 = view.physical === null ? null : ram(view.physical);
  const children: FigureNode[] = [bar(0, w, y1, '', 'linear'), bar(0, w, y3, '', 'ram')];
  if (nested) children.push(bar(0, w * share, y2, '', 'guest'));
  for (const part of view.parts) {
    const own = part.vm === options.vm && part.vm > 0;
    const kind = part.vm === 0 ? 'hv' : own ? 'vm on' : 'vm';
    children.push(bar(ram(part.base) + 0.5, Math.max(ram(part.base) + 2, ram(part.base + part.size) - 0.5), y3, kind, `part${part.vm}`));
  }
  const linearName = view.segment ? say`linear ${view.segment}` : say`linear`;
  const chosen = options.named ? view.choices.find(({ id }) => id === view.chosen) : undefined;
  const upper = chosen ? `${chosen.name} · ${linearName}` : linearName;
  const words: FigureNode[] = [];
  words.push(...caption(0, w, y1 - 10, upper, hex(view.linear), x1, 'l'));
  if (nested) words.push(...guestCaption(w, y2 - 9, hex(view.guestPhysical ?? 0), x2));
  words.push(...lowerCaption(view, w, y3 + 17, x3, ram, nested, options.vm));
  const hop = (from: readonly [number, number], to: readonly [number, number], kind: string, key: string) =>
    node('path', { d: curve(from, to), class: `ap ${kind}` }, [], key);
  const direct = !nested || view.walked === 'shadow';
  if (nested) {
    children.push(hop([x1, y1 + 5], [x2, y2 - 5], direct ? 'soft' : 'hard', 'hop1'));
    if (x3 !== null) children.push(hop([x2, y2 + 5], [x3, y3 - 6], direct ? 'soft' : 'hard', 'hop2'));
  }
  if (direct && x3 !== null) {
    children.push(hop([x1, y1 + 5], [x3, y3 - 7], 'hard', 'direct'));
    children.push(node('path', { d: `M${round(x3)} ${y3 - 4}l-3.4 -6.4h6.8Z`, class: 'ahead' }, [], 'head'));
  }
  if (view.fault && x3 === null) {
    const stop = nested ? y2 - 14 : y1 + 24;
    if (!nested) children.push(hop([x1, y1 + 5], [x1, stop - 4], 'hard', 'stopped'));
    const room = textWidth(view.fault, 12);
    words.push(label(Math.min(Math.max(0, x1 - room / 2), w - room), nested ? y3 - 22 : stop + 12, view.fault, 'an', 'start', 'fault'));
  } else if (nested || view.tlbHit) {
    const text = wayText(view);
    const room = Math.max(0, ...text.map((t) => textWidth(t, 12)));
    const turn = (x3 ?? x1) - x1;
    const path = x1 + turn * (turn < 0 ? 0.2 : 0.87);
    const free = Math.max(path, nested ? w * share : 0) < w - room - 4;
    const top = nested ? y2 - 1 : y1 + 18;
    if (free) words.push(...text.map((t, i) => label(w, top + i * 15, t, 'an', 'end', `note${i}`)));
  }
  const dots: readonly (readonly [number | null, number])[] = [[x1, y1], ...(nested ? [[x2, y2] as const] : []), [x3, y3]];
  dots.forEach(([x, y], i) => {
    if (x !== null) children.push(node('circle', { cx: round(x), cy: y, r: 3.2, class: 'adot' }, [], `dot${i}`));
  });
  return picture(w, height, 'rm-walk', options.sentence ?? walkSentence(view), [...children, ...words]);
}

/** What a translation reads on its way, in two lines beside the path. */
function wayText({ tlbHit, walked, references }: WalkView): readonly string[] {
  if (tlbHit) return [say`the TLB has it:`, say`no entry is read now`];
  return {
    own: [],
    shadow: [say`shadow tables:`, say`the path walked`],
    nested: [say`nested tables:`, say`${references} entries read`],
  }[walked];
}

function curve(from: readonly [number, number], to: readonly [number, number]): string {
  return bend(from, to).replace(/-?\d+\.\d+/g, (v) => String(round(Number(v))));
}

function bar(from: number, to: number, y: number, kind: string, key: string): FigureNode {
  return node('path', { d: `M${round(from)} ${y}H${round(to)}`, class: `abar${kind ? ` ${kind}` : ''}` }, [], key);
}

/** A bar's name at its start and the address above its dot, moved aside where they would touch. */
function caption(from: number, to: number, y: number, name: string, value: string, x: number, key: string): FigureNode[] {
  const nameEnd = from + textWidth(name, 12) + 8;
  const half = textWidth(value, 12) / 2 + 4;
  const center = Math.min(to - half, Math.max(nameEnd + half, x));
  return [label(from, y, name, 'al', 'start', `${key}-name`), label(center, y, value, 'av', 'middle', `${key}-value`)];
}

function guestCaption(w: number, y: number, value: string, x: number): FigureNode[] {
  const name = `${say`guest-physical`} `;
  const room = textWidth(name, 12) + textWidth(value, 12) + 14;
  const left = Math.min(Math.max(0, x + 9), w - room);
  return [node('text', { x: round(left), y, class: 'al' }, [name, node('tspan', { class: 'av' }, [value])], 'g-name')];
}

function lowerCaption(
  view: WalkView,
  w: number,
  y: number,
  x: number | null,
  ram: (address: number) => number,
  nested: boolean,
  vm: number,
): FigureNode[] {
  const taken: [number, number][] = [];
  const result: FigureNode[] = [];
  const place = (centers: readonly number[], text: string, className: string, key: string) => {
    const half = textWidth(text, 12) / 2 + 5;
    for (const center of centers) {
      const middle = Math.min(w - half + 5, Math.max(half - 5, center));
      const span: [number, number] = [middle - half, middle + half];
      if (taken.some(([a, b]) => span[0] < b && a < span[1])) continue;
      taken.push(span);
      result.push(label(middle, y, text, className, 'middle', key));
      return;
    }
  };
  if (x !== null && view.physical !== null) place([x], hex(view.physical), 'av', 'p-value');
  place([w], nested ? say`host-physical` : say`physical`, 'al', 'p-name');
  const own = (part: WalkView['parts'][number]) => (part.vm > 0 && part.vm === vm ? 0 : 1);
  for (const part of [...view.parts].sort((a, b) => own(a) - own(b))) {
    const name = part.vm === 0 ? say`VMM` : say`VM ${part.vm}`;
    const [from, to] = [ram(part.base), ram(part.base + part.size)];
    const half = textWidth(name, 12) / 2;
    place([(from + to) / 2, to - half, from + half], name, 'al', `p-part${part.vm}`);
  }
  return result;
}
