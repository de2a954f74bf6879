import type { Point } from '../../../figures/polar.ts';
import { stepAtCycle, type TimelinePlan } from '../../../figures/timeline.ts';
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

export const inStrip = (plan: TimelinePlan, y: number): boolean =>
  plan.overviewHeight > 0 && y < plan.overviewTop + plan.overviewHeight + 6;

/** The step at a place of the picture: in the strip of the whole run, or in the lanes. */
export function stepAt(view: TimelineView, plan: TimelinePlan, [x, y]: Point): number {
  return stepAtCycle(view, inStrip(plan, y) ? plan.overviewCycleAt(x) : plan.cycleAt(x));
}
