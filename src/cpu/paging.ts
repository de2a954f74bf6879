/** Linear to physical: SDM vol 3, chapter 4, and 28.2 where nested tables follow. */

import { watchesPage } from './breakpoints.ts';
import type { Cpu } from './cpu.ts';
import { loadsPdptes } from './pdptes.ts';
import { CR0_PG, CR0_WP, CR4_PAE, CR4_PGE, CR4_PSE, EFER_NXE, PFV } from './registers.ts';
import { INEXACT } from './signals.ts';
import { at, ITLB_SIZE, TLB_SIZE, tlbAt } from './state.ts';
import { TLB_2M, TLB_4M, TLB_D, TLB_G, TLB_RW, TLB_US, TLB_VALID } from './tlb.ts';
import { FETCH, PTE_D, PTE_G, PTE_P, READ, type TableFormat, USER, WRITE } from './walk/formats.ts';
import { entryAddress, FOUND, NOT_PRESENT, RESERVED, TWO_32, type WalkEnd } from './walk/walk.ts';

export { flushTlb, invalidatePage } from './tlb.ts';

/* Page-fault error code: P 0 (a protection violation, not a missing page), W/R 1, U/S 2, RSVD 3 (a reserved bit), I/D 4 (an instruction fetch). */
const PF_P = 1 << 0;
export const PF_W = 1 << 1;
export const PF_U = 1 << 2;
export const PF_RSVD = 1 << 3;
export const PF_ID = 1 << 4;

const PAGE = 0xfffff000 | 0;
const SHIFT_2M = 21;
const SHIFT_4M = 22;
/** A page below 4 GiB where no board has anything. It stands for every page above, where there is nothing either. */
const ABSENT_PAGE = 0xfef00000 | 0;

/** The entries' format by CR4 and EFER. */
export function tableFormat(cpu: Cpu): TableFormat {
  const { s, formats } = cpu;
  if ((s[at.cr4] & CR4_PAE) !== 0) return (s[at.efer] & EFER_NXE) !== 0 ? formats.paeNx : formats.pae;
  return (s[at.cr4] & CR4_PSE) !== 0 ? formats.pse : formats.plain;
}

/** #PF; `end` tells of the walk, FOUND that the page is there and protected. */
function pageFault(cpu: Cpu, format: TableFormat, linear: number, access: number, user: boolean, end: WalkEnd): never {
  cpu.faultAddress = linear;
  return cpu.raise(
    PFV,
    (end === NOT_PRESENT ? 0 : PF_P) |
      (access === WRITE ? PF_W : 0) |
      (user ? PF_U : 0) |
      (end === RESERVED ? PF_RSVD : 0) |
      (access === FETCH && format.nx ? PF_ID : 0),
  );
}

const forbidden = (cpu: Cpu, entry: number, write: boolean, user: boolean): boolean =>
  user ? (entry & TLB_US) === 0 || (write && (entry & TLB_RW) === 0) : write && (entry & TLB_RW) === 0 && (cpu.s[at.cr0] & CR0_WP) !== 0;

/** Whether MONITOR watches a line of this page: each store there is to be looked at. */
const isMonitored = (s: Int32Array, page: number): boolean => s[at.monitored] !== 0 && ((s[at.monitored] ^ page) & PAGE) === 0;

/** Whether linear addresses are those of physical memory. */
const isUntranslated = (s: Int32Array): boolean => (s[at.cr0] & CR0_PG) === 0 && s[at.nestedFormat] === 0;

/** Goes down the tables from CR3, or from a PDPTE register. */
function descend(cpu: Cpu, format: TableFormat, linear: number): WalkEnd {
  const { s } = cpu;
  const walk = cpu.linear;
  walk.linear = linear;
  if ((s[at.cr4] & CR4_PAE) === 0 || !loadsPdptes(cpu)) return walk.descend(format, (s[at.cr3] & format.rootMask) >>> 0, 0, linear >>> 0);
  const register = at.pdpte0 + 2 * (linear >>> 30);
  if ((s[register] & PTE_P) === 0) return NOT_PRESENT;
  return walk.descend(format, entryAddress(s[register], s[register + 1]), 1, linear >>> 0);
}

/** A TLB entry of the page at `address`, which is guest-physical where nested tables follow. */
function tlbEntry(cpu: Cpu, address: number, flags: number, access: number, linear: number): number {
  const { nested } = cpu;
  if (cpu.s[at.nestedFormat] === 0) {
    cpu.walked(0);
    return (address < TWO_32 ? address & PAGE : ABSENT_PAGE) | flags;
  }
  const physical = nested.translate(address + (linear & 0xfff), access, linear, true);
  cpu.walked(nested.references);
  return (physical < TWO_32 ? physical & PAGE : ABSENT_PAGE) | (nested.writable ? flags : flags & ~TLB_D);
}

