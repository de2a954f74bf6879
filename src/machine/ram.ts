import { PAGE_CLEAN, type PhysicalMemory } from '../cpu/bus.ts';

export const PAGE_SIZE = 4096;
export const PAGE_SHIFT = 12;

/**
 * RAM from physical address 0. It starts as zeros and clean, and lists the pages written since it was last clean.
 * The processor writes through the views and calls `touch` itself; everybody else uses the methods.
 */
export class Ram implements PhysicalMemory {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly words: Uint16Array<ArrayBuffer>;
  readonly dwords: Int32Array<ArrayBuffer>;
  readonly size: number;
  readonly state: Uint8Array<ArrayBuffer>;
  readonly pages: number;
  /** Pages written since `clean`, in the order of their first write; the first `touched` entries count. */
  readonly touchedPages: Int32Array<ArrayBuffer>;
  touched = 0;

  constructor(size: number) {
    if (!Number.isInteger(size) || size < PAGE_SIZE || size % PAGE_SIZE !== 0 || size > 0x8000_0000) {
      throw new Error(`memory of ${size} bytes: expected a multiple of ${PAGE_SIZE} up to 2 GiB`);
    }
    const buffer = new ArrayBuffer(size);
    this.bytes = new Uint8Array(buffer);
    this.words = new Uint16Array(buffer);
    this.dwords = new Int32Array(buffer);
    this.size = size;
    this.pages = size / PAGE_SIZE;
    this.state = new Uint8Array(this.pages).fill(PAGE_CLEAN);
    this.touchedPages = new Int32Array(this.pages);
  }

  touch(page: number): void {
    if ((this.state[page] & PAGE_CLEAN) === 0) return;
    this.state[page] &= ~PAGE_CLEAN;
    this.touchedPages[this.touched++] = page;
  }

  /** Every page counts as unwritten from here on. */
  clean(): void {
    for (let i = 0; i < this.touched; i++) this.state[this.touchedPages[i]] |= PAGE_CLEAN;
    this.touched = 0;
  }

  write(address: number, bytes: ArrayLike<number>): void {
    if (bytes.length === 0) return;
    this.#touchRange(address, bytes.length);
    this.bytes.set(bytes, address);
  }

  fill(address: number, length: number, byte: number): void {
    if (length === 0) return;
    this.#touchRange(address, length);
    this.bytes.fill(byte, address, address + length);
  }

  write8(address: number, value: number): void {
    this.#touchRange(address, 1);
    this.bytes[address] = value;
  }

  write16(address: number, value: number): void {
    this.write8(address, value);
    this.write8(address + 1, value >> 8);
  }

  write32(address: number, value: number): void {
    this.write16(address, value);
    this.write16(address + 2, value >> 16);
  }

  read16(address: number): number {
    return this.bytes[address] | (this.bytes[address + 1] << 8);
  }

  /** Unsigned. */
  read32(address: number): number {
    return (this.read16(address) | (this.read16(address + 2) << 16)) >>> 0;
  }

  #touchRange(address: number, length: number): void {
    if (address < 0 || address + length > this.size)
      throw new RangeError(`${length} bytes at ${address} lie outside ${this.size} bytes of RAM`);
    const last = (address + length - 1) >>> PAGE_SHIFT;
    for (let page = address >>> PAGE_SHIFT; page <= last; page++) this.touch(page);
  }
}
