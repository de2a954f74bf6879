/**
 * Images of RAM that share what did not change between them.
 *
 * An image is a table of blocks, a block a table of pages; both are immutable once captured. Capturing copies the pages written since the last
 * capture or restore and the tables above them, nothing else. A page of zeros is always the one `ZERO` page.
 */

import { PAGE_CLEAN } from '../cpu/bus.ts';
import { Hash } from '../lib/hash.ts';
import type { Ram } from './ram.ts';

/** Pages of a block: 1 MiB. */
const BLOCK = 256;
const BLOCK_SHIFT = 8;
const WORDS = 1024;

interface Page {
  readonly words: Int32Array;
  /** Contribution of the content to the hash, once `hashed`. */
  lo: number;
  hi: number;
  hashed: boolean;
}

interface Block {
  readonly pages: readonly Page[];
  /** Sum over the pages, once `hashed`. */
  lo: number;
  hi: number;
  hashed: boolean;
}

export interface RamImage {
  readonly blocks: readonly Block[];
  /** Pages copied for this image that its predecessor does not have: what it adds to memory. */
  readonly copied: number;
}

const ZERO: Page = { words: new Int32Array(WORDS), lo: 0, hi: 0, hashed: true };
const ZERO_BLOCK: Block = { pages: new Array<Page>(BLOCK).fill(ZERO), lo: 0, hi: 0, hashed: true };

const hash = new Hash();

/** Captures and restores one RAM. */
export class PageStore {
  #ram: Ram;
  /** What RAM holds, but for the touched pages. */
  #current: RamImage;
  #changed: Int32Array;

  /** `ram` is new: all zeros, or written through `touch` only. */
  constructor(ram: Ram) {
    this.#ram = ram;
    this.#current = { blocks: new Array<Block>(Math.ceil(ram.pages / BLOCK)).fill(ZERO_BLOCK), copied: 0 };
    this.#changed = new Int32Array(ram.pages);
  }

  /** The image captured or restored last. */
  get current(): RamImage {
    return this.#current;
  }

  /** An image of RAM now. Every page is clean afterwards. */
  capture(): RamImage {
    const ram = this.#ram;
    if (ram.touched === 0) return this.#current;
    const blocks = this.#current.blocks.slice();
    const fresh = new Map<number, Page[]>();
    let copied = 0;
    for (let i = 0; i < ram.touched; i++) {
      const page = ram.touchedPages[i];
      const b = page >> BLOCK_SHIFT;
      let pages = fresh.get(b);
      if (pages === undefined) {
        pages = blocks[b].pages.slice();
        fresh.set(b, pages);
      }
      const copy = copyOf(ram.dwords, page);
      if (copy !== ZERO) copied++;
      pages[page & (BLOCK - 1)] = copy;
    }
    for (const [b, pages] of fresh) blocks[b] = { pages, lo: 0, hi: 0, hashed: false };
    ram.clean();
    this.#current = { blocks, copied };
    return this.#current;
  }

  /**
   * Brings RAM to what it was when `image` was captured and returns the pages it wrote, so that the processor can drop what it decoded there.
   * The list is valid until the next call.
   */
  restore(image: RamImage): Int32Array {
    const ram = this.#ram;
    const changed = this.#changed;
    let count = 0;
    for (let i = 0; i < ram.touched; i++) {
      const page = ram.touchedPages[i];
      ram.dwords.set(pageOf(image, page).words, page * WORDS);
      changed[count++] = page;
    }
    const before = this.#current.blocks;
    for (let b = 0; b < before.length; b++) {
      const old = before[b];
      const now = image.blocks[b];
      if (old === now) continue;
      for (let k = 0; k < BLOCK; k++) {
        if (old.pages[k] === now.pages[k]) continue;
        const page = (b << BLOCK_SHIFT) + k;
        if ((ram.state[page] & PAGE_CLEAN) === 0) continue;
        ram.dwords.set(now.pages[k].words, page * WORDS);
        changed[count++] = page;
      }
    }
    ram.clean();
    this.#current = image;
    return changed.subarray(0, count);
  }

  /** Adds the hash of RAM as it is now to `into`, without capturing it: only pages written since then are read. */
  hash(into: Hash): void {
    let lo = 0;
    let hi = 0;
    this.#current.blocks.forEach((block, b) => {
      if (!block.hashed) hashBlock(block, b << BLOCK_SHIFT);
      lo = (lo + block.lo) | 0;
      hi = (hi + block.hi) | 0;
    });
    const ram = this.#ram;
    for (let i = 0; i < ram.touched; i++) {
      const page = ram.touchedPages[i];
      mix(pageOf(this.#current, page), page);
      lo = (lo - hash.lo) | 0;
      hi = (hi - hash.hi) | 0;
      mixWords(ram.dwords, page * WORDS, page);
      lo = (lo + hash.lo) | 0;
      hi = (hi + hash.hi) | 0;
    }
    into.word(lo).word(hi).word(ram.pages);
  }
}

function pageOf(image: RamImage, page: number): Page {
  return image.blocks[page >> BLOCK_SHIFT].pages[page & (BLOCK - 1)];
}

function isZero(words: Int32Array, from: number): boolean {
  for (let i = from; i < from + WORDS; i++) if (words[i] !== 0) return false;
  return true;
}

function copyOf(words: Int32Array, page: number): Page {
  const from = page * WORDS;
  if (isZero(words, from)) return ZERO;
  return { words: words.slice(from, from + WORDS), lo: 0, hi: 0, hashed: false };
}

function hashBlock(block: Block, first: number): void {
  let lo = 0;
  let hi = 0;
  block.pages.forEach((page, k) => {
    if (page === ZERO) return;
    mix(page, first + k);
    lo = (lo + hash.lo) | 0;
    hi = (hi + hash.hi) | 0;
  });
  block.lo = lo;
  block.hi = hi;
  block.hashed = true;
}

/** What `page` adds to the sum, as page `index` of RAM, into `hash.lo` and `hash.hi`. Pages of zeros add nothing. */
function mix(page: Page, index: number): void {
  if (page === ZERO) {
    hash.lo = 0;
    hash.hi = 0;
    return;
  }
  if (!page.hashed) {
    hash.reset().words(page.words).finish();
    page.lo = hash.lo;
    page.hi = hash.hi;
    page.hashed = true;
  }
  hash.reset().word(index).word(page.lo).word(page.hi).finish();
}

function mixWords(words: Int32Array, from: number, index: number): void {
  if (isZero(words, from)) {
    hash.lo = 0;
    hash.hi = 0;
    return;
  }
  hash
    .reset()
    .words(words, from, from + WORDS)
    .finish();
  const lo = hash.lo;
  const hi = hash.hi;
  hash.reset().word(index).word(lo).word(hi).finish();
}
