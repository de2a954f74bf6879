/** What a reader predicted on the way, and a line that says it to whoever grades. It proves nothing: it is as honest as who copies it. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { crc32 } from '../../lib/crc32.ts';
import type { Frame, StageState, StageStore } from '../store/store.ts';

export interface Answered {
  readonly step: number;
  /** Ids of options. */
  readonly chosen: string;
  readonly answer: string;
}

export interface Completion {
  readonly score: number;
  readonly max: number;
  /** docs/embedding.md has its form. */
  readonly record: string;
}

export type Answers = StoreApi<readonly Answered[]>;

/** Keeps the first answer to the question of each step, for as long as the same machine runs. */
export function keepAnswers(stage: StageStore): Answers {
  const answers: Answers = createStore<readonly Answered[]>(() => []);
  const same = (a: Frame | null, b: Frame | null) =>
    a?.scenario === b?.scenario && a?.source === b?.source && a?.vmm === b?.vmm && a?.view.paging === b?.view.paging;
  stage.subscribe(({ outcome, frame }, before) => {
    if (frame && before.frame && !same(frame, before.frame)) answers.setState([], true);
    if (outcome === before.outcome || !outcome?.chosen) return;
    const { n, answer } = outcome.question;
    const known = answers.getState();
    if (!known.some(({ step }) => step === n)) answers.setState([...known, { step: n, chosen: outcome.chosen, answer }], true);
  });
  return answers;
}

/** The machine has ended, or the last page of a lesson has asked what it asks. */
export function isOver({ frame, lesson, outcome }: Pick<StageState, 'frame' | 'lesson' | 'outcome'>): boolean {
  if (lesson === null) return frame?.view.ended ?? false;
  const { pages } = lesson.lesson;
  return lesson.page === pages.length - 1 && (pages.at(-1)?.predict == null || outcome !== null);
}

/** Null before there is an answer. */
export function completion(answers: readonly Answered[], { scenario, source, vmm, view: { paging } }: Frame): Completion | null {
  if (answers.length === 0) return null;
  const score = answers.filter(({ chosen, answer }) => chosen === answer).length;
  const max = answers.length;
  const what = source === null ? scenario : `program:${crc32(source)}`;
  const each = [...answers].sort((a, b) => a.step - b.step).map(({ step, chosen, answer }) => `${step}:${chosen}/${answer}`);
  const line = ['rm1-record', 'v=1', what, paging === null ? vmm : `${vmm}/${paging}`, `${score}/${max}`, ...each].join(' ');
  return { score, max, record: `${line} ${crc32(line)}` };
}
