import { type Point, polar } from '../../figures/polar.ts';
import type { Place } from '../../figures/rings-plan.ts';
import type { Motion } from '../store/store.ts';

const EASE_MOVE = 'cubic-bezier(.3, 0, .1, 1)';
const EASE_CROSS = 'cubic-bezier(.65, 0, .2, 1)';

/** How a movement runs: when the token starts and how long it takes, in milliseconds. */
export const timing: Readonly<Record<Motion, { readonly delay: number; readonly duration: number; readonly easing: string }>> = {
  none: { delay: 0, duration: 0, easing: 'linear' },
  held: { delay: 0, duration: 60, easing: EASE_MOVE },
  glide: { delay: 0, duration: 180, easing: EASE_MOVE },
  cross: { delay: 0, duration: 320, easing: EASE_CROSS },
  exit: { delay: 90, duration: 330, easing: EASE_CROSS },
  entry: { delay: 60, duration: 260, easing: EASE_CROSS },
};

/** True when the reader's system asks for stillness. */
export function still(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches;
}

/** The way from one place to another: along the radius, then along the arc, never straight across. */
export function wayBetween(center: Point, from: Place, to: Place): Point[] {
  const turn = ((((to.angle - from.angle + 180) % 360) + 360) % 360) - 180;
  const crossing = Math.abs(to.radius - from.radius) > 3;
  const points: Point[] = [];
  const steps = 16;
  for (let i = 0; i <= steps; i++) {
    const t = i / steps;
    const radial = crossing ? Math.min(1, t / 0.78) : t;
    const round = crossing ? Math.max(0, (t - 0.78) / 0.22) : t;
    points.push(
      polar(center, from.radius + (to.radius - from.radius) * radial, from.angle + turn * (crossing && Math.abs(turn) > 25 ? t : round)),
    );
  }
  return points;
}

/** What each element was set in motion by last. (Asking an element for its animations would lay out the page first.) */
const moving = new WeakMap<Element, Animation>();

function halt(element: Element): void {
  moving.get(element)?.cancel();
  moving.delete(element);
}

/** Moves an element along points; what moved it before is over at once. */
export function moveAlong(element: Element, points: readonly Point[], motion: Motion): void {
  halt(element);
  const { delay, duration, easing } = timing[motion];
  if (duration === 0 || points.length < 2 || still()) return;
  const frames = points.map(([x, y]) => ({ transform: `translate(${x}px, ${y}px)` }));
  moving.set(element, element.animate(frames, { delay, duration, easing, fill: 'backwards' }));
}

/** Lets an element arrive from an offset. */
export function slideFrom(element: Element, dy: number, duration: number): void {
  halt(element);
  if (dy === 0 || duration === 0 || still()) return;
  moving.set(element, element.animate([{ transform: `translateY(${dy}px)` }, { transform: 'none' }], { duration, easing: EASE_MOVE }));
}
