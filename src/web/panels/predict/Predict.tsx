import { memo } from 'react';
import { glyph } from '../../../figures/glyph.ts';
import type { RingsView } from '../../../session/views.ts';
import { Figure } from '../../ui/Figure.tsx';
import { useStage, useStageState } from '../../ui/hooks.ts';
import { icons } from '../../ui/icons.tsx';
import { phrases } from '../narration/model.ts';
import type { Option, Question } from './question.ts';

const GLYPH = 36;

/** Asks who runs next, and shows what was thought beside what happened. */
export const Predict = memo(function Predict() {
  const asking = useStageState((s) => s.asking);
  const outcome = useStageState((s) => s.outcome);
  const rings = useStageState((s) => s.frame?.view.rings ?? null);
  const sentence = useStageState((s) => s.frame?.view.sentence ?? '');
  const chosen = useStageState((s) => s.chosen);
  const { controller } = useStage();
  if (asking && rings) {
    return (
      <section className="pane predict" aria-label="Predict" data-testid="predict">
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
              <Cell option={option} rings={rings} />
              <Words option={option} />
            </label>
          ))}
        </fieldset>
        <div className="predict-do">
          <button type="button" className="tb main" onClick={controller.step}>
            {icons.step}
            <span>{chosen === null ? 'Just show me' : 'Step and see'}</span>
          </button>
        </div>
      </section>
    );
  }
  if (!outcome || !rings) return null;
  const { question } = outcome;
  return (
    <section className="pane predict" aria-label="Predicted" data-testid="predict">
      <h3>{verdict(question, outcome.chosen)}</h3>
      <ul>
        {question.options
          .filter(({ id }) => id === question.answer || id === outcome.chosen)
          .map((option) => (
            <li key={option.id} className="predict-option">
              <span className="predict-mark" aria-hidden="true">
                {option.id === question.answer ? '✓' : '·'}
              </span>
              <Cell option={option} rings={rings} />
              <span className="predict-words">
                <b>{option.title}</b>
                <span>{option.id === question.answer ? 'what happened' : 'what you expected'}</span>
              </span>
            </li>
          ))}
      </ul>
      <p className="predict-why" role="status">
        {phrases(sentence).map((phrase) =>
          phrase.name ? <em key={phrase.at}>{phrase.text}</em> : <span key={phrase.at}>{phrase.text}</span>,
        )}
      </p>
    </section>
  );
});

function verdict({ answer }: Question, chosen: string | null): string {
  if (chosen === null) return 'What happened';
  return chosen === answer ? 'As you expected' : 'It went another way';
}

function Cell({ option, rings }: { readonly option: Option; readonly rings: RingsView }) {
  const vms = Math.max(1, Math.min(3, rings.vms.length));
  return <Figure figure={glyph(GLYPH, { vms, kind: rings.kind, hot: option.hot ?? undefined })} />;
}

function Words({ option }: { readonly option: Option }) {
  return (
    <span className="predict-words">
      <b>{option.title}</b>
      <span>{option.why}</span>
    </span>
  );
}
