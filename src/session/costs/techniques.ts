/** The techniques side by side: whatever keeps its monitor when the guest runs, and has that guest for its own. */
import { MONITORS } from '../monitors.ts';
import { TECHNIQUES } from '../scenarios.ts';
import type { Paging, Technique, Vmm } from '../views.ts';

export interface Way {
  /** `none`, `translate`, `vtx-shadow`, `vtx-traced`, `vtx-nested` */
  readonly id: string;
  /** `VT-x, nested paging` */
  readonly title: string;
  readonly vmm: Vmm;
  readonly paging?: Paging;
  readonly traced?: true;
}

const keeps = (vmm: Vmm): boolean => vmm === 'none' || (MONITORS[vmm].kernels !== 'ring 0' && MONITORS[vmm].twice !== true);

/** Shadow tables that forget as a TLB does, shadow tables that are kept, and none. */
const pagingWays = ({ id, title }: Technique): readonly Way[] => [
  { id: `${id}-shadow`, title: `${title}, shadow tables as a TLB`, vmm: id, paging: 'shadow' },
  { id: `${id}-traced`, title: `${title}, shadow tables kept and traced`, vmm: id, paging: 'shadow', traced: true },
  { id: `${id}-nested`, title: `${title}, nested paging`, vmm: id, paging: 'nested' },
];

/** Bare metal first. */
export const WAYS: readonly Way[] = Object.values(TECHNIQUES)
  .filter(({ id }) => keeps(id))
  .flatMap((technique): readonly Way[] =>
    technique.pagings.length === 0 ? [{ id: technique.id, title: technique.title, vmm: technique.id }] : pagingWays(technique),
  );
