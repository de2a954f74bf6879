import { memo } from 'react';
import { say } from '../../../lib/say.ts';
import { useStage, useStageState } from '../../ui/hooks.ts';

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
export const DamagedLink = memo(function DamagedLink({ as: Outer = 'main' }: { readonly as?: 'main' | 'div' }) {
  const error = useStageState((s) => s.linkError);
  const scenarios = useStageState((s) => s.scenarios);
  const { controller } = useStage();
  if (!error) return null;
  const named = scenarios.find((s) => s.id === error.scenario);
  return (
    <Outer className="damaged">
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
    </Outer>
  );
});
