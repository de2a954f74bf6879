/** From segment and offset to physical memory, entry by entry, for the address that matters now. */

import { type PeekedEntry, type PeekedWalk, peekLinear, peekTlb } from '../../cpu/peek.ts';
import { CR0_PG } from '../../cpu/registers.ts';
import { at } from '../../cpu/state.ts';
import { bits, names } from '../../lib/bits.ts';
import { say, told } from '../../lib/say.ts';
import type { Standpoint } from '../../trace/recent.ts';
import type { Stage } from '../stage.ts';
import type { WalkEntry, WalkView, WalkWish } from '../views.ts';
import { follow } from './accesses.ts';

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

/** An address, and how it is used. */
export interface Sought {
  readonly linear: number;
  /** A fetch, or data. */
  readonly code: boolean;
  /** Of the TLB; undefined: as it is now. */
  readonly hit?: boolean;
}

/** Where an address leads now, by the tables in use; whose they are. */
export type Way = Omit<WalkView, 'what' | 'segment' | 'offset' | 'base' | 'linear' | 'choices' | 'chosen'>;

/** The way of an address in virtual machine `vm`, as the processor would go it now. */
export function wayOf({ machine, images, inner, vms }: Stage, vm: number, { linear, code, hit }: Sought): Way {
  const { cpu, ram } = machine;
  const { s } = cpu;
  const paged = (s[at.cr0] & CR0_PG) !== 0;
  const walk = peekLinear(cpu, linear);
  const known = paged && hit !== false ? peekTlb(cpu, linear, code) : -1;
  const found = known >= 0 ? known : walk.physical;
  const guest = images.guestWalk(vm, linear);
  const outer = inner > 0 && vm > 0 ? inner : vm;
  const guestPhysical = walk.guestPhysical ?? (found >= 0 ? images.guestPhysical(outer, found) : (guest?.physical ?? -1));
  const memory = images.memoryOf(outer);
  const isNested = s[at.nestedFormat] !== 0;
  const isShadowed = memory !== null && !images.direct;
  const parts = Array.from({ length: vms }, (_, k) => images.memoryOf(k + 1)).filter((part) => part !== null);
  return {
    guestPhysical: vm > 0 && guestPhysical >= 0 ? guestPhysical : null,
    physical: found < 0 ? null : found,
    walked: isNested ? 'nested' : isShadowed ? 'shadow' : 'own',
    entries: walk.entries.map(describe),
    nestedEntries: nestedOf(walk.nested),
    references: referencesOf(walk),
    guestEntries: (guest?.entries ?? []).map(describe),
    fault: found >= 0 ? '' : faultOf(isNested, guestPhysical, isShadowed),
    tlbHit: known >= 0,
    guestSize: memory?.size ?? 0,
    ramSize: ram.size,
    parts,
  };
}

/** An address that can be followed. */
export interface Followed {
  readonly id: string;
  readonly name: string;
  readonly what: string;
  /** `DS`; empty without one. */
  readonly segment: string;
  readonly offset: number;
  readonly base: number;
  readonly linear: number;
  readonly way: Way;
}

/** The instruction the processor stands at. */
function fetched(stage: Stage, { linear, vm }: Standpoint): Followed {
  const { s } = stage.machine.cpu;
  return {
    id: 'fetch',
    name: say`instruction`,
    what: say`the instruction at CS:EIP`,
    segment: 'CS',
    offset: s[at.eip] >>> 0,
    base: s[at.csBase] >>> 0,
    linear,
    way: wayOf(stage, vm, { linear, code: true }),
  };
}

/** @param accesses those of the step at hand, in their order */
export function walkView(stage: Stage, here: Standpoint, accesses: readonly Followed[], wish: WalkWish): WalkView | null {
  const hasEnded = stage.machine.end !== null;
  const isTyped = wish !== null && 'offset' in wish;
  if (hasEnded && !isTyped) return null;
  const fetch = fetched(stage, here);
  const all = hasEnded ? [] : [fetch, ...accesses];
  const { id: chosen, name: _, way, ...followed } = follow(stage, here, [fetch, ...accesses], wish);
  return { ...followed, ...way, choices: all.map(({ id, name }) => ({ id, name })), chosen };
}
