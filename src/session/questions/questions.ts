/** Questions about the coming step of any program: the answer is what the machine does when it takes it. */
import type { Stage } from '../stage.ts';
import type { QuestionKind, QuestionView, QuestionWish, RingsView } from '../views.ts';
import { bitQuestion } from './bit.ts';
import type { Draft } from './draft.ts';
import { exitQuestion } from './exit.ts';
import { forecast } from './forecast.ts';
import { reasonQuestion } from './reason.ts';
import { vectorQuestion } from './vector.ts';
import { whoQuestion } from './who.ts';

/** The kind that was asked at each step. */
export type AskedBefore = Map<number, QuestionKind>;

/** Every question that can be asked before the next step, the most telling first. */
export function questionsAt(stage: Stage, rings: RingsView, misconception = ''): readonly Draft[] {
  const coming = forecast(stage);
  if (coming === null) return [];
  return [
    whoQuestion(coming, rings, misconception),
    exitQuestion(coming, misconception),
    vectorQuestion(coming, misconception),
    bitQuestion(coming, misconception),
    reasonQuestion(coming, misconception),
  ]
    .filter((draft) => draft !== null)
    .sort((a, b) => b.telling - a.telling);
}

/** The question of the wished kind, else the most telling one that is not of the kind asked last; null when nothing is worth it. */
export function ask(stage: Stage, rings: RingsView, { kind, misconception }: QuestionWish, before: AskedBefore): QuestionView | null {
  const drafts = questionsAt(stage, rings, misconception);
  const { n } = stage.machine;
  const chosen = kind === null ? mostTelling(drafts, before, n) : (drafts.find((draft) => draft.kind === kind) ?? null);
  if (chosen === null) return null;
  if (kind === null) before.set(n, chosen.kind);
  const { telling: _, ...question } = chosen;
  return { n, ...question };
}

/** A step is asked about as it was before; else another kind than at the last step before it that was asked about. */
function mostTelling(drafts: readonly Draft[], before: AskedBefore, n: number): Draft | null {
  const worth = drafts.filter(({ telling }) => telling > 0);
  const again = worth.find(({ kind }) => kind === before.get(n));
  if (again !== undefined) return again;
  const earlier = Math.max(-1, ...[...before.keys()].filter((step) => step < n));
  return worth.find(({ kind }) => kind !== before.get(earlier)) ?? worth[0] ?? null;
}
