/** Control registers: SDM vol 3, 2.5. */
import type { Cpu } from './cpu.ts';
import { driveError } from './fpu.ts';
import { loadPdptes, loadsPdptes, pagesWithPae } from './pdptes.ts';
import { CR0_CD, CR0_DEFINED, CR0_ET, CR0_NE, CR0_NW, CR0_PE, CR0_PG, CR0_WP, CR4_PAE, CR4_PGE, CR4_PSE, GP, UD } from './registers.ts';
import { at } from './state.ts';
import { flushTlb, selectSpace } from './tlb.ts';

/** What MOV from CR and SMSW see; in guest mode the extension puts the shadow's bits in. */
export function controlRegister(cpu: Cpu, number: number): number {
  const s = cpu.s;
  let value: number;
  if (number === 0) value = s[at.cr0];
  else if (number === 2) return s[at.cr2];
  else if (number === 3) value = s[at.cr3];
  else if (number === 4) value = s[at.cr4];
  else return cpu.raise(UD);
  return s[at.guest] !== 0 && cpu.virt !== null ? cpu.virt.visibleCr(cpu, number, value) : value;
}

/** Bits whose change empties the TLBs (SDM vol 3, 11.9). */
const CR0_FLUSHES = CR0_PG | CR0_PE;
const CR4_FLUSHES = CR4_PSE | CR4_PAE | CR4_PGE;
/** Bits whose change loads the PDPTE registers, if there is PAE paging then (4.4.1). */
const CR0_LOADS = CR0_CD | CR0_NW | CR0_PG;
const CR4_LOADS = CR4_PSE | CR4_PAE | CR4_PGE;

/** #GP(0) for reserved bits in a PDPTE, and then nothing has changed. */
function loadEntries(cpu: Cpu, cr3: number): void {
  if (loadsPdptes(cpu) && !loadPdptes(cpu, cr3)) cpu.raise(GP, 0);
}

/** #GP(0) for combinations of bits that cannot be. */
export function checkCr0(cpu: Cpu, value: number): void {
  if ((value & CR0_PG) !== 0 && (value & CR0_PE) === 0) cpu.raise(GP, 0);
  if ((value & CR0_NW) !== 0 && (value & CR0_CD) === 0) cpu.raise(GP, 0);
  if (cpu.virt?.fixedBitsViolated(cpu, 0, value)) cpu.raise(GP, 0);
}

/** Writes CR0; undefined bits are ignored. */
export function writeCr0(cpu: Cpu, value: number): void {
  const s = cpu.s;
  const old = s[at.cr0];
  checkCr0(cpu, value);
  const next = (value & CR0_DEFINED) | CR0_ET;
  const changed = old ^ next;
  if ((changed & CR0_LOADS) !== 0 && pagesWithPae(next, s[at.cr4])) loadEntries(cpu, s[at.cr3]);
  s[at.cr0] = next;
  if ((changed & CR0_FLUSHES) !== 0) flushTlb(cpu, false);
  if ((changed & CR0_PG) !== 0) selectSpace(cpu);
  if ((changed & CR0_WP) !== 0) cpu.translation.drop();
  if ((changed & CR0_NE) !== 0) driveError(cpu);
  if (changed !== 0) cpu.events.control('CR0', old, next);
}

export function writeCr3(cpu: Cpu, value: number): void {
  const s = cpu.s;
  const old = s[at.cr3];
  if (pagesWithPae(s[at.cr0], s[at.cr4])) loadEntries(cpu, value);
  s[at.cr3] = value;
  flushTlb(cpu, true);
  cpu.events.control('CR3', old, value);
}

/** #GP(0) for reserved bits. */
export function checkCr4(cpu: Cpu, value: number): void {
  if ((value & ~cpu.profile.cr4) !== 0) cpu.raise(GP, 0);
  if (cpu.virt?.fixedBitsViolated(cpu, 4, value)) cpu.raise(GP, 0);
}

export function writeCr4(cpu: Cpu, value: number): void {
  const s = cpu.s;
  const old = s[at.cr4];
  checkCr4(cpu, value);
  const changed = old ^ value;
  if ((changed & CR4_LOADS) !== 0 && pagesWithPae(s[at.cr0], value)) loadEntries(cpu, s[at.cr3]);
  s[at.cr4] = value;
  if ((changed & CR4_FLUSHES) !== 0) flushTlb(cpu, false);
  if (changed !== 0) cpu.events.control('CR4', old, value);
}
