/** Looking at memory as a debugger does: nothing changes, nothing faults. */
import type { Cpu } from './cpu.ts';
import { tableFormat } from './paging.ts';
import { loadsPdptes } from './pdptes.ts';
import { CR0_PG, CR4_PAE } from './registers.ts';
import { at, ITLB_SIZE, TLB_SIZE, tlbAt } from './state.ts';
import { TLB_VALID } from './tlb.ts';
import { PTE_P, type TableFormat, type TableFormats, tableFormats } from './walk/formats.ts';
import { entryAddress, FOUND, TWO_32, Walk, type WalkEnd } from './walk/walk.ts';

const PAGE = 0xfffff000 | 0;

/** One table entry on the way from a linear to a physical address. */
export interface PeekedEntry {
  /** `page directory`, `page table`, `page-directory-pointer table`; of EPT `EPT PML4` and so on. */
  readonly table: string;
  readonly index: number;
  /** Physical address of the entry; guest-physical in a guest with nested tables; -1 for a PDPTE register. */
  readonly address: number;
  readonly value: number;
  /** Bits 63:32 of an entry of 8 bytes. */
  readonly high?: number;
  /** The walk through the nested tables to this entry. */
  readonly nested?: PeekedWalk;
}

export interface PeekedWalk {
  readonly entries: readonly PeekedEntry[];
  /** -1 when an entry is not present, or has reserved bits. */
  readonly physical: number;
  readonly large: boolean;
  /** With nested tables: what the guest's own give, or -1, and the walk from there. */
  readonly guestPhysical?: number;
  readonly nested?: PeekedWalk;
}

/** A doubleword of RAM; all ones outside. */
export const peekPhysical32 = (cpu: Cpu, address: number): number =>
  address >>> 0 < cpu.memory.size - 3
    ? cpu.memory.bytes[address >>> 0] |
      (cpu.memory.bytes[(address >>> 0) + 1] << 8) |
      (cpu.memory.bytes[(address >>> 0) + 2] << 16) |
      (cpu.memory.bytes[(address >>> 0) + 3] << 24)
    : -1;

/** A walk that only looks. */
class PeekWalk extends Walk {
  readonly nested: (PeekedWalk | undefined)[] = [];
  readonly guestAddresses: number[] = [];
  readonly #read: (physical: number) => number;
  readonly #nested: ((guestPhysical: number) => PeekedWalk) | null;

  constructor(read: (physical: number) => number, nested: ((guestPhysical: number) => PeekedWalk) | null = null) {
    super();
    this.#read = read;
    this.#nested = nested;
  }

  protected read(physical: number): number {
    if (physical < 0) return 0;
    return physical < TWO_32 ? this.#read(physical | 0) : -1;
  }

  protected place(address: number, depth: number): number {
    const nested = this.#nested?.(address);
    this.guestAddresses[depth] = address;
    this.nested[depth] = nested;
    if (nested === undefined) return address;
    return nested.physical < 0 ? -4096 : nested.physical;
  }

  /** What was read, from the root on. */
  entries(format: TableFormat, address: number): PeekedEntry[] {
    const entries: PeekedEntry[] = [];
    for (let depth = this.first; depth <= this.depth; depth++) {
      const { table, shift, indexMask } = format.levels[depth];
      const nested = this.nested[depth];
      entries.push({
        table,
        index: (address / 2 ** shift) & indexMask,
        address: this.guestAddresses[depth],
        value: this.lows[depth] >>> 0,
        ...(format.width === 8 ? { high: this.highs[depth] >>> 0 } : {}),
        ...(nested === undefined ? {} : { nested }),
      });
    }
    return entries;
  }

  result(format: TableFormat, end: WalkEnd, address: number): PeekedWalk {
    const entries = this.entries(format, address);
    if (end !== FOUND) return { entries, physical: -1, large: false };
    return { entries, physical: this.page + (address & 0xfff), large: this.shift > 12 };
  }
}

/** Walks 32-bit page tables that start at `directory`. */
export const peekWalk = (cpu: Cpu, directory: number, linear: number, pse: boolean): PeekedWalk =>
  walkTables((address) => peekPhysical32(cpu, address), directory, linear, pse, cpu.formats);

