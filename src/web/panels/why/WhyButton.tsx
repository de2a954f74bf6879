import type { ComponentType } from 'react';
import { say } from '../../../lib/say.ts';
import { useStage, useStageState } from '../../ui/hooks.ts';
import type { WhyProps } from './WhyDialog.tsx';

/** Asks why, where the processor compared something at this step; the answer is a list. */
export function WhyButton({ Dialog }: { readonly Dialog: ComponentType<WhyProps> }) {
  const askable = useStageState((s) => s.frame?.view.askable === true && !s.frame.running && s.asking === null);
  const answer = useStageState((s) => (s.why !== null && s.why.n === s.frame?.view.n ? s.why : null));
  const { controller } = useStage();
  if (!askable) return null;
  return (
    <>
      <button type="button" className="quiet why-ask" onClick={controller.askWhy}>
        {say`Why?`}
      </button>
      {answer && <Dialog why={answer.why} onClose={controller.closeWhy} />}
    </>
  );
}
