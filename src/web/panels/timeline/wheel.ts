import type { TimelinePlan } from '../../../figures/timeline.ts';
import type { TimelineView } from '../../../session/views.ts';
import type { Controller } from '../../store/controller.ts';
import { pointIn } from '../../ui/scaled.ts';
import { panned, zoomed } from './window.ts';

/** The timeline as it is on the page now. */
export interface Held {
  readonly timeline: TimelineView;
  readonly plan: TimelinePlan;
  readonly controller: Controller;
  /** The step from which a drag travels, -1 while none does. */
  readonly departure: { current: number };
}

/** Listens on the timeline's element until the answer is called. */
export type Gestures = (element: HTMLElement, held: () => Held | null) => () => void;

/** The page scrolls under the pointer unless a key is held or the timeline has the focus. */
export const isForTimeline = (event: WheelEvent, element: HTMLElement): boolean =>
  event.ctrlKey || event.shiftKey || element.contains(document.activeElement);

/** Moves the window by a turn of the wheel. */
export function panByWheel(event: WheelEvent, { timeline, controller }: Held): void {
  const next = panned(timeline, Math.sign(event.deltaY || event.deltaX) * 0.1);
  controller.setWindow(next.from, next.to);
}

/** The wheel zooms at the pointer, and with Shift moves the window: all there is in embeds, and in the app until gestures.ts has come. */
export const wheel: Gestures = (element, held) => {
  const listener = (event: WheelEvent) => {
    const now = held();
    if (!now || !isForTimeline(event, element)) return;
    event.preventDefault();
    if (event.shiftKey) return panByWheel(event, now);
    const around = now.plan.cycleAt(pointIn(element, event)[0]);
    const next = zoomed(now.timeline, (event.deltaY || event.deltaX) > 0 ? 1.25 : 0.8, around);
    now.controller.setWindow(next.from, next.to);
  };
  element.addEventListener('wheel', listener, { passive: false });
  return () => element.removeEventListener('wheel', listener);
};
