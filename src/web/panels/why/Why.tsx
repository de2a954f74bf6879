import { useEffect, useRef } from 'react';
import { say, told, worded } from '../../../lib/say.ts';
import type { Why, WhyCheck } from '../../../session/views.ts';
import { DialogEnd } from '../../ui/DialogEnd.tsx';
import { useStage, useStageState } from '../../ui/hooks.ts';

/** Asks why, where the processor compared something at this step; the answer is a list. */
export function WhyButton() {
  const askable = useStageState((s) => s.frame?.view.askable === true && !s.frame.running && s.asking === null);
  const answer = useStageState((s) => (s.why !== null && s.why.n === s.frame?.view.n ? s.why : null));
  const { controller } = useStage();
  if (!askable) return null;
  return (
    <>
      <button type="button" className="quiet why-ask" onClick={controller.askWhy}>
        {say`Why?`}
      </button>
      {answer && <WhyDialog why={answer.why} onClose={controller.closeWhy} />}
    </>
  );
}

function WhyDialog({ why, onClose }: { readonly why: Why | null; readonly onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const failed = useRef<HTMLLIElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
    failed.current?.scrollIntoView({ block: 'center' });
  }, []);
  return (
    <dialog ref={dialog} className="why" aria-labelledby="why-title" data-keys="own" onClose={onClose}>
      {why ? (
        <>
          <h2 id="why-title">{say`Why: ${why.title}`}</h2>
          <p>{say`What the processor compared, in this order.`}</p>
          <ol>
            {numbered(why.checks).map(([check, number]) => (
              <li key={number} ref={check.outcome === 'failed' ? failed : undefined} data-outcome={check.outcome}>
                <span className="why-mark" aria-hidden="true">
                  {MARKS[check.outcome]}
                </span>
                <b>{check.rule}</b>
                <span>{check.found}</span>
                <em>{told(WORDS[check.outcome])}</em>
              </li>
            ))}
          </ol>
          <p className="why-verdict">{why.verdict}</p>
          <p className="why-source">{why.source}</p>
        </>
      ) : (
        <>
          <h2 id="why-title">{say`Why?`}</h2>
          <p>{say`What was compared here cannot be listed yet. The event’s details say what the processor left behind.`}</p>
        </>
      )}
      <DialogEnd />
    </dialog>
  );
}

const numbered = (checks: readonly WhyCheck[]): readonly (readonly [WhyCheck, number])[] => checks.map((check, i) => [check, i]);

const MARKS: Readonly<Record<WhyCheck['outcome'], string>> = { passed: '✓', failed: '✕', 'leads on': '→', open: '·' };
const WORDS: Readonly<Record<WhyCheck['outcome'], string>> = {
  passed: worded('it is so'),
  failed: worded('it is not so'),
  'leads on': worded('it is not so: the next one decides'),
  open: worded('not asked any more'),
};
