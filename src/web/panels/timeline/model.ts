import { planTimeline, stepAtCycle, type TimelinePlan } from '../../../figures/timeline.ts';
import { count, ringNumeral } from '../../../figures/words.ts';
import { say } from '../../../lib/say.ts';
import type { StageView, TimelineView } from '../../../session/views.ts';
import { machineName } from '../rings/model.ts';

/** The value of the scrubber in words. */
export function timelineValue(view: StageView): string {
  const { active } = view.rings;
  const place = active
    ? active.vm > 0
      ? say`${machineName(view.rings, active.vm)}, ring ${ringNumeral(active.ring)}`
      : say`ring ${ringNumeral(active.ring)}`
    : say`shut down`;
  return say`step ${count(view.n)} of ${count(view.timeline.reached)}, ${place}`;
}

/** The step at a place of the picture: in the strip of the whole run, or in the lanes. */
export function stepAt(view: TimelineView, plan: TimelinePlan, x: number, y: number): number {
  const inStrip = plan.overviewHeight > 0 && y < plan.overviewTop + plan.overviewHeight + 6;
  return stepAtCycle(view, inStrip ? plan.overviewCycleAt(x) : plan.cycleAt(x));
}

/** The window after zooming by a factor around a cycle, never outside the run. */
export function zoomed(view: TimelineView, factor: number, around: number): { readonly from: number; readonly to: number } {
  const { from, to } = view.window;
  const width = Math.max(200, Math.min((to - from) * factor, Math.max(view.reachedCycle * 1.1, 400)));
  const share = to > from ? (around - from) / (to - from) : 0.5;
  const start = Math.max(0, around - width * share);
  return { from: Math.round(start), to: Math.round(start + width) };
}

/** The window moved sideways by a share of its width. */
export function panned(view: TimelineView, share: number): { readonly from: number; readonly to: number } {
  const width = view.window.to - view.window.from;
  const start = Math.max(0, view.window.from + width * share);
  return { from: Math.round(start), to: Math.round(start + width) };
}

export { planTimeline };
