import { say } from '../../../lib/say.ts';
import { useStageState } from '../../ui/hooks.ts';

const MOST = 4;

/** Why the source does not assemble: the first few errors, each with its place and what to do about it. */
export function SourceErrors() {
  const errors = useStageState((s) => s.sourceErrors);
  const running = useStageState((s) => s.frame !== null);
  const beside = useStageState((s) => s.sources !== null);
  if (errors.length === 0) return null;
  return (
    <div className="band" role="alert">
      <ul className="source-errors">
        {errors.slice(0, MOST).map((error) => (
          <li key={`${error.file}:${error.line}:${error.column}`}>
            <span className="spot">{say`${error.file}, line ${error.line}, column ${error.column}`}</span> <b>{error.message}</b>{' '}
            {error.hint && <span className="hint">{error.hint}</span>}
          </li>
        ))}
      </ul>
      {errors.length > MOST && <p className="hint">{say`and ${errors.length - MOST} more`}</p>}
      {running && !beside && <p className="hint">{say`The machine below is the last one that assembled.`}</p>}
    </div>
  );
}
