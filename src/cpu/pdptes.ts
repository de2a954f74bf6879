/** The PDPTE registers of PAE paging: SDM vol 3, 4.4.1. */
import type { Cpu } from './cpu.ts';
import { readPhysical32 } from './physical.ts';
import { CR0_PG, CR4_PAE } from './registers.ts';
import { at } from './state.ts';
import { FORMAT_EPT, PDPTE_RESERVED, PTE_P, READ } from './walk/formats.ts';
import { NO_LINEAR } from './walk/walk.ts';

export const PDPTES = 4;

export const pagesWithPae = (cr0: number, cr4: number): boolean => (cr0 & CR0_PG) !== 0 && (cr4 & CR4_PAE) !== 0;

/**
 * Whether the entries are loaded into registers ahead of their use. In a guest with AMD's nested paging they are not, but read by each walk (AMD64
 * manual vol 2, 15.25.10).
 */
export const loadsPdptes = (cpu: Cpu): boolean => cpu.s[at.nestedFormat] === 0 || cpu.s[at.nestedFormat] === FORMAT_EPT;

const fetched = new Int32Array(2 * PDPTES);

/**
 * Reads the table at `cr3` into the registers. False when an entry that is present has reserved bits, and then nothing has changed. In a guest
 * with EPT the table's address is guest-physical; a violation leaves the guest.
 */
export function loadPdptes(cpu: Cpu, cr3: number): boolean {
  const table = (cr3 & 0xffffffe0) >>> 0;
  const physical = cpu.s[at.nestedFormat] === 0 ? table : cpu.nested.translate(table, READ, NO_LINEAR, false);
  for (let i = 0; i < 2 * PDPTES; i++) fetched[i] = readPhysical32(cpu, (physical + 4 * i) | 0);
  for (let i = 0; i < PDPTES; i++) if (isBadPdpte(cpu, fetched[2 * i], fetched[2 * i + 1])) return false;
  cpu.s.set(fetched, at.pdpte0);
  return true;
}

export const isBadPdpte = (cpu: Cpu, low: number, high: number): boolean =>
  (low & PTE_P) !== 0 && ((low & PDPTE_RESERVED) !== 0 || (high & ~(2 ** (cpu.profile.physicalBits - 32) - 1)) !== 0);
