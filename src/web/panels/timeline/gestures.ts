/** The timeline under fingers, wheel and double-click, by d3-zoom: in the app only, and loaded behind its first picture. */
import { pointer, select } from 'd3-selection';
import { type D3ZoomEvent, type ZoomBehavior, ZoomTransform, zoom } from 'd3-zoom';
import { linear } from '../../../figures/scale.ts';
import { scaleOf } from '../../ui/scaled.ts';
import { moveByStrip } from './strip.ts';
import { type Gestures, type Held, isForTimeline, panByWheel } from './wheel.ts';
import { NARROWEST, widest } from './window.ts';

/** Most that one turn of a wheel zooms, in powers of two. */
const TURN = 0.5;
/** Milliseconds and pixels between the two taps of a double tap, at most. */
const TAPS = { apart: 300, near: 30 };

type Zoom = ZoomBehavior<HTMLElement, unknown>;
type Cycles = (x: number) => number;

export const gestures: Gestures = (element, held) => {
  const selection = select<HTMLElement, unknown>(element);
  const listening = new AbortController();
  let cyclesAt: Cycles = () => 0;
  let zooming = false;
  let byTouch = false;
  const begin = () => {
    const now = held();
    if (now && !zooming) cyclesAt = take(element, behaviour, now);
    return now !== null;
  };
  const behaviour: Zoom = zoom<HTMLElement, unknown>()
    .filter((event: Event) => isZoom(event, element, byTouch) && begin())
    .wheelDelta((event) =>
      Math.max(-TURN, Math.min(TURN, -event.deltaY * (event.deltaMode === 0 ? 0.002 : 0.05) * (event.ctrlKey ? 10 : 1))),
    )
    .duration(matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 250)
    .on('start', ({ sourceEvent }: D3ZoomEvent<HTMLElement, unknown>) => {
      zooming = true;
      const now = held();
      if (now && sourceEvent?.type === 'touchstart') takeBack(now);
    })
    .on('zoom', ({ transform }: D3ZoomEvent<HTMLElement, unknown>) => {
      const now = held();
      if (!now) return;
      const [from, to] = edges(element, now).map((x) => Math.max(0, Math.round(cyclesAt(transform.invertX(x)))));
      now.controller.setWindow(from!, to!);
    })
    .on('end', () => {
      zooming = false;
    });

  const { signal } = listening;
  const onWheel = (event: WheelEvent) => {
    const now = held();
    if (!now || !isForTimeline(event, element)) return;
    event.preventDefault();
    if (event.shiftKey) panByWheel(event, now);
  };
  element.addEventListener('wheel', onWheel, { passive: false, signal });
  element.addEventListener('pointerdown', ({ pointerType }) => (byTouch = pointerType === 'touch'), { signal, capture: true });
  onDoubleTap(element, signal, (place) => begin() && behaviour.scaleBy(selection, 2, place));
  moveByStrip(element, held, signal);
  selection.call(behaviour);
  return () => {
    listening.abort();
    selection.on('.zoom', null);
  };
};

/** One pointer travels in time: it never zooms. Browsers differ in whether two taps are a double click: see `onDoubleTap`. */
function isZoom(event: Event, element: HTMLElement, byTouch: boolean): boolean {
  if (event.type === 'wheel') return isForTimeline(event as WheelEvent, element) && !(event as WheelEvent).shiftKey;
  if (event.type === 'touchstart') return (event as TouchEvent).targetTouches.length > 1;
  return event.type === 'dblclick' && !byTouch;
}

/** Ends the journey that the first finger of a pinch began, where it began. */
function takeBack({ controller, departure }: Held): void {
  if (departure.current >= 0) controller.seek(departure.current);
  departure.current = -1;
}

/** In lengths of the window, in which d3 tells where pointers are. */
function edges(element: HTMLElement, { plan }: Held): readonly [left: number, right: number] {
  const scale = scaleOf(element);
  return [plan.left * scale, (plan.width - 1) * scale];
}

/** Gives d3 the window as it is now: a transform of the whole run, drawn from edge to edge. */
function take(element: HTMLElement, behaviour: Zoom, now: Held): Cycles {
  const [left, right] = edges(element, now);
  const { from, to } = now.timeline.window;
  const whole = Math.max(widest(now.timeline), to);
  const scale = whole / Math.max(1, to - from);
  const start = linear([0, whole], [left, right])(from);
  behaviour
    .extent([
      [left, 0],
      [right, 1],
    ])
    .translateExtent([
      [left, Number.NEGATIVE_INFINITY],
      [right, Number.POSITIVE_INFINITY],
    ])
    .scaleExtent([1, whole / NARROWEST]);
  select(element).property('__zoom', new ZoomTransform(scale, left - scale * start, 0));
  return linear([left, right], [0, whole]);
}

function onDoubleTap(element: HTMLElement, signal: AbortSignal, then: (place: [x: number, y: number]) => void): void {
  let before = { at: Number.NEGATIVE_INFINITY, x: 0, y: 0 };
  const onUp = (event: PointerEvent) => {
    if (event.pointerType !== 'touch' || !event.isPrimary) return;
    const [x, y] = pointer(event, element);
    const again = event.timeStamp - before.at < TAPS.apart && Math.hypot(x - before.x, y - before.y) < TAPS.near;
    before = { at: again ? Number.NEGATIVE_INFINITY : event.timeStamp, x, y };
    if (again) then([x, y]);
  };
  element.addEventListener('pointerup', onUp, { signal });
}
