import { memo } from 'react';
import { count } from '../../../figures/words.ts';
import { say } from '../../../lib/say.ts';
import { useStage, useStageState } from '../../ui/hooks.ts';

/** What stands in the way, above the stage: the simulator itself, the source, or a request that could not be met. */
export const Notices = memo(function Notices() {
  const died = useStageState((s) => s.died);
  const errors = useStageState((s) => s.sourceErrors);
  const refused = useStageState((s) => s.refused);
  const notice = useStageState((s) => s.notice);
  const running = useStageState((s) => s.frame !== null);
  const { controller } = useStage();
  const said = refused || notice;
  if (!died && errors.length === 0 && !said) return null;
  return (
    <div className="notices">
      {died && (
        <div className="band" role="alert">
          <p>
            <b>{say`The simulation stopped:`}</b> {died.message}
          </p>
          <button type="button" className="tb main" onClick={controller.revive}>
            {say`Restart from step ${count(died.n)}`}
          </button>
        </div>
      )}
      {errors.length > 0 && (
        <div className="band" role="alert">
          <ul className="source-errors">
            {errors.slice(0, 4).map((error) => (
              <li key={`${error.file}:${error.line}:${error.column}`}>
                <span className="spot">{say`${error.file}, line ${error.line}, column ${error.column}`}</span> <b>{error.message}</b>{' '}
                {error.hint && <span className="hint">{error.hint}</span>}
              </li>
            ))}
          </ul>
          {errors.length > 4 && <p className="hint">{say`and ${errors.length - 4} more`}</p>}
          {running && <p className="hint">{say`The machine below is the last one that assembled.`}</p>}
        </div>
      )}
      {said && (
        <div className="band" role="status">
          <p>{said}</p>
          <button type="button" className="tool" onClick={controller.dismiss}>
            {say`Dismiss`}
          </button>
        </div>
      )}
    </div>
  );
});

const MOST_DETAILS = 8;

function Details({ details }: { readonly details: readonly string[] }) {
  return (
    <ul className="details">
      {details.slice(0, MOST_DETAILS).map((detail) => (
        <li key={detail}>{detail}</li>
      ))}
    </ul>
  );
}

/** A link that cannot be followed: says why, and offers what is certain. Nothing runs until the reader chooses. */
export const DamagedLink = memo(function DamagedLink() {
  const error = useStageState((s) => s.linkError);
  const scenarios = useStageState((s) => s.scenarios);
  const { controller } = useStage();
  if (!error) return null;
  const named = scenarios.find((s) => s.id === error.scenario);
  return (
    <main className="damaged">
      <div role="alert">
        <h2>{error.message}</h2>
        {error.details && <Details details={error.details} />}
      </div>
      {named ? (
        <>
          <p>{say`The rest of the link names a scenario that is here.`}</p>
          <button type="button" className="tb main" onClick={() => controller.open({ scenario: named.id })}>
            {say`Open “${named.title}” at its start`}
          </button>
        </>
      ) : scenarios.length > 0 ? (
        <>
          <p>{say`These scenarios are here:`}</p>
          <ul>
            {scenarios.map((scenario) => (
              <li key={scenario.id}>
                <button type="button" className="choice" onClick={() => controller.open({ scenario: scenario.id })}>
                  <b>{scenario.title}</b>
                  <span>{scenario.summary}</span>
                </button>
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </main>
  );
});
