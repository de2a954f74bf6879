/** What a presentation or a large window draws larger: lengths of the window there are not those of the element. */
import type { Point } from '../../figures/polar.ts';

/** By how much an element is drawn larger than it is. */
export const scaleOf = (element: HTMLElement): number => element.getBoundingClientRect().width / element.offsetWidth || 1;

/** Where a pointer is in an element, in the element's own lengths. */
export function pointIn(element: HTMLElement, { clientX, clientY }: Pick<MouseEvent, 'clientX' | 'clientY'>): Point {
  const { left, top } = element.getBoundingClientRect();
  const scale = scaleOf(element);
  return [(clientX - left) / scale, (clientY - top) / scale];
}