/** Walks the tables, sets accessed and dirty flags, and returns a TLB entry; raises #PF. */
function walk(cpu: Cpu, linear: number, access: number, user: boolean): number {
  const { s } = cpu;
  cpu.nested.references = 0;
  if ((s[at.cr0] & CR0_PG) === 0) return tlbEntry(cpu, (linear & PAGE) >>> 0, TLB_US | TLB_RW | TLB_D, access, linear);
  const format = tableFormat(cpu);
  const end = descend(cpu, format, linear);
  if (end !== FOUND) pageFault(cpu, format, linear, access, user, end);
  const { rights, depth, shift, page } = cpu.linear;
  const write = access === WRITE;
  let flags = ((rights & USER) !== 0 ? TLB_US : 0) | ((rights & WRITE) !== 0 ? TLB_RW : 0);
  if (forbidden(cpu, flags, write, user) || (access === FETCH && (rights & FETCH) === 0))
    pageFault(cpu, format, linear, access, user, FOUND);
  cpu.linear.mark(format, write);
  const leaf = cpu.linear.lows[depth];
  if ((leaf & PTE_D) !== 0) flags |= TLB_D;
  if ((leaf & PTE_G) !== 0 && (s[at.cr4] & CR4_PGE) !== 0) flags |= TLB_G;
  if (shift === SHIFT_4M) flags |= TLB_4M;
  else if (shift === SHIFT_2M) flags |= TLB_2M;
  if ((flags & (TLB_4M | TLB_2M)) !== 0) cpu.translation.holdsLargePages = true;
  return tlbEntry(cpu, page, flags, access, linear);
}

/**
 * Physical address of a data access; raises #PF. Fills the TLB, and what is derived from it.
 *
 * @param user whether it counts as a user access: CPL 3, unless the processor itself reads a descriptor table or TSS
 */
export function translateData(cpu: Cpu, linear: number, write: boolean, user: boolean): number {
  const s = cpu.s;
  const t = cpu.translation;
  const slot = (linear >>> 12) & (TLB_SIZE - 1);
  const page = linear & PAGE;
  t.filled.add(slot);
  let physicalPage = page;
  let entry = TLB_US | TLB_RW | TLB_D;
  if (isUntranslated(s)) cpu.accessWatch?.translates(linear, write, user, false);
  else {
    const tag = page | s[at.space] | TLB_VALID;
    entry = s[tlbAt.entries + slot];
    const hit = s[tlbAt.tags + slot] === tag && !forbidden(cpu, entry, write, user) && (!write || (entry & TLB_D) !== 0);
    cpu.accessWatch?.translates(linear, write, user, hit);
    if (!hit) {
      s[tlbAt.tags + slot] = 0;
      t.dropSlot(slot);
      entry = walk(cpu, linear, write ? WRITE : READ, user);
      s[tlbAt.tags + slot] = tag;
      s[tlbAt.entries + slot] = entry;
    }
    physicalPage = entry & PAGE;
  }
  cpu.accessWatch?.translated(physicalPage | (linear & 0xfff));
  if (t.isRam(physicalPage) && (physicalPage | 1) !== s[at.apicAccessPage] && !watchesPage(s, linear) && cpu.accessWatch === null) {
    const index = user ? slot + TLB_SIZE : slot;
    if (t.readTag[slot] !== page && t.readTag[slot + TLB_SIZE] !== page) t.dropSlot(slot);
    t.page[slot] = physicalPage;
    t.readTag[index] = page;
    if (write && cpu.memory.state[physicalPage >>> 12] === 0 && !isMonitored(s, physicalPage)) t.writeTag[index] = page;
  } else if (!cpu.exact && !t.isRam(physicalPage)) throw INEXACT;
  return physicalPage | (linear & 0xfff);
}

/** Physical address of an instruction fetch; raises #PF. */
export function translateFetch(cpu: Cpu, linear: number): number {
  const s = cpu.s;
  const t = cpu.translation;
  const slot = (linear >>> 12) & (ITLB_SIZE - 1);
  const page = linear & PAGE;
  const user = t.userCodeSlots !== 0;
  if (t.codeTag[slot + t.userCodeSlots] === page) return t.codePage[slot] | (linear & 0xfff);
  t.codeFilled.add(slot);
  let physicalPage = page;
  if (!isUntranslated(s)) {
    const tag = page | s[at.space] | TLB_VALID;
    let entry = s[tlbAt.codeEntries + slot];
    if (s[tlbAt.codeTags + slot] !== tag || forbidden(cpu, entry, false, user)) {
      s[tlbAt.codeTags + slot] = 0;
      t.dropCodeSlot(slot);
      entry = walk(cpu, linear, FETCH, user);
      s[tlbAt.codeTags + slot] = tag;
      s[tlbAt.codeEntries + slot] = entry;
    }
    physicalPage = entry & PAGE;
  }
  if ((physicalPage | 1) === s[at.apicAccessPage]) cpu.virt?.apicAccess?.(cpu, linear & 0xfff, 1, 2);
  if (t.codePage[slot] !== physicalPage) t.dropCodeSlot(slot);
  t.codePage[slot] = physicalPage;
  t.codeTag[slot + t.userCodeSlots] = page;
  return physicalPage | (linear & 0xfff);
}
