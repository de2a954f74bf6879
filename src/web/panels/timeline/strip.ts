import { pointIn } from '../../ui/scaled.ts';
import { inStrip, stepAt } from './model.ts';
import type { Held } from './wheel.ts';

/** Pixels that a press may wander and still be one. */
const STILL = 3;

interface Grip {
  /** Where the pointer went down. */
  readonly x: number;
  /** Cycles from the window's start to the pointer. */
  readonly within: number;
  readonly width: number;
  moved: boolean;
}

/** In the strip of the whole run a drag moves the window, which comes to the pointer when it was elsewhere; a press alone travels in time. */
export function moveByStrip(element: HTMLElement, held: () => Held | null, signal: AbortSignal): void {
  let grip: Grip | null = null;
  const onDown = (event: PointerEvent) => {
    const now = held();
    const [x, y] = pointIn(element, event);
    grip = null;
    if (!now || event.button !== 0 || !event.isPrimary || !inStrip(now.plan, y)) return;
    /* The panel's own handler would travel at once. */
    event.stopPropagation();
    element.setPointerCapture(event.pointerId);
    grip = gripAt(now, x);
  };
  const onMove = (event: PointerEvent) => {
    const now = held();
    if (!now || !grip || !event.isPrimary) return;
    const [x] = pointIn(element, event);
    grip.moved ||= Math.abs(x - grip.x) > STILL;
    if (!grip.moved) return;
    const from = Math.max(0, Math.round(now.plan.overviewCycleAt(x) - grip.within));
    now.controller.setWindow(from, from + grip.width);
  };
  const onUp = (event: PointerEvent) => {
    const now = held();
    if (now && grip && !grip.moved) now.controller.seek(stepAt(now.timeline, now.plan, pointIn(element, event)));
    grip = null;
  };
  element.addEventListener('pointerdown', onDown, { signal });
  element.addEventListener('pointermove', onMove, { signal });
  element.addEventListener('pointerup', onUp, { signal });
  element.addEventListener('pointercancel', () => (grip = null), { signal });
}

function gripAt({ timeline, plan }: Held, x: number): Grip {
  const { from, to } = timeline.window;
  const inside = x >= plan.overviewX(from) - STILL && x <= plan.overviewX(to) + STILL;
  return { x, within: inside ? plan.overviewCycleAt(x) - from : (to - from) / 2, width: to - from, moved: false };
}
