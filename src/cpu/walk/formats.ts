/** What translation tables look like, as data: SDM vol 3, 4.3 (32-bit), 4.4 (PAE), 28.2.2 (EPT). */
import { worded } from '../../lib/say.ts';
import type { Profile } from '../profile-parts.ts';

/*
 * Entry of a page directory or page table. The upper half exists with PAE.
 *
 *   63  62           N  N-1                          12 11  9  8  7  6  5   4   3   2   1  0
 *   [XD][  reserved  ][ physical address of table or page ][avail][G][PS][D][A][PCD][PWT][U/S][R/W][P]
 */
export const PTE_P = 1 << 0;
export const PTE_RW = 1 << 1;
export const PTE_US = 1 << 2;
export const PTE_A = 1 << 5;
export const PTE_D = 1 << 6;
export const PDE_PS = 1 << 7;
export const PTE_G = 1 << 8;
/** In the upper half. */
export const PTE_XD_HIGH = 1 << 31;

/*
 * Entry of an EPT paging structure. Memory type and the bit that ignores the PAT are those of entries that map a page.
 *
 *   63  62  52 51      N  N-1                   12 11 10 9  8  7   6      5         3  2  1  0
 *   [   ignored ][reserved][ physical address of table or page ][-][D][A][PS][ignore PAT][memory type][X][W][R]
 */
const EPT_RWX = 7;
const EPT_WRITE = 1 << 1;
const EPT_FETCH_ONLY = 1 << 2;
const EPT_TYPE_SHIFT = 3;
const EPT_TABLE_RESERVED = 0xf8;
const EPT_A = 1 << 8;
const EPT_D = 1 << 9;
/** Memory types UC, WC, WT, WP and WB. */
const MEMORY_TYPES = 0b1110011;

/** What an access needs, and what the entries on its way allow. */
export const READ = 1 << 0;
export const WRITE = 1 << 1;
export const FETCH = 1 << 2;
export const USER = 1 << 3;

/** The entries of one level of tables. */
export interface TableLevel {
  readonly table: string;
  /** One entry is for 2^shift bytes of addresses. */
  readonly shift: number;
  readonly indexMask: number;
  /** An entry with bit 7 set maps a page of that size. */
  readonly large: boolean;
  /** Entries say nothing of rights and have no accessed flag. */
  readonly plain: boolean;
  /** Bits that must be 0, in entries with and without a large page. */
  readonly reservedLow: number;
  readonly reservedHigh: number;
  readonly largeLow: number;
  readonly largeHigh: number;
}

export interface TableFormat {
  readonly name: string;
  /** From the root on; the last maps pages of 4 KiB. */
  readonly levels: readonly TableLevel[];
  /** Bytes of an entry. */
  readonly width: 4 | 8;
  readonly ept: boolean;
  /** Bits of an entry of which one at least is set if it is present. */
  readonly present: number;
  readonly accessed: number;
  readonly dirty: number;
  /** Bits 31:0 of the register that holds the address of the first table. */
  readonly rootMask: number;
  /** Entries may forbid instruction fetches. */
  readonly nx: boolean;
  /** Mask for bits 39:32 of the address of a 4 MiB page, which its entry has in bits 20:13. */
  readonly pse36: number;
  /** EPT entries may allow fetches without reads. */
  readonly executeOnly: boolean;
}

const NONE = { large: false, plain: false, reservedLow: 0, reservedHigh: 0, largeLow: 0, largeHigh: 0 };
const ORDINARY = { ept: false, present: PTE_P, accessed: PTE_A, dirty: PTE_D, executeOnly: false, pse36: 0 };
/** PDPTEs: bits 8:5 and 2:1. */
export const PDPTE_RESERVED = 0x1e6;

/** In the upper half of an entry, bits `top` down to the physical-address width. */
const above = (physicalBits: number, top: number): number => (2 ** (top - 31) - 1) & ~(2 ** (physicalBits - 32) - 1);

function narrow(physicalBits: number, pse: boolean, pse36: boolean): TableFormat {
  const wide = pse36 ? Math.min(physicalBits, 40) - 32 : 0;
  const address = (1 << wide) - 1;
  return {
    ...ORDINARY,
    name: pse ? '32-bit with 4 MiB pages' : '32-bit',
    width: 4,
    rootMask: 0xfffff000 | 0,
    nx: false,
    pse36: address,
    levels: [
      { ...NONE, table: worded('page directory'), shift: 22, indexMask: 0x3ff, large: pse, largeLow: 0x3fe000 & ~(address << 13) },
      { ...NONE, table: worded('page table'), shift: 12, indexMask: 0x3ff },
    ],
  };
}

