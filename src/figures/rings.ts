import { say } from '../lib/say.ts';
import type { Crossing, Ring, RingsView, VmView } from '../session/views.ts';
import { fitText, textWidth } from './metrics.ts';
import { arcPath, edgeAngle, polar, sectorPath, turn, xy } from './polar.ts';
import { core, coreName, innerCore, innerCoreName } from './rings-core.ts';
import {
  at,
  gateOffset,
  type Place,
  planRings,
  processesOf,
  processOffset,
  type RingsPlan,
  type Sector,
  sectorOf,
  startOffset,
} from './rings-plan.ts';
import { planTrail, type Trail, type TrailTag } from './rings-trail.ts';
import { type FigureNode, label, node, picture, round } from './tree.ts';

/** The diagram's places and crossings in words. */
export interface RingsTitles {
  cell(plan: RingsPlan, vm: VmView, ring: '3' | '2' | '1' | '0'): string;
  core(plan: RingsPlan, view: RingsView): string;
  inner(monitor: VmView): string;
  crossing(crossing: Crossing): string;
}

export interface RingsOptions {
  readonly width: number;
  readonly height: number;
  /** The current step: tells how far the processor is between two crossings. */
  readonly n: number;
  /** Unique in the page. */
  readonly id?: string;
  /** Stands for the picture when it cannot be seen. */
  readonly sentence?: string;
  /** Names and states of the virtual machines in the corners. */
  readonly names?: 'full' | 'short' | 'none';
  /** Past, future and token are left out: the machine is at rest. */
  readonly resting?: boolean;
  /** What is said of places and crossings where they are pointed at; without it the caller says it. */
  readonly titles?: RingsTitles;
  /** The step behind a crossing that is selected. */
  readonly selected?: number | null;
  /** The token is drawn by the caller, who moves it. */
  readonly token?: boolean;
}

const BANDS: readonly ('3' | '2' | '1' | '0')[] = ['3', '2', '1', '0'];
const TEXT = 12;
/** How far a label may reach over the edge of the picture: there is paper around it. */
const EDGE = 12;

/** The ring diagram: one sector per virtual machine around one core. Inward is more privileged. */
export function ringsFigure(view: RingsView, options: RingsOptions): FigureNode {
  const plan = planRings(view, options);
  const id = options.id ?? 'rings';
  const detail = detailOf(plan);
  const { titles } = options;
  const trail = options.resting ? null : planTrail(plan, view, options.n);
  const defs: FigureNode[] = [];
  const cells = plan.sectors.map((sector, i) => machine(plan, view, sector, view.vms[i], i, id, detail, defs, titles));
  return picture(options.width, options.height, 'rm-rings', options.sentence ?? say`Protection rings`, [
    defs.length > 0 && node('defs', {}, defs, 'defs'),
    ...cells,
    ...innerCore(plan, view, titles),
    ...core(plan, view, titles),
    ...axis(plan, detail),
    ...(trail ? drawTrail(plan, trail, detail, view, options) : []),
    ...coreName(plan, view),
    ...innerCoreName(plan, view, trail),
    ...(trail ? savedDots(plan, view, trail, detail) : []),
    options.names !== 'none' && node('g', { class: 'names' }, vmNames(plan, view, options), 'names'),
    options.token !== false && trail?.token && tokenNode(plan, trail.token, view.active?.ring ?? '0'),
  ]);
}

/** 2 is everything, 1 is numerals, path and token: for small diagrams and narrow sectors. */
function detailOf(plan: RingsPlan): 1 | 2 {
  return plan.radius >= 130 && plan.span >= 120 ? 2 : 1;
}

/** The token's radius in a diagram. */
export function tokenRadius(plan: RingsPlan): number {
  return plan.radius >= 130 ? 9 : 7;
}

/** Where the token is, for whoever moves it; null when no processor runs. */
export function tokenPlace(view: RingsView, options: RingsOptions): { readonly place: Place; readonly plan: RingsPlan } | null {
  const plan = planRings(view, options);
  const { token } = planTrail(plan, view, options.n);
  return token ? { place: token, plan } : null;
}

/** The disc that is the processor, around the origin. */
export function tokenShape(ring: Ring, radius: number, className = 'token'): FigureNode {
  return node(
    'g',
    { class: `${className} r${ring}` },
    [
      node('circle', { r: round(radius + 2.5), class: 't0' }),
      node('circle', { r: radius, class: 't1' }),
      node('circle', { r: round(radius * 0.42), class: 't2' }),
    ],
    'token',
  );
}

function tokenNode(plan: RingsPlan, place: Place, ring: Ring): FigureNode {
  const [x, y] = polar(plan.center, place.radius, place.angle);
  return node('g', { transform: `translate(${round(x)} ${round(y)})` }, [tokenShape(ring, tokenRadius(plan))], 'token');
}

