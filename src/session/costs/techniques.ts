/** The techniques side by side: whatever keeps its monitor when the guest runs. */
import { MONITORS } from '../monitors.ts';
import { TECHNIQUES } from '../scenarios.ts';
import type { Paging, Vmm } from '../views.ts';

export interface Way {
  /** `none`, `translate`, `vtx-shadow`, `vtx-nested` */
  readonly id: string;
  /** `VT-x, shadow paging` */
  readonly title: string;
  readonly vmm: Vmm;
  readonly paging?: Paging;
}

const PAGING: Readonly<Record<Paging, string>> = { shadow: 'shadow paging', nested: 'nested paging' };

const keeps = (vmm: Vmm): boolean => vmm === 'none' || MONITORS[vmm].kernels !== 'ring 0';

/** Bare metal first. */
export const WAYS: readonly Way[] = Object.values(TECHNIQUES)
  .filter(({ id }) => keeps(id))
  .flatMap(({ id, title, pagings }): readonly Way[] =>
    pagings.length === 0
      ? [{ id, title, vmm: id }]
      : pagings.map((paging) => ({ id: `${id}-${paging}`, title: `${title}, ${PAGING[paging]}`, vmm: id, paging })),
  );
