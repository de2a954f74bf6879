/** The slots of a direct-mapped buffer that may hold something, so that emptying it costs what it holds and not what it could. */
export class Slots {
  count = 0;
  private readonly list: Int16Array;
  private readonly has: Uint8Array;

  constructor(size: number) {
    this.list = new Int16Array(size);
    this.has = new Uint8Array(size);
  }

  /** The k-th of them, in no particular order. */
  at(k: number): number {
    return this.list[k];
  }

  add(slot: number): void {
    if (this.has[slot] !== 0) return;
    this.has[slot] = 1;
    this.list[this.count++] = slot;
  }

  /** Takes the k-th out; the last takes its place. */
  remove(k: number): void {
    this.has[this.list[k]] = 0;
    this.list[k] = this.list[--this.count];
  }

  clear(): void {
    while (this.count > 0) this.remove(this.count - 1);
  }
}
