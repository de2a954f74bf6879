import { memo, type Ref } from 'react';
import { glyph } from '../../../figures/glyph.ts';
import { say } from '../../../lib/say.ts';
import type { OptionView, RingsView } from '../../../session/views.ts';
import type { Outcome } from '../../store/store.ts';
import { Figure } from '../../ui/Figure.tsx';
import { useStage, useStageState } from '../../ui/hooks.ts';
import { icons } from '../../ui/icons.tsx';
import { phrases } from '../narration/model.ts';

const GLYPH = 36;

interface PredictProps {
  /** The title of the outcome. */
  readonly title?: Ref<HTMLHeadingElement>;
  /** Where it is not that of an `h2`: the question stands under another title. */
  readonly level?: 3;
}

/** Asks what comes, and shows what was thought beside what happened. */
export const Predict = memo(function Predict({ title, level }: PredictProps) {
  const asking = useStageState((s) => s.asking);
  const outcome = useStageState((s) => s.outcome);
  const rings = useStageState((s) => s.frame?.view.rings ?? null);
  const chosen = useStageState((s) => s.chosen);
  const { controller } = useStage();
  if (asking && rings) {
    return (
      <section className="pane predict" aria-label={say`Predict`} data-testid="predict" data-kind={asking.kind}>
        <fieldset>
          <legend>{asking.title}</legend>
          {asking.options.map((option) => (
            <label key={option.id} className={`predict-option${option.id === chosen ? ' chosen' : ''}`}>
              <input
                type="radio"
                name="predict"
                value={option.id}
                checked={option.id === chosen}
                data-keys="own"
                onChange={() => controller.choose(option.id)}
              />
              <Mark option={option} rings={rings} />
              <span className="predict-words">
                <b>{option.title}</b>
                <span>{option.note}</span>
              </span>
            </label>
          ))}
        </fieldset>
        <div className="predict-do">
          <button type="button" className="tb main" onClick={controller.step}>
            {icons.step}
            <span>{chosen === null ? say`Just show me` : say`Step and see`}</span>
          </button>
        </div>
      </section>
    );
  }
  return outcome && rings && <Seen outcome={outcome} rings={rings} title={title} level={level} />;
});

interface SeenProps extends PredictProps {
  readonly outcome: Outcome;
  readonly rings: RingsView;
}

/** What was expected beside what happened, and why. */
function Seen({ outcome: { question, chosen }, rings, title, level }: SeenProps) {
  const sentence = useStageState((s) => s.frame?.view.sentence ?? '');
  const right = question.options.find(({ id }) => id === question.answer);
  const expected = question.options.find(({ id }) => id === chosen && id !== question.answer);
  return (
    <section className="pane predict" aria-label={say`Predicted`} data-testid="predict" data-kind={question.kind}>
      <h2 ref={title} aria-level={level} tabIndex={-1}>
        {verdict(question.answer, chosen)}
      </h2>
      <div className="predict-outcome">
        {expected && <Card label={say`what you expected`} option={expected} rings={rings} />}
        {right && <Card label={say`what happened`} option={right} rings={rings} happened />}
      </div>
      <div className="predict-why" role="status">
        {expected && <p>{expected.wrong}</p>}
        {question.because !== '' && <p>{question.because}</p>}
        <p>
          {phrases(sentence).map((phrase) =>
            phrase.name ? <em key={phrase.at}>{phrase.text}</em> : <span key={phrase.at}>{phrase.text}</span>,
          )}
        </p>
      </div>
    </section>
  );
}

function verdict(answer: string, chosen: string | null): string {
  if (chosen === null) return say`What happened`;
  return chosen === answer ? say`As you expected` : say`It went another way`;
}

interface CardProps {
  readonly label: string;
  readonly option: OptionView;
  readonly rings: RingsView;
  readonly happened?: boolean;
}

function Card({ label, option, rings, happened = false }: CardProps) {
  return (
    <div className={`predict-card${happened ? ' happened' : ''}`}>
      <span className="predict-label">
        <span aria-hidden="true">{happened ? '✓' : '·'}</span> {label}
      </span>
      <Mark option={option} rings={rings} />
      <span className="predict-words">
        <b>{option.title}</b>
        <span>{option.note}</span>
      </span>
    </div>
  );
}

/** The cell of the rings that an option means, or its number or bits. */
function Mark({ option: { badge, hot }, rings }: { readonly option: OptionView; readonly rings: RingsView }) {
  if (badge !== '')
    return (
      <span className="predict-badge" aria-hidden="true">
        {badge}
      </span>
    );
  const vms = Math.max(1, Math.min(3, rings.vms.length));
  const cell = hot && rings.kind === 'bare' ? { ...hot, vm: 1 } : hot;
  return <Figure figure={glyph(GLYPH, { vms, kind: rings.kind, hot: cell ?? undefined })} />;
}
