/** The techniques side by side: whatever keeps its monitor when the guest runs, and has that guest for its own. */
import { say, told } from '../../lib/say.ts';
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

const plainWay = ({ id, title }: Technique): Way => ({
  id,
  get title() {
    return told(title);
  },
  vmm: id,
});

/** Shadow tables that forget as a TLB does, shadow tables that are kept, and none. */
const pagingWays = ({ id, title }: Technique): readonly Way[] => [
  {
    id: `${id}-shadow`,
    get title() {
      return say`${told(title)}, shadow tables as a TLB`;
    },
    vmm: id,
    paging: 'shadow',
  },
  {
    id: `${id}-traced`,
    get title() {
      return say`${told(title)}, shadow tables kept and traced`;
    },
    vmm: id,
    paging: 'shadow',
    traced: true,
  },
  {
    id: `${id}-nested`,
    get title() {
      return say`${told(title)}, nested paging`;
    },
    vmm: id,
    paging: 'nested',
  },
];

/** Bare metal first. */
export const WAYS: readonly Way[] = Object.values(TECHNIQUES)
  .filter(({ id }) => keeps(id))
  .flatMap((technique): readonly Way[] => (technique.pagings.length === 0 ? [plainWay(technique)] : pagingWays(technique)));
