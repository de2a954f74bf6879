import { useEffect, useRef } from 'react';
import { say, told, worded } from '../../../lib/say.ts';
import type { Why, WhyCheck } from '../../../session/views.ts';
import { DialogEnd } from '../../ui/DialogEnd.tsx';
import { Scrolled } from '../../ui/Scrolled.tsx';

export interface WhyProps {
  /** Null where the answer cannot be told. */
  readonly why: Why | null;
  readonly onClose: () => void;
}

/** What the processor compared, one check a row. */
export function WhyDialog({ why, onClose }: WhyProps) {
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
          <Scrolled as="ol">
            {why.checks.map((check) => (
              <li key={check.rule} ref={check.outcome === 'failed' ? failed : undefined} data-outcome={check.outcome}>
                <span className="why-mark" aria-hidden="true">
                  {MARKS[check.outcome]}
                </span>
                <b>{check.rule}</b>
                <span>{check.found}</span>
                <em>{told(WORDS[check.outcome])}</em>
              </li>
            ))}
          </Scrolled>
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

const MARKS: Readonly<Record<WhyCheck['outcome'], string>> = { passed: '✓', failed: '✕', 'leads on': '→', open: '·' };
const WORDS: Readonly<Record<WhyCheck['outcome'], string>> = {
  passed: worded('it is so'),
  failed: worded('it is not so'),
  'leads on': worded('it is not so: the next one decides'),
  open: worded('not asked any more'),
};
