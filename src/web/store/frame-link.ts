import type { LinkState } from '../app/link.ts';
import type { Frame } from './store.ts';

/** The link to the step that a frame shows. */
export function frameLink({ scenario, source, vmm, chosenVms, view }: Frame): Partial<LinkState> {
  return { scenario, source, vmm, paging: view.paging === 'nested' ? 'nested' : null, vms: chosenVms, step: view.n };
}