function pae(physicalBits: number, nx: boolean): TableFormat {
  const high = above(physicalBits, 62) | (nx ? 0 : PTE_XD_HIGH);
  const reserved = { reservedHigh: high, largeHigh: high };
  return {
    ...ORDINARY,
    name: nx ? 'PAE with execute-disable' : 'PAE',
    width: 8,
    rootMask: 0xffffffe0 | 0,
    nx,
    levels: [
      {
        ...NONE,
        table: worded('page-directory-pointer table'),
        shift: 30,
        indexMask: 3,
        plain: true,
        reservedLow: PDPTE_RESERVED,
        reservedHigh: above(physicalBits, 63),
      },
      { ...NONE, table: worded('page directory'), shift: 21, indexMask: 0x1ff, large: true, largeLow: 0x1fe000, ...reserved },
      { ...NONE, table: worded('page table'), shift: 12, indexMask: 0x1ff, ...reserved },
    ],
  };
}

/* IA32_VMX_EPT_VPID_CAP: execute-only 0, 1 GiB pages 17. */
const CAP_EXECUTE_ONLY = 1 << 0;
const CAP_1_GIB = 1 << 17;

function ept(physicalBits: number, capabilities: number): TableFormat {
  const gigabytes = (capabilities & CAP_1_GIB) !== 0;
  const high = above(physicalBits, 51);
  const level = { ...NONE, indexMask: 0x1ff, reservedHigh: high, largeHigh: high };
  return {
    name: 'EPT',
    width: 8,
    ept: true,
    present: EPT_RWX,
    accessed: EPT_A,
    dirty: EPT_D,
    rootMask: 0xfffff000 | 0,
    nx: true,
    pse36: 0,
    executeOnly: (capabilities & CAP_EXECUTE_ONLY) !== 0,
    levels: [
      { ...level, table: 'EPT PML4', shift: 39, reservedLow: EPT_TABLE_RESERVED },
      {
        ...level,
        table: worded('EPT page-directory-pointer table'),
        shift: 30,
        large: gigabytes,
        reservedLow: EPT_TABLE_RESERVED,
        largeLow: 0x3ffff000,
      },
      { ...level, table: worded('EPT page directory'), shift: 21, large: true, reservedLow: EPT_TABLE_RESERVED, largeLow: 0x1ff000 },
      { ...level, table: worded('EPT page table'), shift: 12 },
    ],
  };
}

/** Whether an EPT entry that is present asks for what there is not. */
export function isMisconfigured(format: TableFormat, low: number, mapsPage: boolean): boolean {
  const rights = low & EPT_RWX;
  if ((rights & READ) === 0 && ((rights & EPT_WRITE) !== 0 || (rights === EPT_FETCH_ONLY && !format.executeOnly))) return true;
  return mapsPage && ((MEMORY_TYPES >>> ((low >>> EPT_TYPE_SHIFT) & 7)) & 1) === 0;
}

/** What one entry allows. */
export function rightsOf(format: TableFormat, low: number, high: number): number {
  if (format.ept) return (low & EPT_RWX) | USER;
  return READ | (low & PTE_RW) | (format.nx && high < 0 ? 0 : FETCH) | ((low & PTE_US) << 1);
}

/** The formats of a processor. Numbers are those of `at.nestedFormat`, where 0 is none. */
export interface TableFormats {
  readonly plain: TableFormat;
  readonly pse: TableFormat;
  readonly pae: TableFormat;
  readonly paeNx: TableFormat;
  readonly numbered: readonly (TableFormat | null)[];
}

export const FORMAT_EPT = 1;
export const FORMAT_32 = 2;
export const FORMAT_PSE = 3;
export const FORMAT_PAE = 4;
export const FORMAT_PAE_NX = 5;

const EPT_VPID_CAP = 0x48c;
const CPUID_PSE36 = 1 << 17;

export function tableFormats({
  physicalBits,
  cpuid,
  constantMsrs,
}: Pick<Profile, 'physicalBits' | 'cpuid' | 'constantMsrs'>): TableFormats {
  const pse36 = ((cpuid.get(1)?.[3] ?? 0) & CPUID_PSE36) !== 0;
  const formats = {
    plain: narrow(physicalBits, false, pse36),
    pse: narrow(physicalBits, true, pse36),
    pae: pae(physicalBits, false),
    paeNx: pae(physicalBits, true),
  };
  const extended = ept(physicalBits, constantMsrs.get(EPT_VPID_CAP)?.[0] ?? 0);
  return { ...formats, numbered: [null, extended, formats.plain, formats.pse, formats.pae, formats.paeNx] };
}
