import { useEffect } from 'react';
import { useStageState } from '../../ui/hooks.ts';
import { Predict } from './Predict.tsx';
import { RingAnswers } from './RingAnswers.tsx';

/** The question, its list of options, and the rings as another way to answer. */
export function Asked() {
  const outcome = useStageState((s) => s.outcome);
  const lesson = useStageState((s) => s.lesson !== null);
  useEffect(() => {
    const title = document.querySelector<HTMLElement>('.predict h2');
    if (outcome === null || title === null) return;
    title.ariaLevel = lesson ? '3' : '2';
    if (document.activeElement === document.body) goOnFrom(title);
  }, [outcome, lesson]);
  return (
    <>
      <Predict />
      <RingAnswers />
    </>
  );
}

/** The button that asked for the outcome is gone; the outcome takes the focus that it had. */
function goOnFrom(title: HTMLElement): void {
  title.tabIndex = -1;
  title.focus({ preventScroll: true });
}
