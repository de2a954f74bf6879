import type { Lesson } from '../../lessons/lesson.ts';
import type { LinkState } from '../app/link.ts';
import type { Frame, StageState } from './store.ts';

/** Whether the machine was assembled with changes of sources. */
export const isChanged = ({ frame }: Pick<StageState, 'frame'>): boolean => frame !== null && frame.setup.edits.length > 0;

/** Whether what is changed or typed in the machine at hand is another than its link or file brought: then the reader has had a part in it. */
export function isOwn({ frame, linked }: Pick<StageState, 'frame' | 'linked'>): boolean {
  if (frame === null || linked === null || linked.by === 'here') return true;
  const { edits, inputs } = frame.setup;
  return JSON.stringify([edits, inputs]) !== JSON.stringify([linked.edits, linked.inputs]);
}

/** The link to a page of a lesson, from 0. */
export function lessonLink({ id, from }: Lesson, page: number): Partial<LinkState> {
  if (from === undefined) return { lesson: id, page: page + 1 };
  if (!('path' in from)) return { file: from, page: page + 1 };
  return { [from.path.endsWith('.json') ? 'scenario' : 'lesson']: from.path, page: page + 1 };
}

/** The link to what a frame shows. */
export function frameLink({ scenario, source, vmm, chosenVms, view, setup }: Frame) {
  const paging = view.paging === 'nested' ? view.paging : null;
  return { scenario, source, vmm, paging, vms: chosenVms, ...setup, step: view.n } satisfies Partial<LinkState>;
}
