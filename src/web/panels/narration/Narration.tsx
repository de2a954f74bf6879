import { type ComponentType, memo, useEffect, useRef, useState } from 'react';
import { say } from '../../../lib/say.ts';
import { useStageState } from '../../ui/hooks.ts';
import { WhyButton } from '../why/WhyButton.tsx';
import type { WhyProps } from '../why/WhyDialog.tsx';
import { phrases, plainSentence } from './model.ts';

const BETWEEN = 1000;

/** One sentence about the step. It is spoken after each step, once a second in a slow run, and not at all in a fast one. */
export const Narration = memo(function Narration({ Why }: { readonly Why: ComponentType<WhyProps> }) {
  const sentence = useStageState(
    (s) => s.progress?.text ?? s.frame?.view.sentence ?? (s.phase === 'starting' ? say`Starting the machine…` : ''),
  );
  const running = useStageState((s) => s.frame?.running ?? false);
  const slow = useStageState((s) => s.speed <= 8);
  const spoken = useThrottled(running && slow ? plainSentence(sentence) : '', BETWEEN);
  return (
    <div className="narration">
      <p className="narr" data-testid="narration" aria-live={running ? 'off' : 'polite'}>
        {phrases(sentence).map((phrase) =>
          phrase.name ? <em key={phrase.at}>{phrase.text}</em> : <span key={phrase.at}>{phrase.text}</span>,
        )}
      </p>
      <WhyButton Dialog={Why} />
      <p className="hidden" aria-live="polite">
        {spoken}
      </p>
    </div>
  );
});

function useThrottled(value: string, milliseconds: number): string {
  const [shown, setShown] = useState(value);
  const last = useRef(0);
  useEffect(() => {
    if (value === '') {
      setShown('');
      return;
    }
    const wait = Math.max(0, last.current + milliseconds - performance.now());
    const timer = setTimeout(() => {
      last.current = performance.now();
      setShown(value);
    }, wait);
    return () => clearTimeout(timer);
  }, [value, milliseconds]);
  return shown;
}
