/**
 * What the processor derives from its TLBs so that most accesses need one comparison. Nothing here is state: dropping it at any
 * moment changes no future.
 *
 * A tag is the linear page it serves, or NEVER. Supervisor accesses use tags 0 to TLB_SIZE - 1, user accesses the next TLB_SIZE.
 * A read tag says: this page is in the TLB, may be read, and is RAM. A write tag says besides: may be written, its dirty bit is set, and
 * the page needs nothing before the store (no decoded code, already written since the last checkpoint).
 */
import type { PhysicalMemory } from './bus.ts';
import { Slots } from './slots.ts';
import { ITLB_SIZE, TLB_SIZE, tlbAt } from './state.ts';

/** Bit 2 is never set in a page address masked for alignment, so this matches nothing. */
const NEVER = 4;

export class Translation {
  readonly readTag = new Int32Array(2 * TLB_SIZE).fill(NEVER);
  readonly writeTag = new Int32Array(2 * TLB_SIZE).fill(NEVER);
  /** Physical address of the page. */
  readonly page = new Int32Array(TLB_SIZE);
  readonly codeTag = new Int32Array(2 * ITLB_SIZE).fill(NEVER);
  readonly codePage = new Int32Array(ITLB_SIZE);
  /** Slots with an entry in the TLB, or with a tag here. */
  readonly filled = new Slots(TLB_SIZE);
  readonly codeFilled = new Slots(ITLB_SIZE);
  /** Some entries may be fragments of large pages. */
  holdsLargePages = false;
  /** TLB_SIZE at CPL 3, else 0. */
  userSlots = 0;
  /** ITLB_SIZE at CPL 3, else 0. */
  userCodeSlots = 0;
  private readonly s: Int32Array;
  private readonly pages: number;

  /** @param s the arena, as doublewords */
  constructor(s: Int32Array, memory: PhysicalMemory) {
    this.s = s;
    this.pages = memory.size >>> 12;
  }

  isRam(physical: number): boolean {
    return physical >>> 12 < this.pages;
  }

  setCpl(cpl: number): void {
    this.userSlots = cpl === 3 ? TLB_SIZE : 0;
    this.userCodeSlots = cpl === 3 ? ITLB_SIZE : 0;
  }

  dropSlot(slot: number): void {
    this.readTag[slot] = NEVER;
    this.readTag[slot + TLB_SIZE] = NEVER;
    this.writeTag[slot] = NEVER;
    this.writeTag[slot + TLB_SIZE] = NEVER;
  }

  dropCodeSlot(slot: number): void {
    this.codeTag[slot] = NEVER;
    this.codeTag[slot + ITLB_SIZE] = NEVER;
  }

  /** A page has become one that stores must not reach unseen. */
  dropWrites(): void {
    for (let k = 0; k < this.filled.count; k++) {
      const slot = this.filled.at(k);
      this.writeTag[slot] = NEVER;
      this.writeTag[slot + TLB_SIZE] = NEVER;
    }
  }

  /** What the TLBs hold, or whom it serves, has changed. */
  drop(): void {
    for (let k = 0; k < this.filled.count; k++) this.dropSlot(this.filled.at(k));
    for (let k = 0; k < this.codeFilled.count; k++) this.dropCodeSlot(this.codeFilled.at(k));
  }

  /** The arena is another. */
  renew(): void {
    this.drop();
    this.holdsLargePages = true;
    renewSlots(this.filled, this.s, tlbAt.tags, TLB_SIZE);
    renewSlots(this.codeFilled, this.s, tlbAt.codeTags, ITLB_SIZE);
  }
}

function renewSlots(filled: Slots, s: Int32Array, tags: number, size: number): void {
  filled.clear();
  for (let slot = 0; slot < size; slot++) if (s[tags + slot] !== 0) filled.add(slot);
}
