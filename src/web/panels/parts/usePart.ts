import { useEffect } from 'react';
import type { PartRequest, PartView } from '../../../session/views.ts';
import { useStage, useStageState } from '../../ui/hooks.ts';

/** The part of the view that a panel shows; it comes with each frame as long as the panel is there. Null until the first has come. */
export function usePart<P extends PartView['part']>(request: Extract<PartRequest, { part: P }>): Extract<PartView, { part: P }> | null {
  const { controller } = useStage();
  useEffect(() => controller.showPart(request));
  useEffect(() => () => controller.showPart(null), [controller]);
  const shown = useStageState((s) => s.frame?.view.part ?? null);
  return shown?.part === request.part ? (shown as Extract<PartView, { part: P }>) : null;
}
