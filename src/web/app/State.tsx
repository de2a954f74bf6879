import { useRef } from 'react';
import { blockName } from '../panels/block/name.ts';
import { Exits } from '../panels/exits/Exits.tsx';
import { Asked } from '../panels/predict/Asked.tsx';
import { Walk } from '../panels/walk/Walk.tsx';
import { useSize, useStageState } from '../ui/hooks.ts';
import { Shown } from './Shown.tsx';

/** The state that a step leaves, where it has a column: exits, and below them one panel of the reader's choice. */
export function State() {
  const box = useRef<HTMLDivElement>(null);
  const predict = useStageState((s) => s.asking !== null || s.outcome !== null);
  const long = useStageState((s) => s.below !== 'processor' && (s.below !== 'block' || blockName(s.frame?.view ?? null) !== null));
  const { width } = useSize(box);
  return (
    <div className="state" ref={box}>
      <Asked />
      <Exits width={Math.max(200, width)} brief={long || predict} />
      <Shown width={width} />
      {!long && <Walk width={width} entries={false} />}
    </div>
  );
}
