import { say } from '../../lib/say.ts';
import { useStageState } from '../ui/hooks.ts';

/** How far the machine has come in starting, or in what it looks for; else room for it. */
export function Progress() {
  const progress = useStageState((s) => s.progress);
  const starting = useStageState((s) => s.phase === 'starting' && !s.died);
  if (!progress && !starting) return <div className="progress" />;
  const share = progress && progress.total > 0 ? Math.min(1, progress.done / progress.total) : 0;
  return (
    <div
      className="progress"
      role="progressbar"
      aria-label={progress?.text ?? say`Starting the machine`}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(share * 100)}
    >
      <i style={{ transform: `scaleX(${share})` }} />
    </div>
  );
}
