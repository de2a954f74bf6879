import type { CpuBus, LocalApicPort } from '../cpu/bus.ts';
import type { SystemClock } from './clock.ts';
import type { Device } from './device.ts';
import type { Ram } from './ram.ts';

/** A device in the physical address space, outside RAM. */
export interface MmioRegion {
  readonly first: number;
  /** Last address, included. */
  readonly last: number;
  read(address: number, size: number): number;
  write(address: number, size: number, value: number): void;
}

/** What the processor sees of the board. */
export class Bus implements CpuBus {
  readonly memory: Ram;
  /** The INTR pin. */
  intr = false;
  localApic: LocalApicPort | null = null;
  /** The IGNNE# pin. */
  ignoresErrors = false;
  /** The board asks for the end of the run: the power is off, the guest wants an end, or a recorded input can enter. */
  stopped = false;
  #clock: SystemClock;
  #acknowledge: () => number = () => 0xff;
  #willInterrupt: () => boolean = () => false;
  #reportError: (level: boolean) => void = () => {};
  /** For each port the index into `#owners`; 0 is nobody. */
  #table = new Uint8Array(65536);
  #owners: (Device | null)[] = [null];
  #widths: number[] = [1];
  #regions: MmioRegion[] = [];

  constructor(memory: Ram, clock: SystemClock) {
    this.memory = memory;
    this.#clock = clock;
  }

  get deadline(): number {
    return this.#clock.deadline;
  }

  advance(): void {
    this.#clock.advance();
  }

  /** Gives the device its ports. Two devices on one port are a mistake in the board. */
  attach(device: Device): void {
    for (const range of device.ports) {
      const index = this.#owners.push(device) - 1;
      this.#widths.push(range.width ?? 1);
      for (let port = range.first; port <= range.last; port++) {
        const other = this.#owners[this.#table[port]];
        if (other !== null) throw new Error(`port ${port.toString(16)}h belongs to ${other.name} and ${device.name}`);
        this.#table[port] = index;
      }
    }
  }

  /** Maps memory-mapped registers outside RAM. */
  map(region: MmioRegion): void {
    this.#regions.push(region);
  }

  /** The chip that answers the INTA cycle, and whether any chip will by itself assert INTR. */
  connect(acknowledge: () => number, willInterrupt: () => boolean): void {
    this.#acknowledge = acknowledge;
    this.#willInterrupt = willInterrupt;
  }

  /** What FERR# leads to. */
  connectErrors(report: (level: boolean) => void): void {
    this.#reportError = report;
  }

  reportError(level: boolean): void {
    this.#reportError(level);
  }

  /** The device on a port, for views. */
  owner(port: number): Device | null {
    return this.#owners[this.#table[port & 0xffff]];
  }

  get willInterrupt(): boolean {
    return this.#willInterrupt();
  }

  acknowledge(): number {
    return this.#acknowledge();
  }

  in(port: number, size: number): number {
    const value = this.#read(port, size);
    this.#clock.reschedule();
    return value;
  }

  #read(port: number, size: number): number {
    const index = this.#table[port];
    if (size <= this.#widths[index]) {
      const owner = this.#owners[index];
      return owner === null ? 0xff : owner.read(port, size);
    }
    const half = size >> 1;
    const low = this.#read(port, half);
    return low | (this.#read((port + half) & 0xffff, half) << (8 * half));
  }

  out(port: number, size: number, value: number): void {
    this.#write(port, size, value);
    this.#clock.reschedule();
  }

  readMmio(address: number, size: number): number {
    const region = this.#region(address);
    return region === undefined ? allOnes(size) : region.read(address, size);
  }

  writeMmio(address: number, size: number, value: number): void {
    this.#region(address)?.write(address, size, value);
    this.#clock.reschedule();
  }

  #write(port: number, size: number, value: number): void {
    const index = this.#table[port];
    if (size <= this.#widths[index]) {
      this.#owners[index]?.write(port, size, size === 4 ? value : value & ((1 << (8 * size)) - 1));
      return;
    }
    const half = size >> 1;
    this.#write(port, half, value);
    this.#write((port + half) & 0xffff, half, value >> (8 * half));
  }

  #region(address: number): MmioRegion | undefined {
    const unsigned = address >>> 0;
    return this.#regions.find((region) => unsigned >= region.first && unsigned <= region.last);
  }
}

/** As a signed doubleword for size 4. */
function allOnes(size: number): number {
  return size === 4 ? -1 : (1 << (8 * size)) - 1;
}
