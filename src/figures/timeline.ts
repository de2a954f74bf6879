import { say } from '../lib/say.ts';
import type { Ring, TimelineSegment, TimelineTick, TimelineView } from '../session/views.ts';
import { textWidth } from './metrics.ts';
import type { Point } from './polar.ts';
import { linear, roundNumbers } from './scale.ts';
import { type FigureNode, label, node, picture, round } from './tree.ts';
import { count, ringNumeral } from './words.ts';

export interface TimelineOptions {
  readonly width: number;
  readonly n: number;
  readonly cycle: number;
  readonly id?: string;
  readonly sentence?: string;
  /** Where the processor is, for the token; null leaves it out. */
  readonly at: { readonly vm: number; readonly ring: Ring } | null;
  /** The strip of the whole run above the lanes. */
  readonly overview?: boolean;
  /** The token and its line are drawn by the caller, who moves them. */
  readonly playhead?: boolean;
  /** A narrow rectangle: no column of lane names. */
  readonly compact?: boolean;
  /** The step of a tick that is selected. */
  readonly selected?: number | null;
  /** `exit reason`, `vector`: what the numbers of the ticks are. */
  readonly ticksAre?: string;
}

export interface TimelinePlan {
  readonly left: number;
  readonly width: number;
  readonly height: number;
  readonly laneTop: readonly number[];
  readonly laneBottom: number;
  readonly overviewTop: number;
  readonly overviewHeight: number;
  readonly rowHeight: number;
  /** x of a cycle in the lanes. */
  x(cycle: number): number;
  cycleAt(x: number): number;
  /** x of a cycle in the strip of the whole run. */
  overviewX(cycle: number): number;
  overviewCycleAt(x: number): number;
}

const LANE = 14;
const GROUP_GAP = 7;
const OVERVIEW = 18;
/** How far from a tick is still on it. */
const NEAR = 6;

/** The cycles in view. */
const windowOf = ({ window: { from, to } }: TimelineView) => [from, Math.max(from + 1, to)] as const;

/** The tick at a place of the picture, or near enough to be meant; null when there is none up to step `n`. */
export function tickAt(view: TimelineView, plan: TimelinePlan, n: number, [x, y]: Point): TimelineTick | null {
  if (y < plan.laneBottom || y > plan.laneBottom + 22) return null;
  const away = (tick: TimelineTick) => Math.abs(plan.x(tick.cycle) - x);
  const past = view.ticks.filter((tick) => tick.n <= n);
  const nearest = past.reduce<TimelineTick | null>((best, tick) => (best && away(best) <= away(tick) ? best : tick), null);
  return nearest && away(nearest) <= NEAR ? nearest : null;
}

/** Where lanes, strip and scale lie, and how cycles become places. */
export function planTimeline(view: TimelineView, options: Pick<TimelineOptions, 'width' | 'overview' | 'compact'>): TimelinePlan {
  const { width, compact } = options;
  const overview = options.overview !== false;
  const left = compact ? 34 : Math.max(92, ...view.lanes.map((lane) => textWidth(lane.label, 12) + 34));
  const top = overview ? OVERVIEW + 16 : 8;
  const laneTop: number[] = [];
  let y = top;
  view.lanes.forEach((lane, i) => {
    const above = view.lanes[i - 1];
    if (above && above.vm !== lane.vm) y += GROUP_GAP;
    laneTop.push(y);
    y += LANE;
  });
  const right = width - 1;
  const places = [left, right] as const;
  const shown = windowOf(view);
  const all = [0, Math.max(1, view.reachedCycle / 0.97)] as const;
  const inside = (x: number) => Math.min(right, Math.max(left, x));
  return {
    left,
    width,
    height: y + 40,
    laneTop,
    laneBottom: y,
    overviewTop: 4,
    overviewHeight: overview ? OVERVIEW : 0,
    rowHeight: LANE,
    x: linear(shown, places),
    cycleAt: (x) => linear(places, shown)(inside(x)),
    overviewX: linear(all, places),
    overviewCycleAt: (x) => linear(places, all)(inside(x)),
  };
}

/** The step at a cycle, as far as the segments in view tell. */
export function stepAtCycle(view: TimelineView, cycle: number): number {
  const inside = view.segments.find((s) => cycle >= s.fromCycle && cycle < s.toCycle);
  if (inside) {
    const share = (cycle - inside.fromCycle) / Math.max(1, inside.toCycle - inside.fromCycle);
    return Math.min(view.reached, inside.from + Math.floor(share * Math.max(1, inside.to - inside.from)));
  }
  const before = view.segments.filter((s) => s.toCycle <= cycle).at(-1);
  if (before && before.to >= view.reached) return view.reached;
  return Math.max(0, Math.min(view.reached, Math.round((view.reached * cycle) / Math.max(1, view.reachedCycle))));
}

