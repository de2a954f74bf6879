import { useEffect, useRef } from 'react';
import { useStageState } from '../../ui/hooks.ts';
import { Predict } from './Predict.tsx';

/** The question, and where the focus goes once it is answered. */
export function Asked() {
  const title = useRef<HTMLHeadingElement>(null);
  const outcome = useStageState((s) => s.outcome);
  const lesson = useStageState((s) => s.lesson !== null);
  useEffect(() => {
    if (outcome !== null && document.activeElement === document.body) title.current?.focus({ preventScroll: true });
  }, [outcome]);
  return <Predict title={title} level={lesson ? 3 : undefined} />;
}
