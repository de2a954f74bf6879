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
