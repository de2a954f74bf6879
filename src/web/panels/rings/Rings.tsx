import { memo, useLayoutEffect, useMemo, useRef } from 'react';
import { polar } from '../../../figures/polar.ts';
import { ringsFigure, tokenPlace, tokenRadius, tokenShape } from '../../../figures/rings.ts';
import type { Place } from '../../../figures/rings-plan.ts';
import { say } from '../../../lib/say.ts';
import type { RingsView } from '../../../session/views.ts';
import { Figure, renderNode } from '../../ui/Figure.tsx';
import { useSize, useStage, useStageState } from '../../ui/hooks.ts';
import { moveAlong, still, wayBetween } from '../../ui/motion.ts';
import { restingRings, ringsSentence } from './model.ts';

const RESTING = restingRings('vtx', 2);

/** The ring diagram; the token is an element of its own that travels over it. */
export const Rings = memo(function Rings({ names }: { readonly names: 'full' | 'short' }) {
  const { controller } = useStage();
  const box = useRef<HTMLDivElement>(null);
  const size = useSize(box);
  const view = useStageState((s) => s.frame?.view ?? null);
  const { width, height } = size;
  const resting = view === null;
  const rings = view?.rings ?? RESTING;
  const n = view?.n ?? 0;
  const sentence = view ? ringsSentence(view) : say`Protection rings; no machine yet.`;
  const options = useMemo(() => ({ width, height, n, names, resting, token: false }), [width, height, n, names, resting]);
  const figure = useMemo(() => (options.width > 0 ? ringsFigure(rings, options) : null), [rings, options]);
  const goTo = (event: React.PointerEvent) => {
    const hit = event.target instanceof Element ? event.target.closest('[data-n]') : null;
    if (hit) controller.seek(Number(hit.getAttribute('data-n')));
  };
  return (
    <div className="rings-box" ref={box} data-testid="rings" role="img" aria-label={sentence} onPointerUp={goTo}>
      {figure && <Figure figure={figure} hidden />}
      {figure && view && <Token rings={rings} options={options} />}
    </div>
  );
});

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
    <svg className="rings-token" width={options.width} height={options.height} aria-hidden="true">
      <g ref={element} style={{ transform: `translate(${x}px, ${y}px)` }}>
        {renderNode(tokenShape(ring, tokenRadius(found.plan)))}
      </g>
    </svg>
  );
}