/** The lane of a place. */
export function laneOf(view: TimelineView, vm: number, ring: Ring): number {
  const exact = view.lanes.findIndex((lane) => lane.ring === ring && (ring === 'm' || lane.vm === vm));
  if (exact >= 0) return exact;
  const same = view.lanes.findIndex((lane) => lane.vm === vm);
  return same >= 0 ? same : view.lanes.length - 1;
}

/** Occupancy over time: one processor is in one place at a time, so the blocks form one line that moves between lanes. */
export function timelineFigure(view: TimelineView, options: TimelineOptions): FigureNode {
  const plan = planTimeline(view, options);
  const id = options.id ?? 'timeline';
  const children: FigureNode[] = [node('defs', {}, hatchings(view, `${id}-hatch`), 'defs')];
  if (options.overview !== false) children.push(...overviewStrip(view, plan, options));
  view.lanes.forEach((lane, i) => {
    const y = plan.laneTop[i]!;
    children.push(node('path', { d: `M${plan.left} ${y + LANE - 3.5}H${plan.width}`, class: 'lane' }, [], `lane${i}`));
    const above = view.lanes[i - 1];
    const first = !above || above.vm !== lane.vm || above.label !== lane.label;
    if (first && !options.compact) children.push(label(0, y + 10, lane.label, 'tl', 'start', `lane-name${i}`));
    children.push(label(plan.left - 12, y + 10.5, ringNumeral(lane.ring), `tl r${lane.ring}`, 'end', `lane-ring${i}`));
  });
  children.push(...blocks(view, plan, options.cycle, `${id}-hatch`), ...ticks(view, plan, options), ...scale(view, plan, options));
  if (view.window.to > view.reachedCycle) {
    const x = plan.x(Math.max(view.reachedCycle, options.cycle)) + 12;
    if (x + 70 < plan.width) children.push(label(x, plan.laneTop[0]! + 10, say`not run yet`, 'tx', 'start', 'future'));
  }
  if (options.at && options.playhead !== false) children.push(playheadNode(view, plan, options));
  return picture(options.width, plan.height, 'rm-timeline', options.sentence ?? say`Ring occupancy over time`, children);
}

/** Height of the playhead's line and the lane its token rests on. */
export function playheadPlace(view: TimelineView, plan: TimelinePlan, options: TimelineOptions) {
  const lane = options.at ? laneOf(view, options.at.vm, options.at.ring) : 0;
  const x = Math.min(plan.width - 1, Math.max(plan.left, plan.x(options.cycle)));
  return {
    x,
    y: plan.laneTop[lane]! + LANE / 2 - 1.5,
    top: plan.overviewHeight > 0 ? plan.overviewHeight + 8 : 2,
    bottom: plan.laneBottom + 22,
  };
}

function playheadNode(view: TimelineView, plan: TimelinePlan, options: TimelineOptions): FigureNode {
  const place = playheadPlace(view, plan, options);
  return node(
    'g',
    {},
    [
      node('path', { d: `M${round(place.x)} ${place.top}V${place.bottom}`, class: 'ph' }),
      node('g', { class: `token r${options.at!.ring}`, transform: `translate(${round(place.x)} ${round(place.y)})` }, [
        node('circle', { r: 8.5, class: 't0' }),
        node('circle', { r: 6.5, class: 't1' }),
        node('circle', { r: 2.8, class: 't2' }),
      ]),
    ],
    'playhead',
  );
}

function hatchings(view: TimelineView, id: string): FigureNode[] {
  const rings = new Set(view.lanes.map((lane) => lane.ring));
  return [...rings].map((ring) =>
    node('pattern', { id: `${id}-${ring}`, width: 4, height: 4, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' }, [
      node('path', { d: 'M0 0V4', class: `hatch r${ring}` }),
    ]),
  );
}

function box(x: number, y: number, width: number, height: number): string {
  return `M${round(x)} ${round(y)}h${round(width)}v${round(height)}h${round(-width)}z`;
}

function quarter(value: number): number {
  return Math.round(value * 4) / 4;
}

