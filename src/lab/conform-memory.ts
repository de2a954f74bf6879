/** Memory of the vectors over the whole system state: what was there, and what should be. */
import type { Cpu } from '../cpu/cpu.ts';
import { stackMask } from '../cpu/stack.ts';
import { at } from '../cpu/state.ts';
import { hex } from '../lib/hex.ts';
import { PAGE_SHIFT, PAGE_SIZE, type Ram } from '../machine/ram.ts';
import { bytesOf, type MemoryPiece, type Undefined } from './vectors.ts';

/** A stack by its segment's base; offsets wrap round in `mask`. */
export interface Stack {
  readonly base: number;
  readonly pointer: number;
  readonly mask: number;
}

export const currentStack = (cpu: Cpu): Stack => ({ base: cpu.s[at.ssBase], pointer: cpu.s[at.esp], mask: stackMask(cpu) });

/** What a delivery or a far transfer that faults may have written below a stack pointer: SDM vol 3, 6.12.1 leaves it open. */
const ABANDONED_FRAME = 192;

/** From virtual-8086 mode, with an error code. */
const LARGEST_FRAME = 40;

/** Whether an address lies in what a fault may have left below one of the stacks. */
const isAbandoned = (address: number, stacks: readonly Stack[]): boolean =>
  stacks.some(({ base, pointer, mask }) => {
    const below = (base + pointer - address) & mask;
    return below > 0 && below <= ABANDONED_FRAME;
  });

export class VectorMemory {
  private readonly ram: Ram;
  private readonly ranges: readonly (readonly [number, number])[];
  /** RAM as it is before a vector's own memory is laid over it. */
  private readonly base: Uint8Array;

  /** @param ranges of RAM that count; what lies between them is not there for the vectors */
  constructor(ram: Ram, ranges: readonly (readonly [number, number])[]) {
    this.ram = ram;
    this.ranges = ranges;
    this.base = ram.bytes.slice();
  }

  /** Takes back what the last vector did. */
  restore(): void {
    const { ram } = this;
    for (let k = 0; k < ram.touched; k++) {
      const start = ram.touchedPages[k] * PAGE_SIZE;
      ram.bytes.set(this.base.subarray(start, start + PAGE_SIZE), start);
    }
    ram.clean();
  }

  private touched(pieces: readonly MemoryPiece[]): Set<number> {
    const { ram } = this;
    const pages = new Set(ram.touchedPages.subarray(0, ram.touched));
    for (const [address, text] of pieces) for (let k = 0; k < text.length / 2; k++) pages.add((address + k) >>> PAGE_SHIFT);
    return pages;
  }

  /**
   * Adds each byte that differs to `differences`.
   *
   * @param abandoned stacks on which a frame that was given up may lie, or not: what is expected there need not be found
   * @param standing where the frame lies that stands, and must be found; null when none does
   */
  compare(
    vector: { readonly mem: readonly MemoryPiece[]; readonly final: { readonly mem?: readonly MemoryPiece[] }; readonly undef?: Undefined },
    abandoned: readonly Stack[],
    standing: number | null,
    differences: string[],
  ): void {
    const { mem, final, undef } = vector;
    const finals = final.mem ?? [];
    const masked = (address: number) => (undef?.mem ?? []).some(([from, length]) => address >= from && address < from + length);
    for (const number of this.touched([...mem, ...finals])) {
      const start = number * PAGE_SIZE;
      if (!this.ranges.some(([from, to]) => start >= from && start < to)) continue;
      const before = this.base.slice(start, start + PAGE_SIZE);
      layOver(before, start, mem);
      const expected = before.slice();
      layOver(expected, start, finals);
      for (let k = 0; k < PAGE_SIZE; k++) {
        const found = this.ram.bytes[start + k];
        if (found === expected[k] || masked(start + k)) continue;
        const stands = standing !== null && start + k >= standing && start + k < standing + LARGEST_FRAME;
        if (found === before[k] && !stands && isAbandoned(start + k, abandoned)) continue;
        differences.push(`byte at ${hex(start + k, 8)} is ${hex(found, 2)}, expected ${hex(expected[k], 2)}`);
      }
    }
  }
}

/** Puts the bytes of pieces where they lie in the page at `start`. */
function layOver(page: Uint8Array, start: number, pieces: readonly MemoryPiece[]): void {
  for (const [address, text] of pieces) {
    if (address >= start + PAGE_SIZE || address + text.length / 2 <= start) continue;
    bytesOf(text).forEach((byte, k) => {
      const offset = address + k - start;
      if (offset >= 0 && offset < PAGE_SIZE) page[offset] = byte;
    });
  }
}
