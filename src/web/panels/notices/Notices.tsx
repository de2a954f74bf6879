import { type ComponentType, memo } from 'react';
import { count } from '../../../figures/words.ts';
import { say } from '../../../lib/say.ts';
import { useStage, useStageState } from '../../ui/hooks.ts';

/** What stands in the way, above the stage: the simulator itself, a source that is not open beside it, or a request that could not be met. */
export const Notices = memo(function Notices({ Errors }: { readonly Errors: ComponentType }) {
  const died = useStageState((s) => s.died);
  const wrong = useStageState((s) => s.sourceErrors.length > 0 && s.sources === null);
  const refused = useStageState((s) => s.refused);
  const notice = useStageState((s) => s.notice);
  const { controller } = useStage();
  const said = refused || notice;
  if (!died && !wrong && !said) return null;
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
      {wrong && <Errors />}
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
