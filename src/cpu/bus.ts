/** What the processor needs of the board. The board implements it; the processor never sees the board. */

/** Bits of `PhysicalMemory.state`, one byte for each 4 KiB page. A write to a page whose state is 0 needs no more than the store. */
export const PAGE_CODE = 1;
export const PAGE_CLEAN = 2;
export const PAGE_WATCHED = 4;

export interface PhysicalMemory {
  /** RAM from physical address 0, little-endian views of one buffer. */
  readonly bytes: Uint8Array;
  readonly words: Uint16Array;
  readonly dwords: Int32Array;
  /** Bytes of RAM, a multiple of 4096. */
  readonly size: number;
  /** PAGE_CODE: decoded instructions lie here. PAGE_CLEAN: not written since the last checkpoint. PAGE_WATCHED: somebody is told of stores. */
  readonly state: Uint8Array;
  /** Called before the first write to a clean page; clears PAGE_CLEAN. */
  touch(page: number): void;
}

/** The processor's local APIC, as far as it is not registers in memory. */
export interface LocalApicPort {
  /** Bits 31:0 of IA32_APIC_BASE. */
  readonly base: number;
  /** False for a value that it refuses. */
  writeBase(low: number, high: number): boolean;
}

export interface CpuBus {
  readonly memory: PhysicalMemory;
  /**
   * Physical reads and writes outside RAM: memory-mapped devices, or nothing (all ones). `size` is 1, 2 or 4. No device lies in the page at FEF00000h:
   * the processor takes it for pages above 4 GiB.
   */
  readMmio(address: number, size: number): number;
  writeMmio(address: number, size: number, value: number): void;
  in(port: number, size: number): number;
  out(port: number, size: number, value: number): void;
  /** The cycle at which a device next does something by itself, or Infinity. */
  readonly deadline: number;
  /** Lets the devices do what is due at the present cycle. */
  advance(): void;
  /** The board asks for the end of the run: the power is off, the guest wants an end, or a recorded input can enter. */
  readonly stopped: boolean;
  /** Some device will, in time and by itself, assert INTR. */
  readonly willInterrupt: boolean;
  /** Null on a processor without one. */
  readonly localApic: LocalApicPort | null;
  /** IGNNE#: with CR0.NE = 0 an error of the floating-point unit holds up nothing. */
  readonly ignoresErrors: boolean;
  /** FERR#: the floating-point unit has an error that is not masked, and CR0.NE is 0. */
  reportError(level: boolean): void;
  /** INTR as the interrupt controller drives it. */
  readonly intr: boolean;
  /** The INTA cycle: the vector. */
  acknowledge(): number;
}
