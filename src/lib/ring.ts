/** The last records of a long run: a ring of `capacity` records of `width` numbers each, which never allocates after its construction. */
export class Ring {
  readonly capacity: number;
  readonly width: number;
  /** Numbers of record i lie at `offset(i)` and after. */
  readonly data: Float64Array;
  /** Records ever pushed, or where `truncate` put it. The newest is record `end - 1`. */
  end = 0;
  /** The oldest record still held. */
  start = 0;

  constructor(capacity: number, width = 1) {
    this.capacity = capacity;
    this.width = width;
    this.data = new Float64Array(capacity * width);
  }

  get length(): number {
    return this.end - this.start;
  }

  /** Makes room for one record at the end and returns the offset at which its numbers go. */
  push(): number {
    const offset = (this.end % this.capacity) * this.width;
    this.end++;
    if (this.end - this.start > this.capacity) this.start++;
    return offset;
  }

  /** Pushes a record of one number. */
  add(value: number): void {
    this.data[this.push()] = value;
  }

  has(record: number): boolean {
    return record >= this.start && record < this.end;
  }

  offset(record: number): number {
    return (record % this.capacity) * this.width;
  }

  get(record: number, field = 0): number {
    return this.data[this.offset(record) + field];
  }

  /** Forgets records `end` and later. */
  truncate(end: number): void {
    if (end >= this.end) return;
    this.end = end;
    if (this.start > end) this.start = end;
  }

  clear(): void {
    this.start = 0;
    this.end = 0;
  }
}