const PLAIN = tableFormats({ physicalBits: 32, cpuid: new Map(), constantMsrs: new Map() });

/** The same where `read` gives the doublewords: a guest's tables in its own memory. */
export function walkTables(
  read: (address: number) => number,
  directory: number,
  linear: number,
  pse: boolean,
  formats: TableFormats = PLAIN,
): PeekedWalk {
  const format = pse ? formats.pse : formats.plain;
  const walk = new PeekWalk(read);
  const end = walk.descend(format, (directory & PAGE) >>> 0, 0, linear >>> 0);
  return walk.result(format, end, linear >>> 0);
}

/** Walks the nested tables in use. */
export const peekNested = (cpu: Cpu, guestPhysical: number): PeekedWalk =>
  peekTables(cpu, cpu.s[at.nestedFormat], cpu.s[at.nestedRoot], guestPhysical);

/** Walks tables of one of the numbered formats, from the address in bits 31:0 of their root's register. */
export function peekTables(cpu: Cpu, number: number, root: number, address: number): PeekedWalk {
  const format = cpu.formats.numbered[number]!;
  const walk = new PeekWalk((physical) => peekPhysical32(cpu, physical));
  const end = walk.descend(format, (root & format.rootMask) >>> 0, 0, address);
  return walk.result(format, end, address);
}

/** The walk that the processor would make now, in its present mode; without entries where it makes none. */
export function peekLinear(cpu: Cpu, linear: number): PeekedWalk {
  const { s } = cpu;
  const isNested = s[at.nestedFormat] !== 0;
  const own = (s[at.cr0] & CR0_PG) === 0 ? { entries: [], physical: linear >>> 0, large: false } : peekOwn(cpu, linear, isNested);
  if (!isNested) return own;
  if (own.physical < 0) return { ...own, guestPhysical: -1 };
  const nested = peekNested(cpu, own.physical);
  return { ...own, physical: nested.physical, guestPhysical: own.physical, nested };
}

function peekOwn(cpu: Cpu, linear: number, isNested: boolean): PeekedWalk {
  const { s } = cpu;
  const format = tableFormat(cpu);
  const walk = new PeekWalk((address) => peekPhysical32(cpu, address), isNested ? (address) => peekNested(cpu, address) : null);
  const address = linear >>> 0;
  if ((s[at.cr4] & CR4_PAE) === 0 || !loadsPdptes(cpu))
    return walk.result(format, walk.descend(format, (s[at.cr3] & format.rootMask) >>> 0, 0, address), address);
  const index = address >>> 30;
  const low = s[at.pdpte0 + 2 * index];
  const high = s[at.pdpte0High + 2 * index];
  const register: PeekedEntry = { table: format.levels[0].table, index, address: -1, value: low >>> 0, high: high >>> 0 };
  if ((low & PTE_P) === 0) return { entries: [register], physical: -1, large: false };
  const rest = walk.result(format, walk.descend(format, entryAddress(low, high), 1, address), address);
  return { ...rest, entries: [register, ...rest.entries] };
}

/** The TLB's answer for a linear address in the present address space, or -1; code and data have TLBs of their own. */
export function peekTlb(cpu: Cpu, linear: number, code: boolean): number {
  const { s } = cpu;
  const slot = (linear >>> 12) & ((code ? ITLB_SIZE : TLB_SIZE) - 1);
  if (s[(code ? tlbAt.codeTags : tlbAt.tags) + slot] !== ((linear & PAGE) | s[at.space] | TLB_VALID)) return -1;
  return ((s[(code ? tlbAt.codeEntries : tlbAt.entries) + slot] & PAGE) | (linear & 0xfff)) >>> 0;
}

/** Physical address of a linear one as the processor would find it now, or -1. */
export function peekTranslate(cpu: Cpu, linear: number, code: boolean): number {
  const { s } = cpu;
  if ((s[at.cr0] & CR0_PG) === 0 && s[at.nestedFormat] === 0) return linear >>> 0;
  const known = peekTlb(cpu, linear, code);
  return known >= 0 ? known : peekLinear(cpu, linear).physical;
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
