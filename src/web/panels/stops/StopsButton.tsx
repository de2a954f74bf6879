import { say } from '../../../lib/say.ts';
import { useStage, useStageState } from '../../ui/hooks.ts';

/** Opens and closes the list of stops. */
export function StopsButton() {
  const { controller } = useStage();
  const open = useStageState((s) => s.stopsShown);
  const number = useStageState((s) => s.frame?.view.stops.length ?? 0);
  return (
    <button type="button" className="quiet" aria-expanded={open} onClick={() => controller.showStops(!open)}>
      {number > 0 ? say`stops (${number})` : say`stops`}
    </button>
  );
}