function machine(
  plan: RingsPlan,
  view: RingsView,
  sector: Sector,
  vm: VmView | undefined,
  index: number,
  id: string,
  detail: number,
  defs: FigureNode[],
  titles: RingsTitles | undefined,
): FigureNode {
  const active = view.active && (view.active.vm === sector.vm || plan.bare) ? view.active.ring : null;
  const waiting = vm && !vm.running && !plan.bare ? ' wait' : '';
  const children: FigureNode[] = [];
  for (const band of BANDS) {
    if (band === plan.coreRing) continue;
    const [inner, outer] = plan.band[band];
    const idle = (band === '1' || band === '2') && band !== plan.kernelRing && active !== band ? ' idle' : '';
    children.push(
      node(
        'path',
        {
          d: sectorPath(plan.center, inner, outer, sector.from, sector.to, plan.gap),
          class: `cell r${band}${active === band ? ' live' : ''}${idle}${waiting}`,
        },
        vm && titles ? [node('title', {}, [titles.cell(plan, vm, band)])] : [],
        `cell${band}`,
      ),
    );
  }
  const processes = vm?.processes.length ?? 0;
  for (let j = 1; j < processes; j++) {
    const angle = at(sector, startOffset(plan) + (plan.span * j) / processes);
    const [inner, outer] = plan.band['3'];
    children.push(
      node(
        'path',
        { d: `M${xy(polar(plan.center, inner, angle))}L${xy(polar(plan.center, outer, angle))}`, class: 'divide' },
        [],
        `divide${j}`,
      ),
    );
  }
  if (detail >= 2 && vm) children.push(...curvedLabels(plan, sector, vm, `${id}-${index}`, defs));
  return node('g', { class: 'vm' }, children, `vm${sector.vm}`);
}

function curvedLabels(plan: RingsPlan, sector: Sector, vm: VmView, id: string, defs: FigureNode[]): FigureNode[] {
  const result: FigureNode[] = [];
  const put = (text: string, radius: number, offset: number, className: string, key: string) => {
    const angle = at(sector, offset);
    const upright = Math.sin((angle * Math.PI) / 180) > -0.05;
    const reach = turn(textWidth(text, TEXT, 'strong') / 2 + 8, radius);
    const line = upright ? radius : radius + 8;
    const path = `${id}-${key}`;
    defs.push(
      node(
        'path',
        {
          id: path,
          d: upright ? arcPath(plan.center, line, angle + reach, angle - reach) : arcPath(plan.center, line, angle - reach, angle + reach),
        },
        [],
        path,
      ),
    );
    result.push(
      node(
        'text',
        { class: className },
        [node('textPath', { href: `#${path}`, startOffset: '50%', 'text-anchor': 'middle' }, [text])],
        key,
      ),
    );
  };
  const count = vm.processes.length;
  const [inner, outer] = plan.band['3'];
  const radius = inner + (outer - inner) / 2 - 4;
  const edge = edgeAngle(plan.gap, radius) + turn(9, radius);
  const share = plan.span / Math.max(1, count);
  const room = (share * Math.PI * radius) / 180 - (count === 1 ? 2 : 1) * (plan.gap + 9) - 12;
  vm.processes.forEach((process, j) => {
    const long = plan.radius >= 170 && plan.sectors.length <= 2 ? say`user · ${process.name}` : process.name;
    const text = textWidth(long, TEXT, 'strong') <= room ? long : fitText(process.name, TEXT, room);
    if (!text) return;
    const half = turn(textWidth(text, TEXT, 'strong') / 2, radius);
    const start = startOffset(plan);
    const offset = j === 0 ? start + edge + half : j === count - 1 ? start + plan.span - edge - half : processOffset(plan, j, count);
    put(text, radius, offset, `lab r3${process.current ? ' cur' : ''}`, `p${j}`);
  });
  if (!plan.bare) {
    const [low, high] = plan.band[plan.kernelRing];
    const middle = plan.sectors.length > 2 ? high - 18 : (low + high) / 2 - 4;
    const text = fitText(vm.kernel || say`kernel`, TEXT, (plan.span * Math.PI * middle) / 360 - plan.gap - 18);
    const half = turn(textWidth(text, TEXT) / 2, middle);
    if (text) put(text, middle, startOffset(plan) + edgeAngle(plan.gap, middle) + turn(9, middle) + half, `lab r${plan.kernelRing}`, 'k');
  }
  return result;
}

function axis(plan: RingsPlan, detail: number): FigureNode[] {
  const [x, y] = plan.center;
  const numeral = (ring: '3' | '1' | '0') => {
    const [inner, outer] = plan.band[ring];
    return label(x, y - (inner + outer) / 2 + (detail >= 2 ? 5 : 4.5), ring, `axis r${ring}`, 'middle', `axis${ring}`);
  };
  return plan.bare ? [numeral('3')] : [numeral('3'), numeral(plan.kernelRing)];
}

