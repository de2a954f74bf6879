/** From segment and offset to physical memory, entry by entry, for the address that matters now. */

import { type PeekedEntry, type PeekedWalk, peekLinear, peekTlb } from '../../cpu/peek.ts';
import { CR0_PG } from '../../cpu/registers.ts';
import { at } from '../../cpu/state.ts';
import { bits, names } from '../../lib/bits.ts';
import { say, told } from '../../lib/say.ts';
import type { Standpoint } from '../../trace/recent.ts';
import type { Stage } from '../stage.ts';
import type { WalkEntry, WalkView } from '../views.ts';

const ENTRY = bits(`
  0    P    present
  1    R/W  writable
  2    U/S  user
  3    PWT  write-through
  4    PCD  cache disabled
  5    A    accessed
  6    D    dirty
  7    PS   large page
  8    G    global
`);

/* An entry of EPT tables; it is present when any of bits 2:0 is 1. */
const EPT_ENTRY = bits(`
  0    R    read
  1    W    write
  2    X    fetch
  7    PS   large page
  8    A    accessed
  9    D    dirty
`);
const EPT_PRESENT = 7;

const isEpt = (table: string): boolean => table.startsWith('EPT ');

function flagsOf(table: string, value: number): string {
  if (isEpt(table)) return (value & EPT_PRESENT) === 0 ? say`not present` : names(EPT_ENTRY, value & 0x387).join(' ');
  return (value & 1) === 0 ? say`not present` : names(ENTRY, value & (table === 'page table' ? 0x17f : 0x1ff)).join(' ');
}

const shortOf = (table: string): string =>
  table.replace('page-directory-pointer table', 'PDPT').replace('page directory', 'PD').replace('page table', 'PT');

const describe = ({ table, index, address, value, nested }: PeekedEntry): WalkEntry => ({
  table: told(table),
  short: shortOf(table),
  index,
  address,
  value,
  flags: flagsOf(table, value),
  nested: nestedOf(nested),
});

/** Nested tables of AMD-V look as the host's own do, and so are named apart here. */
const nestedOf = (walk: PeekedWalk | undefined): readonly WalkEntry[] =>
  (walk?.entries ?? []).map((entry) => {
    const described = describe(entry);
    return isEpt(entry.table) ? described : { ...described, table: say`nested ${described.table}`, short: say`nested ${described.short}` };
  });

/** A walk reads every entry and, with nested paging, what leads to it. */
const referencesOf = ({ entries, nested }: PeekedWalk): number =>
  entries.reduce((sum, entry) => sum + (entry.address < 0 ? 0 : 1) + (entry.nested?.entries.length ?? 0), 0) +
  (nested?.entries.length ?? 0);

/** Why the walk ends without a page. */
function faultOf(isNested: boolean, guestPhysical: number, isShadowed: boolean): string {
  if (isNested)
    return guestPhysical >= 0 ? say`not in the nested tables: it leaves the guest` : say`not present in the guest’s tables: page fault`;
  return guestPhysical >= 0 && isShadowed ? say`not in the shadow tables yet: page fault` : say`not present: page fault`;
}

/** The walk of the instruction the processor stands at. */
export function walkView(stage: Stage, here: Standpoint): WalkView | null {
  const { machine, images, vms } = stage;
  const { cpu, ram } = machine;
  const { s } = cpu;
  const { linear, vm } = here;
  if (machine.end !== null) return null;
  const paged = (s[at.cr0] & CR0_PG) !== 0;
  const walk = peekLinear(cpu, linear);
  const tlb = paged ? peekTlb(cpu, linear, true) : -1;
  const physical = tlb >= 0 ? tlb : walk.physical;
  const guest = images.guestWalk(vm, linear);
  const outer = stage.inner > 0 && vm > 0 ? stage.inner : vm;
  const guestPhysical = walk.guestPhysical ?? (physical >= 0 ? images.guestPhysical(outer, physical) : (guest?.physical ?? -1));
  const memory = images.memoryOf(outer);
  const isNested = s[at.nestedFormat] !== 0;
  const parts = Array.from({ length: vms }, (_, k) => images.memoryOf(k + 1)).filter((part) => part !== null);
  return {
    what: say`the instruction at CS:EIP`,
    segment: 'CS',
    offset: s[at.eip] >>> 0,
    linear,
    guestPhysical: vm > 0 && guestPhysical >= 0 ? guestPhysical : null,
    physical: physical < 0 ? null : physical,
    walked: isNested ? 'nested' : memory !== null && !images.direct ? 'shadow' : 'own',
    entries: walk.entries.map(describe),
    nestedEntries: nestedOf(walk.nested),
    references: referencesOf(walk),
    guestEntries: (guest?.entries ?? []).map(describe),
    fault: physical >= 0 ? '' : faultOf(isNested, guestPhysical, memory !== null && !images.direct),
    tlbHit: tlb >= 0,
    guestSize: memory?.size ?? 0,
    ramSize: ram.size,
    parts,
  };
}
