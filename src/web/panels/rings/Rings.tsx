import { type ComponentType, memo, useLayoutEffect, useMemo, useRef } from 'react';
import { polar } from '../../../figures/polar.ts';
import { ringsFigure, tokenPlace, tokenRadius, tokenShape } from '../../../figures/rings.ts';
import type { Place } from '../../../figures/rings-plan.ts';
import { say } from '../../../lib/say.ts';
import type { RingsView } from '../../../session/views.ts';
import { selectionOf } from '../../store/selecting.ts';
import { Figure, renderNode } from '../../ui/Figure.tsx';
import { useSize, useStage, useStageState } from '../../ui/hooks.ts';
import { moveAlong, still, wayBetween } from '../../ui/motion.ts';
import type { CellsProps } from './Cells.tsx';
import { restingRings, ringsSentence } from './model.ts';

const RESTING = restingRings('vtx', 2);

interface RingsProps {
  readonly names: 'full' | 'short';
  /** Its places under the pointer and the keys. */
  readonly Cells: ComponentType<CellsProps>;
}

/** The ring diagram; the token is an element of its own that travels over it. */
export const Rings = memo(function Rings({ names, Cells }: RingsProps) {
  const { controller } = useStage();
  const box = useRef<HTMLDivElement>(null);
  const size = useSize(box);
  const view = useStageState((s) => s.frame?.view ?? null);
  const { width, height } = size;
  const resting = view === null;
  const rings = view?.rings ?? RESTING;
  const n = view?.n ?? 0;
  const sentence = view ? ringsSentence(view) : say`Protection rings; no machine yet.`;
  const selected = useStageState(selectionOf);
  const options = useMemo(
    () => ({ width, height, n, names, resting, selected, token: false }),
    [width, height, n, names, resting, selected],
  );
  const figure = useMemo(() => (options.width > 0 ? ringsFigure(rings, options) : null), [rings, options]);
  const goTo = (event: React.PointerEvent) => {
    const crossed = crossedAt(event);
    if (crossed !== null) controller.seek(crossed);
  };
  return (
    <div
      className="rings-box"
      ref={box}
      onPointerUp={goTo}
      onPointerOver={(event) => controller.hover(crossedAt(event))}
      onPointerLeave={() => controller.hover(null)}
    >
      <div className="rings-picture" data-testid="rings" role="img" aria-label={sentence}>
        {figure && <Figure figure={figure} hidden />}
      </div>
      {figure && view && <Token rings={rings} options={options} />}
      {figure && view && <Cells box={box} size={size} />}
    </div>
  );
});

/** The step of the crossing under the pointer. */
function crossedAt({ target }: React.SyntheticEvent): number | null {
  const hit = target instanceof Element ? target.closest('[data-n]') : null;
  return hit && Number(hit.getAttribute('data-n'));
}

function Token({ rings, options }: { readonly rings: RingsView; readonly options: Parameters<typeof tokenPlace>[1] }) {
  const element = useRef<SVGGElement>(null);
  const last = useRef<{ readonly place: Place; readonly width: number } | null>(null);
  const motion = useStageState((s) => s.motion);
  const found = useMemo(() => tokenPlace(rings, options), [rings, options]);
  const ring = rings.active?.ring ?? '0';
  useLayoutEffect(() => {
    const before = last.current;
    last.current = found ? { place: found.place, width: options.width } : null;
    if (!found || !before || !element.current || before.width !== options.width || still()) return;
    const moved = before.place.angle !== found.place.angle || before.place.radius !== found.place.radius;
    if (!moved) return;
    moveAlong(element.current, wayBetween(found.plan.center, before.place, found.place), motion);
  }, [found, motion, options.width]);
  if (!found) return null;
  const [x, y] = polar(found.plan.center, found.place.radius, found.place.angle);
  return (
    <svg
      className="rings-token"
      width={options.width}
      height={options.height}
      viewBox={`0 0 ${options.width} ${options.height}`}
      aria-hidden="true"
    >
      <g ref={element} style={{ transform: `translate(${x}px, ${y}px)` }}>
        {renderNode(tokenShape(ring, tokenRadius(found.plan)))}
      </g>
    </svg>
  );
}