/** Columns of one width beside each other, from top to bottom each; what touches is one outline. */
function band(x: number, width: number, columns: readonly (readonly [top: number, bottom: number])[]): string {
  let path = '';
  const filled = (i: number) => i < columns.length && columns[i]![1] > columns[i]![0];
  for (let i = 0; i < columns.length; ) {
    if (!filled(i)) {
      i++;
      continue;
    }
    const first = i;
    let there = `M${round(x + first * width)} ${columns[first]![0]}`;
    let back = '';
    for (; filled(i); i++) {
      const [top, bottom] = columns[i]!;
      const after = filled(i + 1) ? columns[i + 1]! : null;
      const edge = round(x + (i + 1) * width);
      if (!after || after[0] !== top) there += `H${edge}${after ? `V${after[0]}` : ''}`;
      if (!after || after[1] !== bottom) back = `${after ? `H${edge}` : ''}V${bottom}${back}`;
    }
    path += `${there}${back}H${round(x + first * width)}z`;
  }
  return path;
}

function blocks(view: TimelineView, plan: TimelinePlan, cycle: number, hatch: string): FigureNode[] {
  const paths = new Map<string, string>();
  const add = (key: string, d: string) => paths.set(key, (paths.get(key) ?? '') + d);
  const shown = view.segments.filter((s) => s.toCycle > view.window.from && s.fromCycle < view.window.to);
  const crowded = shown.length > 24 && shown.length > (plan.width - plan.left) / 4;
  if (crowded) {
    shares(view, plan, shown, cycle, add);
  } else {
    let before: { readonly lane: number; readonly to: number } | null = null;
    for (const s of shown) {
      const lane = laneOf(view, s.vm, s.ring);
      const y = plan.laneTop[lane]!;
      const from = Math.max(plan.left, plan.x(s.fromCycle));
      const to = Math.min(plan.width, plan.x(s.toCycle));
      if (before && before.lane !== lane && from > plan.left) {
        const [a, b] = [plan.laneTop[before.lane]!, y];
        add(s.fromCycle < cycle ? 'con' : 'con next', `M${round(from)} ${Math.min(a, b) + 2}V${Math.max(a, b) + LANE - 4}`);
      }
      before = { lane, to: s.toCycle };
      const now = Math.min(to, Math.max(from, plan.x(cycle)));
      const kind = s.crossing ? `x${s.ring}` : `r${s.ring}`;
      if (now > from) add(`blk ${kind}`, box(from, y + 1, Math.max(0.6, now - from), LANE - 4));
      if (to > now) add(`blk ${kind} later`, box(now, y + 1, Math.max(0.6, to - now), LANE - 4));
    }
  }
  const result: FigureNode[] = [];
  for (const [key, d] of paths) {
    result.push(node('path', { d, class: key }, [], key));
    if (/^blk x/.test(key))
      result.push(
        node(
          'path',
          { d, fill: `url(#${hatch}-${key.charAt(5)})`, class: key.includes('later') ? 'later' : undefined },
          [],
          `${key}-hatch`,
        ),
      );
  }
  return result;
}

/** When blocks are thinner than the eye resolves: the share of each lane in every column of pixels. */
function shares(
  view: TimelineView,
  plan: TimelinePlan,
  shown: readonly TimelineSegment[],
  cycle: number,
  add: (key: string, d: string) => void,
): void {
  const columns = Math.floor((plan.width - plan.left) / 2);
  const sums = view.lanes.map(() => new Float64Array(columns));
  for (const s of shown) {
    const lane = laneOf(view, s.vm, s.ring);
    const a = (Math.max(plan.left, plan.x(s.fromCycle)) - plan.left) / 2;
    const b = (Math.min(plan.width, plan.x(s.toCycle)) - plan.left) / 2;
    for (let i = Math.floor(a); i <= Math.min(columns - 1, Math.floor(b)); i++) {
      sums[lane]![i]! += Math.max(0, Math.min(b, i + 1) - Math.max(a, i));
    }
  }
  sums.forEach((column, lane) => {
    const { ring } = view.lanes[lane]!;
    const bottom = plan.laneTop[lane]! + LANE - 3;
    const ran = Math.max(0, Math.min(columns, Math.floor((plan.x(cycle) - plan.left) / 2) + 1));
    const bars = Array.from(column, (share): readonly [number, number] => {
      const height = share < 0.02 ? 0 : Math.max(1, quarter(Math.min(1, share) * (LANE - 4)));
      return [bottom - height, bottom];
    });
    const [past, later] = [band(plan.left, 2, bars.slice(0, ran)), band(plan.left + ran * 2, 2, bars.slice(ran))];
    if (past) add(`blk r${ring}`, past);
    if (later) add(`blk r${ring} later`, later);
  });
}

/** An exit begins at the cycle at which its step does. */
const isToCome = (tick: TimelineTick, { n, cycle }: TimelineOptions): boolean => tick.cycle > cycle || (tick.cycle === cycle && tick.n > n);

