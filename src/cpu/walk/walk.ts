/** The walk: from a table's address down to the page, whatever the format. */
import { FETCH, isMisconfigured, PDE_PS, READ, rightsOf, type TableFormat, USER, WRITE } from './formats.ts';

/** How a walk ended. */
export const FOUND = 0;
export const NOT_PRESENT = 1;
export const RESERVED = 2;
export type WalkEnd = typeof FOUND | typeof NOT_PRESENT | typeof RESERVED;

const DEPTH = 4;
const EVERYTHING = READ | WRITE | FETCH | USER;
export const TWO_32 = 4294967296;
/** In place of a linear address where none is translated. */
export const NO_LINEAR = TWO_32;
/** Bits 51:32 of an entry in its upper half. */
const ADDRESS_HIGH = 0xfffff;

/** Physical address that an entry holds in bits 51:12. */
export const entryAddress = (low: number, high: number): number => ((low & 0xfffff000) >>> 0) + (high & ADDRESS_HIGH) * TWO_32;

/** The 4 KiB page of `address` within a page of 2^shift bytes. */
function largePage(format: TableFormat, shift: number, low: number, high: number, address: number): number {
  const start = ((low & (-1 << shift)) | (address & ~(-1 << shift) & ~0xfff)) >>> 0;
  return start + ((high & ADDRESS_HIGH) + ((low >>> 13) & format.pse36)) * TWO_32;
}

/**
 * One walk at a time. What it found stays until the next: entry by entry, from the root on, where each lies and what it holds. Addresses are
 * numbers up to 2^52.
 */
export abstract class Walk {
  readonly addresses = new Float64Array(DEPTH);
  readonly lows = new Int32Array(DEPTH);
  readonly highs = new Int32Array(DEPTH);
  /** The first and the last entry read. */
  first = 0;
  depth = 0;
  /** What all entries allow together, once the walk has found a page. */
  rights = 0;
  /** Physical address of the 4 KiB page. */
  page = 0;
  /** Bits that are set in every entry that has an accessed flag. */
  common = 0;
  /** The page that the last entry maps is of 2^shift bytes. */
  shift = 0;

  /** A doubleword of physical memory. */
  protected abstract read(physical: number): number;

  /** Physical address of an entry whose address in its tables' own terms is given. */
  protected abstract place(address: number, depth: number): number;

  /**
   * Walks from level `first`, whose table lies at `root`.
   *
   * @param address what is to be translated, not negative
   */
  descend(format: TableFormat, root: number, first: number, address: number): WalkEnd {
    const { levels, width, present } = format;
    const last = levels.length - 1;
    const { addresses, lows, highs } = this;
    let table = root;
    let rights = EVERYTHING;
    let common = -1;
    this.first = first;
    for (let depth = first; ; depth++) {
      const level = levels[depth];
      const { shift } = level;
      const index = address < TWO_32 ? (shift < 32 ? (address >>> shift) & level.indexMask : 0) : (address / 2 ** shift) & level.indexMask;
      const place = this.place(table + index * width, depth);
      const low = this.read(place);
      const high = width === 8 ? this.read(place + 4) : 0;
      addresses[depth] = place;
      lows[depth] = low;
      highs[depth] = high;
      this.depth = depth;
      if ((low & present) === 0) {
        this.rights = 0;
        return NOT_PRESENT;
      }
      const large = level.large && (low & PDE_PS) !== 0;
      if ((low & (large ? level.largeLow : level.reservedLow)) !== 0 || (high & (large ? level.largeHigh : level.reservedHigh)) !== 0)
        return RESERVED;
      if (format.ept && isMisconfigured(format, low, large || depth === last)) return RESERVED;
      if (!level.plain) {
        rights &= rightsOf(format, low, high);
        common &= low;
      }
      if (large || depth === last) {
        this.shift = shift;
        this.rights = rights;
        this.common = common;
        this.page = large ? largePage(format, shift, low, high, address) : entryAddress(low, high);
        return FOUND;
      }
      table = entryAddress(low, high);
    }
  }
}
