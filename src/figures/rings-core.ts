/** The core of the ring diagram, and the core around it of a monitor that is a guest itself. */
import { say } from '../lib/say.ts';
import type { Ring, RingsView } from '../session/views.ts';
import { fitText } from './metrics.ts';
import type { RingsTitles } from './rings.ts';
import type { RingsPlan } from './rings-plan.ts';
import type { Trail } from './rings-trail.ts';
import { type FigureNode, label, node, round } from './tree.ts';
import { ringNumeral } from './words.ts';

const TEXT = 12;

/** The ring that the core is now: before virtualization is switched on, 0. */
export function coreRing(plan: RingsPlan, view: RingsView): Ring {
  return plan.coreRing === '0' || (view.active?.vm === 0 && view.active.ring === '0') ? '0' : 'm';
}

/** The disc in the middle: whatever all virtual machines share. */
export function core(plan: RingsPlan, view: RingsView, titles: RingsTitles | undefined): FigureNode[] {
  const ring = coreRing(plan, view);
  const live = isCoreLive(plan, view);
  const [x, y] = plan.center;
  return [
    node(
      'circle',
      { cx: round(x), cy: round(y), r: round(plan.core), class: `cell r${ring}${live ? ' live' : ''}` },
      titles ? [node('title', {}, [titles.core(plan, view)])] : [],
      'core',
    ),
    label(x, y + (plan.radius >= 130 ? 6 : 10), ringNumeral(ring), `axis core r${ring}`, 'middle', 'core-number'),
  ];
}

/** The core's word, drawn over the paths that pass it. */
export function coreName(plan: RingsPlan, view: RingsView): FigureNode[] {
  if (plan.radius < 130) return [];
  const ring = coreRing(plan, view);
  const [x, y] = plan.center;
  const className = `lab r${ring} on-core${isCoreLive(plan, view) ? ' live' : ''}`;
  return [label(x, y + 24, fitText(coreWord(plan, view), TEXT, plan.core * 1.5), className, 'middle', 'core-name')];
}

export function coreWord(plan: RingsPlan, view: RingsView): string {
  if (plan.bare) return view.vms[0]?.kernel || say`kernel`;
  if (plan.inner) return say`outer`;
  return coreRing(plan, view) === '0' ? say`monitor` : say`hypervisor`;
}

function isCoreLive(plan: RingsPlan, view: RingsView): boolean {
  return view.active !== null && (plan.bare ? view.active.ring === '0' : view.active.vm === 0);
}

/** The inner monitor: ring 0 as far as the processor knows, a core as far as its guests do. Its moat is around it, the processor's own is within. */
export function innerCore(plan: RingsPlan, view: RingsView, titles: RingsTitles | undefined): FigureNode[] {
  if (!plan.inner || !view.inner) return [];
  const [x, y] = plan.center;
  const [low, high] = plan.inner.band;
  const ring = (radius: number, sweep: 0 | 1) =>
    `M${round(x - radius)} ${round(y)}A${round(radius)} ${round(radius)} 0 1 ${sweep} ${round(x + radius)} ${round(y)}A${round(radius)} ${round(radius)} 0 1 ${sweep} ${round(x - radius)} ${round(y)}Z`;
  const live = view.active?.vm === plan.inner.vm ? ' live' : '';
  return [
    node(
      'path',
      { d: `${ring(high, 1)}${ring(low, 0)}`, class: `cell r0${live}` },
      titles ? [node('title', {}, [titles.inner(view.inner)])] : [],
      'inner-core',
    ),
    ...(plan.radius >= 130 ? [label(x, y - (low + high) / 2 + 5, '0', 'axis r0', 'middle', 'inner-number')] : []),
  ];
}

/** The inner core's word; or, where an exit was just passed on to it, that. */
export function innerCoreName(plan: RingsPlan, view: RingsView, trail: Trail | null): FigureNode[] {
  if (!plan.inner || plan.radius < 130) return [];
  const [x, y] = plan.center;
  const [low, high] = plan.inner.band;
  const live = view.active?.vm === plan.inner.vm ? ' live' : '';
  const entry = trail?.tags.find(({ crossing, next }) => crossing.vm === plan.inner?.vm && crossing.to !== 'm' && !next);
  const text = entry === undefined || entry.text === say`VM entry` ? say`inner` : entry.text;
  return [label(x, y + (low + high) / 2 + 4, text, `lab r0 on-core${live}`, 'middle', 'inner-name')];
}
