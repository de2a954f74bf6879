/** Answers that are pointed at in the ring diagram. */
import { cellPath, machinePath } from '../../../figures/rings-cells.ts';
import { planRings, type RingsSize } from '../../../figures/rings-plan.ts';
import type { OptionView, RingsView } from '../../../session/views.ts';

/** A place of the diagram and the options that mean it, in their order. */
export interface AnswerPlace {
  readonly path: string;
  readonly options: readonly OptionView[];
}

/** Where the options lie in a diagram of this size: whole machines first, so that their single rings lie above them. */
export function answerPlaces(options: readonly OptionView[], rings: RingsView, size: RingsSize): readonly AnswerPlace[] {
  const plan = planRings(rings, size);
  const places = new Map<string, OptionView[]>();
  const add = (path: string, option: OptionView) => places.set(path, [...(places.get(path) ?? []), option]);
  for (const option of options)
    if (option.hot && option.id === `vm${option.hot.vm}` && option.hot.vm !== plan.inner?.vm) add(machinePath(plan, option.hot.vm), option);
  for (const option of options)
    if (option.hot && (option.id !== `vm${option.hot.vm}` || option.hot.vm === plan.inner?.vm)) add(cellPath(plan, option.hot), option);
  return [...places].map(([path, meant]) => ({ path, options: meant }));
}

/** Pointing at a place again means the next of its options. */
export function nextAnswer({ options }: AnswerPlace, chosen: string | null): OptionView {
  return options[(options.findIndex(({ id }) => id === chosen) + 1) % options.length]!;
}