function ticks(view: TimelineView, plan: TimelinePlan, options: TimelineOptions): FigureNode[] {
  const y = plan.laneBottom;
  const ring = view.lanes.at(-1)?.ring ?? '0';
  const columns = new Map<number, TimelineTick>();
  for (const tick of view.ticks) {
    if (tick.cycle < view.window.from || tick.cycle > view.window.to || isToCome(tick, options)) continue;
    const x = Math.round(plan.x(tick.cycle));
    if (options.selected === undefined || columns.get(x)?.n !== options.selected) columns.set(x, tick);
  }
  const marks: FigureNode[] = [];
  const numbers: FigureNode[] = [];
  let free = Number.NEGATIVE_INFINITY;
  for (const [x, tick] of [...columns].sort((a, b) => a[0] - b[0])) {
    const selected = tick.n === options.selected ? ' selected' : '';
    marks.push(node('path', { d: `M${x} ${y + 1}v6`, class: `xt r${ring}${selected}` }, [], `t${tick.n}`));
    const text = tick.codeText;
    const half = textWidth(text, 12) / 2;
    if (x - half >= free && x + half < plan.width) {
      numbers.push(label(x, y + 18, text, `xl${selected}`, 'middle', `n${tick.n}`));
      free = x + half + 6;
    }
  }
  return [
    node('g', {}, marks, 'ticks'),
    node('g', {}, numbers, 'tick-numbers'),
    ...(options.compact || view.ticks.length === 0
      ? []
      : [label(0, y + 18, options.ticksAre ?? say`exit reason`, 'tx', 'start', 'ticks-are')]),
  ];
}

function scale(view: TimelineView, plan: TimelinePlan, options: TimelineOptions): FigureNode[] {
  const y = plan.laneBottom;
  const steps = roundNumbers(windowOf(view), Math.max(2, Math.floor((plan.width - plan.left) / 150)));
  const marks = steps.flatMap((cycle) => {
    const x = Math.round(plan.x(cycle) * 2) / 2;
    const text = count(cycle);
    const half = textWidth(text, 12) / 2;
    if (x - half < plan.left - 4 || x + half > plan.width) return [];
    return [
      label(x, y + 35, text, 'tx', 'middle', `s${cycle}`),
      node('path', { d: `M${round(x)} ${y + 22}v3`, class: 'tk' }, [], `m${cycle}`),
    ];
  });
  return options.compact ? marks : [...marks, label(0, y + 35, say`cycles`, 'tx', 'start', 'cycles')];
}

const strips = new WeakMap<TimelineView['overview'], { readonly left: number; readonly end: number; readonly paths: readonly string[] }>();

/** The shares of rings 3, 0 and -1 over the whole run; drawn anew only when they or their room are new. */
function overviewPaths(view: TimelineView, plan: TimelinePlan): readonly string[] {
  const { left } = plan;
  const end = round(plan.overviewX(view.reachedCycle));
  const drawn = strips.get(view.overview);
  if (drawn?.left === left && drawn.end === end) return drawn.paths;
  const step = (end - left) / Math.max(1, view.overview.length);
  const edges = view.overview.map(([user, kernel, monitor]) => {
    const scale = OVERVIEW / (user + kernel + monitor || 1);
    return [0, user * scale, (user + kernel) * scale, OVERVIEW].map((y) => plan.overviewTop + quarter(y));
  });
  const paths = [0, 1, 2].map((k) =>
    band(
      left,
      step,
      edges.map((y) => [y[k]!, y[k + 1]!]),
    ),
  );
  strips.set(view.overview, { left, end, paths });
  return paths;
}

function overviewStrip(view: TimelineView, plan: TimelinePlan, options: TimelineOptions): FigureNode[] {
  const paths = overviewPaths(view, plan);
  const a = Math.max(plan.left, Math.min(plan.width - 1, plan.overviewX(view.window.from)));
  const b = Math.max(a + 6, Math.min(plan.width - 1, plan.overviewX(view.window.to)));
  const bottom = plan.overviewTop + OVERVIEW;
  return [
    ...(options.compact ? [] : [label(0, 17, say`whole run`, 'tl', 'start', 'overview-name')]),
    ...paths.map((d, k) => node('path', { d: d || 'M0 0', class: `ov r${['3', '0', 'm'][k]}` }, [], `ov${k}`)),
    node('path', { d: `M${plan.left} ${bottom + 0.5}H${plan.width}`, class: 'lane' }, [], 'ov-lane'),
    node('rect', { x: round(a), y: 1.5, width: round(b - a), height: OVERVIEW + 5, class: 'brush' }, [], 'brush'),
    node(
      'path',
      { d: `M${round(a)} ${bottom + 3}L${plan.left} ${bottom + 11}M${round(b)} ${bottom + 3}L${plan.width} ${bottom + 11}`, class: 'fan' },
      [],
      'fan',
    ),
  ];
}
