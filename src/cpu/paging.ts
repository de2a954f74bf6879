/** Linear to physical: SDM vol 3, chapter 4 (32-bit paging) and 4.10 (TLBs). */

import type { Cpu } from './cpu.ts';
import { readPhysical32, writePhysical32 } from './physical.ts';
import { CR0_PG, CR0_WP, CR4_PGE, CR4_PSE, PFV } from './registers.ts';
import { INEXACT } from './signals.ts';
import { at, ITLB_SIZE, TLB_SIZE, tlbAt } from './state.ts';

/*
 * Page-directory and page-table entry, 4 KiB pages:
 *
 *   31                                12 11  9  8  7  6  5   4   3   2   1  0
 *   [ physical address of table or page ][avail][G][PS][D][A][PCD][PWT][U/S][R/W][P]
 */
export const PTE_P = 1 << 0;
export const PTE_RW = 1 << 1;
export const PTE_US = 1 << 2;
export const PTE_A = 1 << 5;
export const PTE_D = 1 << 6;
export const PDE_PS = 1 << 7;
export const PTE_G = 1 << 8;

/* Page-fault error code: P 0 (a protection violation, not a missing page), W/R 1, U/S 2. */
const PF_P = 1;
const PF_W = 2;
const PF_U = 4;

/* TLB entry: physical page 31:12, user 0, writable 1, dirty 2, global 3, fragment of a large page 4. Tag: linear page 31:12, valid 0. */
const TLB_US = 1 << 0;
const TLB_RW = 1 << 1;
const TLB_D = 1 << 2;
const TLB_G = 1 << 3;
const TLB_LARGE = 1 << 4;
const VALID = 1;
const PAGE = 0xfffff000 | 0;

function pageFault(cpu: Cpu, linear: number, errorCode: number): never {
  cpu.faultAddress = linear;
  return cpu.raise(PFV, errorCode);
}

const forbidden = (cpu: Cpu, entry: number, write: boolean, user: boolean): boolean =>
  user ? (entry & TLB_US) === 0 || (write && (entry & TLB_RW) === 0) : write && (entry & TLB_RW) === 0 && (cpu.s[at.cr0] & CR0_WP) !== 0;

