/**
 * The translation lookaside buffers: SDM vol 3, 4.10 and 28.3; AMD64 manual vol 2, 15.16.
 *
 * What they hold belongs to an address space: to a VPID or ASID, and on Intel's processors to the EPT tables that were in use. A tag has room
 * for a small number that stands for the space; which, the arena's list of spaces says. Space 0 is that of the host, and of everything without
 * VPIDs and nested tables. A space that is needed and not in the list takes the place of another, in turn.
 */
import type { Cpu } from './cpu.ts';
import { CR0_PG, CR4_PGE } from './registers.ts';
import type { Slots } from './slots.ts';
import { at, ITLB_SIZE, SPACES, TLB_SIZE, tlbAt } from './state.ts';
import { FORMAT_EPT } from './walk/formats.ts';

/* TLB entry: physical page 31:12, user 0, writable 1, may be written without a walk 2, global 3, fragment of a page of 4 MiB 4 or 2 MiB 5. */
export const TLB_US = 1 << 0;
export const TLB_RW = 1 << 1;
export const TLB_D = 1 << 2;
export const TLB_G = 1 << 3;
export const TLB_4M = 1 << 4;
export const TLB_2M = 1 << 5;
/* Tag: linear page 31:12, space 8:1, valid 0. */
export const TLB_VALID = 1;
export const TLB_SPACE_SHIFT = 1;
const PAGE = 0xfffff000 | 0;

/** In place of a VPID: guest-physical mappings, which EPT without paging in the guest leaves. */
const GUEST_PHYSICAL = -1;
const EVERY_SPACE = -1;

const spaceOf = (tag: number): number => (tag >>> TLB_SPACE_SHIFT) & (SPACES - 1);

/** Number of the space of VPID or ASID `id` under the EPT tables at `root`, as a tag has it. */
function findSpace(cpu: Cpu, id: number, root: number): number {
  const { s } = cpu;
  for (let n = 0; n < SPACES; n++) if (s[tlbAt.spaceIds + n] === id && s[tlbAt.spaceRoots + n] === root) return n;
  const n = 1 + (s[at.nextSpace] % (SPACES - 1));
  s[at.nextSpace] = n;
  invalidate(cpu, 1 << n, false);
  s[tlbAt.spaceIds + n] = id;
  s[tlbAt.spaceRoots + n] = root;
  return n;
}

/** After a change of CR0.PG or of the address space: which tags count. */
export function selectSpace(cpu: Cpu): void {
  const { s } = cpu;
  const isEpt = s[at.nestedFormat] === FORMAT_EPT;
  const id = isEpt && (s[at.cr0] & CR0_PG) === 0 ? GUEST_PHYSICAL : s[at.spaceId];
  s[at.space] = findSpace(cpu, id, isEpt ? (s[at.nestedRoot] & PAGE) | 1 : 0) << TLB_SPACE_SHIFT;
  cpu.translation.drop();
}

/**
 * VM entry or VMRUN, CR0 being the guest's already.
 *
 * @param id VPID or ASID, 0 for none
 * @param format FORMAT_EPT or another number of `TableFormats`, 0 without nested tables
 * @param root bits 31:0 of the EPT pointer or of nCR3
 */
export function enterSpace(cpu: Cpu, id: number, format: number, root: number): void {
  const { s } = cpu;
  s[at.spaceId] = id;
  s[at.nestedFormat] = format;
  s[at.nestedRoot] = format === 0 ? 0 : root;
  selectSpace(cpu);
}

/** VM exit: back to VPID or ASID 0, without nested tables. */
export function leaveSpace(cpu: Cpu): void {
  enterSpace(cpu, 0, 0, 0);
}

/** Bits for the spaces of a VPID or ASID, under whatever EPT tables. */
function spacesOfId(cpu: Cpu, id: number): number {
  let mask = 0;
  for (let n = 0; n < SPACES; n++) if (cpu.s[tlbAt.spaceIds + n] === id) mask |= 1 << n;
  return mask;
}

/** Empties what the spaces of `mask` have. */
function invalidate(cpu: Cpu, mask: number, keepGlobal: boolean): void {
  const { filled, codeFilled } = cpu.translation;
  cpu.translation.drop();
  clear(cpu.s, filled, tlbAt.tags, tlbAt.entries, mask, keepGlobal);
  clear(cpu.s, codeFilled, tlbAt.codeTags, tlbAt.codeEntries, mask, keepGlobal);
  if (filled.count === 0 && codeFilled.count === 0) cpu.translation.holdsLargePages = false;
}

