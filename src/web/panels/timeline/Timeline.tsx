import { memo, type PointerEvent, useEffect, useMemo, useRef } from 'react';
import { tokenShape } from '../../../figures/rings.ts';
import { planTimeline, playheadPlace, type TimelineOptions, tickAt, timelineFigure } from '../../../figures/timeline.ts';
import { say } from '../../../lib/say.ts';
import { selectionOf } from '../../store/selecting.ts';
import { Figure, renderNode } from '../../ui/Figure.tsx';
import { useSize, useStage, useStageState } from '../../ui/hooks.ts';
import { pointIn } from '../../ui/scaled.ts';
import { stepAt, timelineValue } from './model.ts';
import { type Gestures, type Held, wheel } from './wheel.ts';

export interface TimelineProps {
  readonly compact: boolean;
  readonly gestures?: Gestures;
}

/** The run as lanes; dragging with one pointer travels in time. */
export const Timeline = memo(function Timeline({ compact, gestures = wheel }: TimelineProps) {
  const box = useRef<HTMLDivElement>(null);
  const { width } = useSize(box);
  const view = useStageState((s) => s.frame?.view ?? null);
  const { controller } = useStage();
  const departure = useRef(-1);
  const timeline = view?.timeline ?? null;
  const plan = useMemo(() => (timeline && width > 0 ? planTimeline(timeline, { width, compact }) : null), [timeline, width, compact]);
  const n = view?.n ?? 0;
  const cycle = view?.cycle ?? 0;
  const place = view?.rings.active ?? null;
  const ticksAre = view?.exits.codeIs ?? say`exit reason`;
  const selected = useStageState(selectionOf);
  const options: TimelineOptions = useMemo(
    () => ({ width, compact, n, cycle, at: place, playhead: false, ticksAre, selected }),
    [width, compact, n, cycle, place, ticksAre, selected],
  );
  const figure = useMemo(() => (timeline && options.width > 0 ? timelineFigure(timeline, options) : null), [timeline, options]);

  const travel = (event: PointerEvent) => {
    if (!timeline || !plan || !box.current) return;
    controller.seek(stepAt(timeline, plan, pointIn(box.current, event)));
  };

  const point = (event: PointerEvent) => {
    if (!timeline || !plan || !box.current || event.pointerType === 'touch') return;
    controller.hover(tickAt(timeline, plan, n, pointIn(box.current, event))?.n ?? null);
  };

  const held = useRef<Held | null>(null);
  held.current = timeline && plan && { timeline, plan, controller, departure };
  useEffect(() => gestures(box.current!, () => held.current), [gestures]);

  return (
    <div
      className="timeline"
      ref={box}
      data-testid="timeline"
      role="slider"
      tabIndex={0}
      aria-label={say`Timeline`}
      aria-valuemin={0}
      aria-valuemax={timeline?.reached ?? 0}
      aria-valuenow={view?.n ?? 0}
      aria-valuetext={view ? timelineValue(view) : say`no machine yet`}
      onPointerDown={(event) => {
        if (event.button !== 0 || !event.isPrimary) return;
        departure.current = n;
        event.currentTarget.setPointerCapture(event.pointerId);
        travel(event);
      }}
      onPointerMove={(event) => (departure.current >= 0 ? travel : point)(event)}
      onPointerLeave={() => controller.hover(null)}
      onPointerUp={() => {
        departure.current = -1;
      }}
      onPointerCancel={() => {
        departure.current = -1;
      }}
    >
      {figure && <Figure figure={figure} hidden />}
      {figure && timeline && plan && (
        <Playhead place={playheadPlace(timeline, plan, options)} ring={place?.ring ?? null} height={plan.height} width={width} />
      )}
    </div>
  );
});

function Playhead({
  place,
  ring,
  height,
  width,
}: {
  readonly place: ReturnType<typeof playheadPlace>;
  readonly ring: Parameters<typeof tokenShape>[0] | null;
  readonly height: number;
  readonly width: number;
}) {
  return (
    <svg className="playhead" width={width} height={height} aria-hidden="true">
      <g style={{ transform: `translate(${place.x}px, 0)` }}>
        <path d={`M0 ${place.top}V${place.bottom}`} className="ph" />
        {ring && <g style={{ transform: `translate(0, ${place.y}px)` }}>{renderNode(tokenShape(ring, 6.5))}</g>}
      </g>
    </svg>
  );
}
