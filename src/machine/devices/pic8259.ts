/**
 * 8259A programmable interrupt controller (Intel data sheet 231468). A PC has two, the second on IR2 of the first.
 * 8086 mode only; buffered mode is accepted and changes nothing.
 */

import type { Device, DeviceState, Line, PortRange } from '../device.ts';

export interface Pic8259Config {
  readonly name: string;
  /** Port with A0 = 0; the next one has A0 = 1. */
  readonly base: number;
  /** The INT output. */
  readonly int: Line;
  /** The chips on the IR inputs, for a master. */
  readonly slaves?: { readonly [ir: number]: Pic8259 };
}

export class Pic8259 implements Device {
  readonly name: string;
  readonly ports: readonly PortRange[];
  /** Interrupt request, in-service and mask registers. */
  irr = 0;
  isr = 0;
  imr = 0xff;
  /** Levels of the IR inputs. */
  lines = 0;
  /** Level of the INT output. */
  int = false;
  /** Upper five bits of the vectors, from ICW2. */
  vectorBase = 0;
  #config: Pic8259Config;
  #expects: 0 | 2 | 3 | 4 = 0;
  #initialized = false;
  #icw4Needed = false;
  #single = false;
  #levelTriggered = false;
  #autoEoi = false;
  #rotateInAutoEoi = false;
  #specialMask = false;
  #specialFullyNested = false;
  /** The IR of lowest priority; the next one, going round, has the highest. */
  #lowest = 7;
  #readsIsr = false;
  #poll = false;

  constructor(config: Pic8259Config) {
    this.#config = config;
    this.name = config.name;
    this.ports = [{ first: config.base, last: config.base + 1 }];
  }

  /** Drives input IR `n`. A line that falls before it is acknowledged withdraws its request. */
  ir(n: number, level: boolean): void {
    const bit = 1 << n;
    if (level) {
      if ((this.lines & bit) === 0) this.irr |= bit;
      this.lines |= bit;
    } else {
      this.lines &= ~bit;
      this.irr &= ~bit;
    }
    this.#update();
  }

  /** The INTA cycle: the vector. Without a request it is that of IR7, and nothing is in service. */
  acknowledge(): number {
    const n = this.#pending();
    if (n < 0) return this.vectorBase | 7;
    this.#serve(n);
    const slave = this.#single ? undefined : this.#config.slaves?.[n];
    return slave === undefined ? this.vectorBase | n : slave.acknowledge();
  }