function drawTrail(plan: RingsPlan, trail: Trail, detail: number, view: RingsView, options: RingsOptions): FigureNode[] {
  const lines: FigureNode[] = [];
  for (const piece of trail.pieces) {
    const state = piece.next ? ' next' : '';
    if (piece.bridge) lines.push(node('path', { d: piece.path, class: 'bridge' }, [], `bridge-${piece.key}`));
    lines.push(
      node(
        'path',
        { d: piece.path, class: `trail r${piece.ring}${state}`, pathLength: piece.next ? undefined : 1 },
        [],
        `${piece.key}${state}`,
      ),
    );
  }
  for (const head of trail.heads) {
    lines.push(node('path', { d: head.path, class: `head r${head.ring}${head.next ? ' next' : ''}` }, [], head.key));
  }
  for (const { crossing, angle } of trail.tags) {
    const reach = [plan.lane[crossing.from], plan.lane[crossing.to]].map((r) => xy(polar(plan.center, r, angle)));
    const hit = node(
      'path',
      { d: `M${reach[0]}L${reach[1]}`, class: crossing.n === options.selected ? 'hit selected' : 'hit', 'data-n': crossing.n },
      options.titles ? [node('title', {}, [options.titles.crossing(crossing)])] : [],
      `hit${lines.length}`,
    );
    lines.push(hit);
  }
  if (detail >= 2) {
    const taken: { x: number; y: number; w: number }[] = options.names === 'none' ? [] : nameBoxes(plan, view, options);
    for (const tag of trail.tags.filter(({ crossing }) => isTagged(plan, crossing))) {
      const leaves = ({ x, w }: TagSpot) => x < -EDGE || x + w > options.width + EDGE;
      const whole = tagSpot(plan, tag);
      const spot = leaves(whole) ? tagSpot(plan, { ...tag, text: tag.text.replace(/^VM[ -]/, '') }) : whole;
      const clash = taken.some((t) => Math.abs(t.y - spot.y) < 13 && spot.x - 2 < t.x + t.w && t.x < spot.x + spot.w + 2);
      if (leaves(spot) || clash || isUnderToken(plan, trail.token, spot)) continue;
      taken.push(spot);
      lines.push(
        label(
          spot.anchorX,
          spot.y,
          spot.text,
          `tag r${tag.ring}${tag.next ? ' next' : ''}${ground(plan, view, tag)}`,
          spot.anchor,
          tag.key,
        ),
      );
    }
  }
  return [node('g', { class: 'trails' }, lines, 'trails')];
}

/** What a label inside ring 0 stands on, so that a path under it does not cross its letters. */
function ground(plan: RingsPlan, view: RingsView, { crossing }: TrailTag): string {
  if (crossing.from === '3' || crossing.to === '3') return '';
  const live = view.active?.vm === crossing.vm && view.active.ring === plan.kernelRing;
  return live ? ' on-live' : view.vms.some((vm) => vm.vm === crossing.vm && !vm.running) ? ' on-wait' : ' on-tint';
}

function isUnderToken(plan: RingsPlan, token: Place | null, spot: TagSpot): boolean {
  if (!token) return false;
  const [x, y] = polar(plan.center, token.radius, token.angle);
  const reach = tokenRadius(plan) + 2;
  return x + reach > spot.x && x - reach < spot.x + spot.w && y + reach > spot.y - 10 && y - reach < spot.y + 1;
}

interface TagSpot {
  readonly text: string;
  readonly anchor: 'start' | 'middle' | 'end';
  readonly anchorX: number;
  readonly x: number;
  readonly y: number;
  readonly w: number;
}

function tagSpot(plan: RingsPlan, tag: TrailTag): TagSpot {
  const { from, to } = tag.crossing;
  const cos = Math.cos((tag.angle * Math.PI) / 180);
  if (from === '3' || to === '3') {
    const [x, y] = polar(plan.center, plan.radius * 1.035, tag.angle);
    const w = textWidth(tag.text, TEXT, 'strong');
    const anchor = cos < -0.3 ? 'end' : cos > 0.3 ? 'start' : 'middle';
    return { text: tag.text, anchor, anchorX: x, x: anchor === 'end' ? x - w : anchor === 'start' ? x : x - w / 2, y: y + 4, w };
  }
  if (tag.crossing.vm === plan.inner?.vm) return innerTagSpot(plan, tag);
  const room = plan.band[plan.kernelRing][1] - plan.band[plan.kernelRing][0] - 4;
  const text = textWidth(tag.text, TEXT, 'strong') <= room ? tag.text : tag.text.replace(/^VM[ -]/, '');
  const w = textWidth(text, TEXT, 'strong');
  const inward = to === 'm';
  const sector = plan.sectors.find((s) => s.vm === tag.crossing.vm) ?? plan.sectors[0]!;
  const gate = Math.abs(gateOffset(plan, tag.crossing, 0));
  const free = plan.radius * 0.56 * Math.sin((gate * Math.PI) / 180) - 16.5;
  const apart = turn(inward ? Math.min(9, Math.max(5, free)) : Math.min(12, Math.max(9, free)), plan.radius * 0.56);
  const sideways = Math.abs(Math.cos((sector.middle * Math.PI) / 180)) < 0.5;
  const place = sideways
    ? polar(plan.center, plan.radius * (inward ? 0.66 : 0.5), sector.middle)
    : polar(plan.center, plan.radius * 0.555, at(sector, inward ? -apart : apart));
  return { text, anchor: 'middle', anchorX: place[0], x: place[0] - w / 2, y: place[1] + 4, w };
}