/** Walks the tables, sets accessed and dirty bits, and returns a TLB entry; raises #PF. */
function walk(cpu: Cpu, linear: number, write: boolean, user: boolean): number {
  const s = cpu.s;
  const errorCode = (write ? PF_W : 0) | (user ? PF_U : 0);
  const directoryEntryAddress = (s[at.cr3] & PAGE) | ((linear >>> 20) & 0xffc);
  const directoryEntry = readPhysical32(cpu, directoryEntryAddress);
  if ((directoryEntry & PTE_P) === 0) pageFault(cpu, linear, errorCode);
  const large = (directoryEntry & PDE_PS) !== 0 && (s[at.cr4] & CR4_PSE) !== 0;
  let leaf = directoryEntry;
  let leafAddress = directoryEntryAddress;
  let both = directoryEntry;
  if (!large) {
    leafAddress = (directoryEntry & PAGE) | ((linear >>> 10) & 0xffc);
    leaf = readPhysical32(cpu, leafAddress);
    if ((leaf & PTE_P) === 0) pageFault(cpu, linear, errorCode);
    both &= leaf;
  } else if ((directoryEntry & 0x003fe000) !== 0) pageFault(cpu, linear, errorCode | PF_P | 8);
  let entry = (both & PTE_US ? TLB_US : 0) | (both & PTE_RW ? TLB_RW : 0);
  if (forbidden(cpu, entry, write, user)) pageFault(cpu, linear, errorCode | PF_P);
  if (!large && (directoryEntry & PTE_A) === 0) writePhysical32(cpu, directoryEntryAddress, directoryEntry | PTE_A);
  const marks = write ? PTE_A | PTE_D : PTE_A;
  if ((leaf & marks) !== marks) writePhysical32(cpu, leafAddress, leaf | marks);
  cpu.walked();
  if (write || (leaf & PTE_D) !== 0) entry |= TLB_D;
  if ((leaf & PTE_G) !== 0 && (s[at.cr4] & CR4_PGE) !== 0) entry |= TLB_G;
  return large ? (leaf & 0xffc00000) | (linear & 0x003ff000) | entry | TLB_LARGE : (leaf & PAGE) | entry;
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
  let physicalPage = page;
  let entry = TLB_US | TLB_RW | TLB_D;
  if ((s[at.cr0] & CR0_PG) !== 0) {
    entry = s[tlbAt.entries + slot];
    const hit = s[tlbAt.tags + slot] === (page | VALID) && !forbidden(cpu, entry, write, user) && (!write || (entry & TLB_D) !== 0);
    if (!hit) {
      s[tlbAt.tags + slot] = 0;
      t.dropSlot(slot);
      entry = walk(cpu, linear, write, user);
      s[tlbAt.tags + slot] = page | VALID;
      s[tlbAt.entries + slot] = entry;
    }
    physicalPage = entry & PAGE;
  }
  if (t.isRam(physicalPage) && (physicalPage | 1) !== s[at.apicAccessPage]) {
    const index = user ? slot + TLB_SIZE : slot;
    if (t.readTag[slot] !== page && t.readTag[slot + TLB_SIZE] !== page) t.dropSlot(slot);
    t.page[slot] = physicalPage;
    t.readTag[index] = page;
    if (write && cpu.memory.state[physicalPage >>> 12] === 0) t.writeTag[index] = page;
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
  let physicalPage = page;
  if ((s[at.cr0] & CR0_PG) !== 0) {
    let entry = s[tlbAt.codeEntries + slot];
    if (s[tlbAt.codeTags + slot] !== (page | VALID) || forbidden(cpu, entry, false, user)) {
      s[tlbAt.codeTags + slot] = 0;
      t.dropCodeSlot(slot);
      entry = walk(cpu, linear, false, user);
      s[tlbAt.codeTags + slot] = page | VALID;
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

/** Empties the TLBs; global entries stay if asked (SDM vol 3, 4.10.4.1). */
export function flushTlb(cpu: Cpu, keepGlobal: boolean): void {
  const s = cpu.s;
  if (keepGlobal && (s[at.cr4] & CR4_PGE) !== 0) {
    for (let slot = 0; slot < TLB_SIZE; slot++) if ((s[tlbAt.entries + slot] & TLB_G) === 0) dropEntry(s, tlbAt.tags, tlbAt.entries, slot);
    for (let slot = 0; slot < ITLB_SIZE; slot++)
      if ((s[tlbAt.codeEntries + slot] & TLB_G) === 0) dropEntry(s, tlbAt.codeTags, tlbAt.codeEntries, slot);
  } else s.fill(0, tlbAt.tags, tlbAt.end);
  cpu.translation.drop();
}

function dropEntry(s: Int32Array, tags: number, entries: number, slot: number): void {
  s[tags + slot] = 0;
  s[entries + slot] = 0;
}

/** INVLPG: the page's entries, and every fragment of a large page around it. */
export function invalidatePage(cpu: Cpu, linear: number): void {
  const s = cpu.s;
  const covers = (tag: number, entry: number): boolean =>
    tag !== 0 && (((tag ^ linear) & PAGE) === 0 || ((entry & TLB_LARGE) !== 0 && ((tag ^ linear) & 0xffc00000) === 0));
  for (let slot = 0; slot < TLB_SIZE; slot++)
    if (covers(s[tlbAt.tags + slot], s[tlbAt.entries + slot])) dropEntry(s, tlbAt.tags, tlbAt.entries, slot);
  for (let slot = 0; slot < ITLB_SIZE; slot++)
    if (covers(s[tlbAt.codeTags + slot], s[tlbAt.codeEntries + slot])) dropEntry(s, tlbAt.codeTags, tlbAt.codeEntries, slot);
  cpu.translation.drop();
}
