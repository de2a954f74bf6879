import type { LinkState } from '../app/link.ts';
import type { Frame, StageState } from './store.ts';

/** Whether the machine was assembled with the reader's changes, which no link carries. */
export const isChanged = ({ changes }: Pick<StageState, 'changes'>): boolean => Object.keys(changes).length > 0;

/** The link to the step that a frame shows; of a changed machine to its start, since the step would be another one there. */
export function frameLink({ scenario, source, vmm, chosenVms, view }: Frame, changed = false): Partial<LinkState> {
  return { scenario, source, vmm, paging: view.paging === 'nested' ? 'nested' : null, vms: chosenVms, step: changed ? null : view.n };
}
