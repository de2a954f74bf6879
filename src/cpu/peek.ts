/** Looking at memory as a debugger does: nothing changes, nothing faults. */
import type { Cpu } from './cpu.ts';
import { PDE_PS, PTE_P } from './paging.ts';
import { CR0_PG, CR4_PSE } from './registers.ts';
import { at, ITLB_SIZE, TLB_SIZE, tlbAt } from './state.ts';

const PAGE = 0xfffff000 | 0;
const VALID = 1;

/** One table entry on the way from a linear to a physical address. */
export interface PeekedEntry {
  readonly table: 'page directory' | 'page table';
  readonly index: number;
  /** Physical address of the entry. */
  readonly address: number;
  readonly value: number;
}

export interface PeekedWalk {
  readonly entries: readonly PeekedEntry[];
  /** -1 when an entry is not present. */
  readonly physical: number;
  readonly large: boolean;
}

/** A doubleword of RAM; all ones outside. */
export const peekPhysical32 = (cpu: Cpu, address: number): number =>
  address >>> 0 < cpu.memory.size - 3
    ? cpu.memory.bytes[address >>> 0] |
      (cpu.memory.bytes[(address >>> 0) + 1] << 8) |
      (cpu.memory.bytes[(address >>> 0) + 2] << 16) |
      (cpu.memory.bytes[(address >>> 0) + 3] << 24)
    : -1;

/** Walks 32-bit page tables that start at `directory`. */
export const peekWalk = (cpu: Cpu, directory: number, linear: number, pse: boolean): PeekedWalk =>
  walkTables((address) => peekPhysical32(cpu, address), directory, linear, pse);

/** The same where `read` gives the doublewords: a guest's tables in its own memory. */
export function walkTables(read: (address: number) => number, directory: number, linear: number, pse: boolean): PeekedWalk {
  const address = (directory & PAGE) | ((linear >>> 20) & 0xffc);
  const value = read(address);
  const entries: PeekedEntry[] = [{ table: 'page directory', index: linear >>> 22, address: address >>> 0, value: value >>> 0 }];
  if ((value & PTE_P) === 0) return { entries, physical: -1, large: false };
  if (pse && (value & PDE_PS) !== 0) return { entries, physical: ((value & 0xffc00000) | (linear & 0x003fffff)) >>> 0, large: true };
  const leafAddress = (value & PAGE) | ((linear >>> 10) & 0xffc);
  const leaf = read(leafAddress);
  entries.push({ table: 'page table', index: (linear >>> 12) & 0x3ff, address: leafAddress >>> 0, value: leaf >>> 0 });
  return { entries, physical: (leaf & PTE_P) === 0 ? -1 : ((leaf & PAGE) | (linear & 0xfff)) >>> 0, large: false };
}

/** The TLB's answer for a linear address, or -1; code and data have TLBs of their own. */
export function peekTlb(cpu: Cpu, linear: number, code: boolean): number {
  const { s } = cpu;
  const slot = (linear >>> 12) & ((code ? ITLB_SIZE : TLB_SIZE) - 1);
  if (s[(code ? tlbAt.codeTags : tlbAt.tags) + slot] !== ((linear & PAGE) | VALID)) return -1;
  return ((s[(code ? tlbAt.codeEntries : tlbAt.entries) + slot] & PAGE) | (linear & 0xfff)) >>> 0;
}

/** Physical address of a linear one as the processor would find it now, or -1. */
export function peekTranslate(cpu: Cpu, linear: number, code: boolean): number {
  const { s } = cpu;
  if ((s[at.cr0] & CR0_PG) === 0) return linear >>> 0;
  const known = peekTlb(cpu, linear, code);
  return known >= 0 ? known : peekWalk(cpu, s[at.cr3], linear, (s[at.cr4] & CR4_PSE) !== 0).physical;
}

/**
 * Up to `length` bytes at a linear address; shorter where a page is missing or outside RAM.
 *
 * @param translate physical address of a linear one, or -1
 */
export function peekBytes(cpu: Cpu, linear: number, length: number, translate: (linear: number) => number): Uint8Array {
  const { bytes, size } = cpu.memory;
  const first = Math.min(length, 0x1000 - (linear & 0xfff));
  const physical = translate(linear);
  if (physical < 0 || physical >= size) return new Uint8Array(0);
  if (first === length) return bytes.slice(physical, physical + length);
  const rest = peekBytes(cpu, (linear + first) | 0, length - first, translate);
  const result = new Uint8Array(first + rest.length);
  result.set(bytes.subarray(physical, physical + first));
  result.set(rest, first);
  return result;
}
