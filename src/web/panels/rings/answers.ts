/** Answers that are pointed at in the ring diagram. */
import { type Cell, cellPath, machinePath } from '../../../figures/rings-cells.ts';
import { planRings, type RingsPlan, type RingsSize } from '../../../figures/rings-plan.ts';
import type { OptionView, RingsView } from '../../../session/views.ts';

/** A place of the diagram and the options that mean it, in their order. */
export interface AnswerPlace {
  readonly path: string;
  readonly options: readonly OptionView[];
  /** The virtual machine all of whose rings it is; null: it is one ring. */
  readonly whole: number | null;
}

/** Where the options lie in a diagram of this size: whole machines first, so that their single rings lie above them. */
export function answerPlaces(options: readonly OptionView[], rings: RingsView, size: RingsSize): readonly AnswerPlace[] {
  const plan = planRings(rings, size);
  const places = new Map<string, AnswerPlace>();
  const add = (path: string, whole: number | null, option: OptionView) =>
    places.set(path, { path, whole, options: [...(places.get(path)?.options ?? []), option] });
  const isWhole = (option: OptionView, { vm }: Cell) => option.id === `vm${vm}` && vm !== plan.inner?.vm;
  for (const option of options) if (option.hot && isWhole(option, option.hot)) add(machinePath(plan, option.hot.vm), option.hot.vm, option);
  for (const option of options) if (option.hot && !isWhole(option, option.hot)) add(cellPath(plan, option.hot), null, option);
  return [...places.values()];
}

/** What a ring answers: an option that means it, or one that means its machine; null when none does. */
export function placeOf(places: readonly AnswerPlace[], plan: RingsPlan, cell: Cell): AnswerPlace | null {
  const path = cellPath(plan, cell);
  return places.find((place) => place.path === path) ?? places.find(({ whole }) => whole === cell.vm) ?? null;
}

/** Pointing at a place again means the next of its options. */
export function nextAnswer({ options }: AnswerPlace, chosen: string | null): OptionView {
  return options[(options.findIndex(({ id }) => id === chosen) + 1) % options.length]!;
}