/** What enters the inner monitor has no room for words, and in a small diagram what leaves it neither. */
const isTagged = (plan: RingsPlan, { vm, to }: Crossing): boolean => vm !== plan.inner?.vm || (to === 'm' && plan.radius >= 170);

/** Of an exit of the inner monitor: in its core, beside the numeral. */
function innerTagSpot(plan: RingsPlan, { crossing, text }: TrailTag): TagSpot {
  const short = text.replace(/^VM[ -]/, '');
  const w = textWidth(short, TEXT, 'strong');
  const [low, high] = plan.inner!.band;
  const side = Math.cos((sectorOf(plan, crossing.vm).middle * Math.PI) / 180) > 0.01 ? 1 : -1;
  const x = plan.center[0] + side * 8;
  return {
    text: short,
    anchor: side > 0 ? 'start' : 'end',
    anchorX: x,
    x: side > 0 ? x : x - w,
    y: plan.center[1] - (low + high) / 2 + 8,
    w,
  };
}

function savedDots(plan: RingsPlan, view: RingsView, trail: Trail, detail: number): FigureNode[] {
  return view.vms.flatMap((vm) => {
    if (!vm.saved || vm.saved === 'm') return [];
    const sector = plan.sectors.find((s) => s.vm === vm.vm);
    if (!sector) return [];
    const left = [...view.past].reverse().find((c) => c.vm === vm.vm && c.to === 'm');
    const onTrail = left && trail.pieces.length > 0 && left.from === vm.saved;
    const current = vm.processes.findIndex((p) => p.current);
    const rest = vm.saved === '3' ? processOffset(plan, current, vm.processes.length) * 0.8 : 0;
    const offset = onTrail ? gateOffset(plan, left, processesOf(view, vm.vm)) : rest;
    const [x, y] = polar(plan.center, plan.lane[vm.saved], at(sector, offset));
    return [node('circle', { cx: round(x), cy: round(y), r: detail >= 2 ? 5 : 3.5, class: `saved r${vm.saved}` }, [], `saved${vm.vm}`)];
  });
}

interface NameLine {
  readonly key: string;
  readonly text: string;
  readonly className: string;
  readonly size: number;
  readonly x: number;
  readonly y: number;
  readonly anchor: 'start' | 'end';
}

function nameLines(plan: RingsPlan, view: RingsView, options: RingsOptions): NameLine[] {
  if (plan.bare && view.vms[0]?.running !== false) return [];
  return view.vms.flatMap((vm, i) => {
    const angle = plan.sectors.length === 1 ? 135 : plan.sectors[i]!.middle;
    const right = Math.cos((angle * Math.PI) / 180) > 0.01;
    const low = Math.sin((angle * Math.PI) / 180) < -0.1;
    const status = options.names === 'short' ? [] : vm.status.split(/(?<=:) /);
    const x = right ? options.width : 0;
    const anchor = right ? ('end' as const) : ('start' as const);
    const top = low ? options.height - 4 - 16 * status.length : 15;
    return [
      { key: `name${vm.vm}`, text: vm.name, className: `vm-name${vm.running ? ' running' : ''}`, size: 15, x, y: top, anchor },
      ...status.map((text, k) => ({ key: `status${vm.vm}${k}`, text, className: 'vm-status', size: 12, x, y: top + 17 + k * 16, anchor })),
    ];
  });
}

function vmNames(plan: RingsPlan, view: RingsView, options: RingsOptions): FigureNode[] {
  return nameLines(plan, view, options).map((l) => label(l.x, l.y, l.text, l.className, l.anchor, l.key));
}

function nameBoxes(plan: RingsPlan, view: RingsView, options: RingsOptions): { x: number; y: number; w: number }[] {
  return nameLines(plan, view, options).map((l) => {
    const w = textWidth(l.text, l.size, 'strong');
    return { x: l.anchor === 'end' ? l.x - w : l.x, y: l.y, w };
  });
}
