import { useEffect, useRef } from 'react';
import type { PartRequest, PartView } from '../../../session/views.ts';
import { useStage, useStageState } from '../../ui/hooks.ts';

/** The part of the view that a panel shows; it comes with each frame as long as the panel is there. Null until the first has come. */
export function usePart<P extends PartView['part']>(request: Extract<PartRequest, { part: P }>): Extract<PartView, { part: P }> | null {
  const { controller } = useStage();
  const key = JSON.stringify(request);
  const asked = useRef<PartRequest>(request);
  asked.current = request;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key is the request
  useEffect(() => controller.showPart(asked.current), [controller, key]);
  useEffect(() => () => controller.showPart(null), [controller]);
  const shown = useStageState((s) => s.frame?.view.part ?? null);
  return shown?.part === request.part ? (shown as Extract<PartView, { part: P }>) : null;
}
