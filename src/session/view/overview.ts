/** A run as a whole, small: shares of ring 3, the kernel's rings and ring -1 in equal slices of it. */
import type { Occupancy } from './occupancy.ts';

type Parts = readonly [user: number, kernel: number, monitor: number];

export class Overview {
  private readonly occupancy: Occupancy;
  private readonly slices: number;
  /** Cycles of a slice; they double when the run outgrows the slices. */
  private width = 256;
  /** Cycles of each part before each slice that has begun. */
  private before: Parts[] = [];
  private end = 0;
  private latest: readonly Parts[] = [];

  /** @param slices at most */
  constructor(occupancy: Occupancy, slices: number) {
    this.occupancy = occupancy;
    this.slices = slices;
  }

  /**
   * The same array as long as the run reaches no further.
   * @param end cycle the run has reached, 1 at least
   */
  shares(end: number): readonly Parts[] {
    if (end === this.end) return this.latest;
    for (; end > this.width * this.slices; this.width *= 2) this.before = this.before.filter((_, slice) => slice % 2 === 0);
    while (this.before.length * this.width < end) this.before.push(this.spentBy(this.before.length * this.width));
    const sums = [...this.before, this.spentBy(end)];
    this.end = end;
    this.latest = this.before.map((before, slice) => {
      const cycles = before.map((sum, part) => sums[slice + 1][part] - sum);
      const total = cycles[0] + cycles[1] + cycles[2];
      return [cycles[0] / total, cycles[1] / total, cycles[2] / total];
    });
    return this.latest;
  }

  private spentBy(cycle: number): Parts {
    const parts: [number, number, number] = [0, 0, 0];
    const { places } = this.occupancy;
    this.occupancy.spentBy(cycle).forEach((cycles, place) => {
      const { ring } = places[place];
      parts[ring === '3' ? 0 : ring === 'm' ? 2 : 1] += cycles;
    });
    return parts;
  }
}