function clear(s: Int32Array, filled: Slots, tags: number, entries: number, mask: number, keepGlobal: boolean): void {
  for (let k = filled.count - 1; k >= 0; k--) {
    const slot = filled.at(k);
    const tag = s[tags + slot];
    if (tag !== 0 && (((mask >>> spaceOf(tag)) & 1) === 0 || (keepGlobal && (s[entries + slot] & TLB_G) !== 0))) continue;
    s[tags + slot] = 0;
    s[entries + slot] = 0;
    filled.remove(k);
  }
}

/** Empties the TLBs of the current VPID or ASID; global entries stay if asked (SDM vol 3, 4.10.4.1). */
export function flushTlb(cpu: Cpu, keepGlobal: boolean): void {
  flushId(cpu, cpu.s[at.spaceId], keepGlobal && (cpu.s[at.cr4] & CR4_PGE) !== 0);
}

/** The same for any VPID or ASID. */
export function flushId(cpu: Cpu, id: number, keepGlobal: boolean): void {
  invalidate(cpu, spacesOfId(cpu, id), keepGlobal);
}

/** Every VPID but 0. */
export function flushOtherIds(cpu: Cpu): void {
  let mask = 0;
  for (let n = 0; n < SPACES; n++) if (cpu.s[tlbAt.spaceIds + n] > 0) mask |= 1 << n;
  invalidate(cpu, mask, false);
}

/** Everything, in every space. */
export function flushAll(cpu: Cpu): void {
  invalidate(cpu, EVERY_SPACE, false);
}

/** Guest-physical and combined mappings of the EPT tables at `root`, whichever the VPID. */
export function flushEpt(cpu: Cpu, root: number): void {
  const key = (root & PAGE) | 1;
  let mask = 0;
  for (let n = 0; n < SPACES; n++) if (cpu.s[tlbAt.spaceRoots + n] === key) mask |= 1 << n;
  invalidate(cpu, mask, false);
}

/** Guest-physical and combined mappings of all EPT tables. */
export function flushEveryEpt(cpu: Cpu): void {
  let mask = 0;
  for (let n = 0; n < SPACES; n++) if (cpu.s[tlbAt.spaceRoots + n] !== 0) mask |= 1 << n;
  invalidate(cpu, mask, false);
}

/** INVLPG in the current VPID or ASID. */
export function invalidatePage(cpu: Cpu, linear: number): void {
  invalidatePageOf(cpu, cpu.s[at.spaceId], linear);
}

/** A page's entries, global or not, and every fragment of a large page around it, in a VPID or ASID. */
export function invalidatePageOf(cpu: Cpu, id: number, linear: number): void {
  const { filled, codeFilled, holdsLargePages } = cpu.translation;
  const mask = spacesOfId(cpu, id);
  const page = linear >>> 12;
  clearPage(cpu, page & (TLB_SIZE - 1), mask, linear);
  clearCodePage(cpu, page & (ITLB_SIZE - 1), mask, linear);
  if (!holdsLargePages) return;
  for (let k = 0; k < filled.count; k++) clearPage(cpu, filled.at(k), mask, linear);
  for (let k = 0; k < codeFilled.count; k++) clearCodePage(cpu, codeFilled.at(k), mask, linear);
}

const pageMask = (entry: number): number => ((entry & TLB_4M) !== 0 ? 0xffc00000 : (entry & TLB_2M) !== 0 ? 0xffe00000 : PAGE);

const maps = (tag: number, entry: number, mask: number, linear: number): boolean =>
  tag !== 0 && ((mask >>> spaceOf(tag)) & 1) !== 0 && ((tag ^ linear) & pageMask(entry)) === 0;

function clearPage({ s, translation }: Cpu, slot: number, mask: number, linear: number): void {
  if (!maps(s[tlbAt.tags + slot], s[tlbAt.entries + slot], mask, linear)) return;
  s[tlbAt.tags + slot] = 0;
  s[tlbAt.entries + slot] = 0;
  translation.dropSlot(slot);
}

function clearCodePage({ s, translation }: Cpu, slot: number, mask: number, linear: number): void {
  if (!maps(s[tlbAt.codeTags + slot], s[tlbAt.codeEntries + slot], mask, linear)) return;
  s[tlbAt.codeTags + slot] = 0;
  s[tlbAt.codeEntries + slot] = 0;
  translation.dropCodeSlot(slot);
}