  /** Whether INT would be asserted if IR `n` rose now: neither masked nor blocked by what is in service. */
  accepts(n: number): boolean {
    if (!this.#initialized || this.#expects !== 0 || (this.imr & (1 << n)) !== 0) return false;
    return this.#select(1 << n) === n;
  }

  read(port: number): number {
    if (this.#poll) {
      this.#poll = false;
      const n = this.#pending();
      if (n < 0) return 0;
      this.#serve(n);
      return 0x80 | n;
    }
    if (port !== this.#config.base) return this.imr;
    if (this.#readsIsr) return this.isr;
    return this.#requests();
  }

  write(port: number, _size: number, value: number): void {
    if (port === this.#config.base) {
      if ((value & 0x10) !== 0) this.#icw1(value);
      else if ((value & 0x08) !== 0) this.#ocw3(value);
      else this.#ocw2(value);
    } else if (this.#expects === 0) {
      this.imr = value;
    } else {
      this.#icw(value);
    }
    this.#update();
  }

  save(): DeviceState {
    return [
      this.irr,
      this.isr,
      this.imr,
      this.lines,
      Number(this.int),
      this.vectorBase,
      this.#expects,
      Number(this.#initialized),
      Number(this.#icw4Needed),
      Number(this.#single),
      Number(this.#levelTriggered),
      Number(this.#autoEoi),
      Number(this.#rotateInAutoEoi),
      Number(this.#specialMask),
      Number(this.#specialFullyNested),
      this.#lowest,
      Number(this.#readsIsr),
      Number(this.#poll),
    ];
  }

  load(state: DeviceState): void {
    this.irr = state[0];
    this.isr = state[1];
    this.imr = state[2];
    this.lines = state[3];
    this.int = state[4] !== 0;
    this.vectorBase = state[5];
    this.#expects = state[6] as 0 | 2 | 3 | 4;
    this.#initialized = state[7] !== 0;
    this.#icw4Needed = state[8] !== 0;
    this.#single = state[9] !== 0;
    this.#levelTriggered = state[10] !== 0;
    this.#autoEoi = state[11] !== 0;
    this.#rotateInAutoEoi = state[12] !== 0;
    this.#specialMask = state[13] !== 0;
    this.#specialFullyNested = state[14] !== 0;
    this.#lowest = state[15];
    this.#readsIsr = state[16] !== 0;
    this.#poll = state[17] !== 0;
  }

  /** Everything masked, waiting for ICW1. */
  reset(): void {
    this.load([0, 0, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0]);
  }

  #icw1(value: number): void {
    this.#expects = 2;
    this.#initialized = true;
    this.#icw4Needed = (value & 0x01) !== 0;
    this.#single = (value & 0x02) !== 0;
    this.#levelTriggered = (value & 0x08) !== 0;
    this.irr = 0;
    this.isr = 0;
    this.imr = 0;
    this.#lowest = 7;
    this.#autoEoi = false;
    this.#rotateInAutoEoi = false;
    this.#specialMask = false;
    this.#specialFullyNested = false;
    this.#readsIsr = false;
    this.#poll = false;
  }

  #icw(value: number): void {
    switch (this.#expects) {
      case 2:
        this.vectorBase = value & 0xf8;
        this.#expects = this.#single ? (this.#icw4Needed ? 4 : 0) : 3;
        break;
      case 3:
        this.#expects = this.#icw4Needed ? 4 : 0;
        break;
      default:
        this.#autoEoi = (value & 0x02) !== 0;
        this.#specialFullyNested = (value & 0x10) !== 0;
        this.#expects = 0;
    }
  }

  /** R SL EOI in bits 7:5, an IR level in bits 2:0. */
  #ocw2(value: number): void {
    const level = value & 7;
    switch (value >> 5) {
      case 0b000:
        this.#rotateInAutoEoi = false;
        break;
      case 0b001:
        this.#endOfInterrupt(this.#highestInService());
        break;
      case 0b011:
        this.#endOfInterrupt(level);
        break;
      case 0b100:
        this.#rotateInAutoEoi = true;
        break;
      case 0b101: {
        const n = this.#highestInService();
        this.#endOfInterrupt(n);
        if (n >= 0) this.#lowest = n;
        break;
      }
      case 0b110:
        this.#lowest = level;
        break;
      case 0b111:
        this.#endOfInterrupt(level);
        this.#lowest = level;
        break;
    }
  }

  #ocw3(value: number): void {
    if ((value & 0x40) !== 0) this.#specialMask = (value & 0x20) !== 0;
    if ((value & 0x04) !== 0) this.#poll = true;
    else if ((value & 0x02) !== 0) this.#readsIsr = (value & 0x01) !== 0;
  }

  #requests(): number {
    return this.#levelTriggered ? this.lines : this.irr;
  }

  /** The IR to serve next, or -1. */
  #pending(): number {
    if (!this.#initialized || this.#expects !== 0) return -1;
    const requests = this.#requests() & ~this.imr;
    return requests === 0 ? -1 : this.#select(requests);
  }

  /** The request of highest priority that nothing in service blocks, or -1. */
  #select(requests: number): number {
    const inService = this.#specialMask ? this.isr & ~this.imr : this.isr;
    for (let k = 1; k <= 8; k++) {
      const n = (this.#lowest + k) & 7;
      const bit = 1 << n;
      if ((inService & bit) !== 0) {
        const nested = this.#specialFullyNested && this.#config.slaves?.[n] !== undefined;
        return nested && (requests & bit) !== 0 ? n : -1;
      }
      if ((requests & bit) !== 0) return n;
    }
    return -1;
  }

  /** What a non-specific EOI ends. In special mask mode it passes over masked levels. */
  #highestInService(): number {
    const inService = this.#specialMask ? this.isr & ~this.imr : this.isr;
    for (let k = 1; k <= 8; k++) {
      const n = (this.#lowest + k) & 7;
      if ((inService & (1 << n)) !== 0) return n;
    }
    return -1;
  }

  #endOfInterrupt(n: number): void {
    if (n >= 0) this.isr &= ~(1 << n);
  }

  /** INT drops with every acknowledgement, so that a master sees a new edge if another request is left. */
  #serve(n: number): void {
    const bit = 1 << n;
    if (!this.#levelTriggered) this.irr &= ~bit;
    if (!this.#autoEoi) this.isr |= bit;
    else if (this.#rotateInAutoEoi) this.#lowest = n;
    if (this.int) {
      this.int = false;
      this.#config.int(false);
    }
    this.#update();
  }

  #update(): void {
    const level = this.#pending() >= 0;
    if (level !== this.int) {
      this.int = level;
      this.#config.int(level);
    }
  }
}
