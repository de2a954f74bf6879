import { useStore } from 'zustand';
import { say } from '../../lib/say.ts';
import { useStageState } from '../ui/hooks.ts';
import { type Answers, completion, isOver } from './record.ts';

/** At the end of a run or a lesson with questions: how many were right, and the line for whoever grades. */
export function Record({ answers }: { readonly answers: Answers }) {
  const given = useStore(answers);
  const frame = useStageState((s) => s.frame);
  const over = useStageState(isOver);
  const done = frame && over ? completion(given, frame) : null;
  if (!done) return null;
  return (
    <section className="pane predict" aria-label={say`Your predictions`} data-testid="record">
      <h3>{say`You predicted ${done.score} of ${done.max}`}</h3>
      <label className="embed-record">
        <span>{say`For your teacher, to copy:`}</span>
        <input type="text" readOnly value={done.record} onFocus={(event) => event.currentTarget.select()} data-keys="own" />
      </label>
    </section>
  );
}
