/** An 82093AA I/O APIC: redirects the board's interrupt request lines to local APICs. */
import type { MmioRegion } from '../bus.ts';
import type { Device, DeviceState, PortRange } from '../device.ts';
import { type ApicBus, type EoiListener, EXT_INT, FIXED, LOWEST_PRIORITY } from './apic-bus.ts';

export interface IoApicConfig {
  readonly name: string;
  readonly bus: ApicBus;
  readonly identifier: number;
}

const FIRST = 0xfec00000;
const PAGE = 0x1000;
const SELECT = 0x00;
const WINDOW = 0x10;

const ID = 0;
const VERSION = 1;
const ARBITRATION = 2;
const TABLE = 0x10;
const ENTRIES = 24;
const VERSION_VALUE = 0x11 | ((ENTRIES - 1) << 16);

/*
 * Redirection entry, low half:  16 mask, 15 level, 14 remote IRR, 13 active low, 12 delivery status, 11 logical, 10:8 delivery mode, 7:0 vector;
 * high half: 31:24 destination
 */
const MASKED = 1 << 16;
const LEVEL = 1 << 15;
const REMOTE_IRR = 1 << 14;
const ACTIVE_LOW = 1 << 13;
const LOGICAL = 1 << 11;
const WRITABLE = 0x1afff;

export class IoApic implements Device, EoiListener {
  readonly name: string;
  readonly ports: readonly PortRange[] = [];
  readonly region: MmioRegion = {
    first: FIRST,
    last: FIRST + PAGE - 1,
    read: (address) => this.#readRegister(address & (PAGE - 1)),
    write: (address, _size, value) => this.#writeRegister(address & (PAGE - 1), value),
  };
  readonly low = new Int32Array(ENTRIES);
  readonly high = new Int32Array(ENTRIES);
  /** Levels of the inputs. */
  lines = 0;
  #config: IoApicConfig;
  #identifier = 0;
  #select = 0;

  constructor(config: IoApicConfig) {
    this.#config = config;
    this.name = config.name;
    config.bus.listeners.push(this);
  }

  /** Drives input `n`. A rising edge asks once, a level until it is serviced and still there. */
  line(n: number, level: boolean): void {
    const bit = 1 << n;
    const before = this.#active(n);
    this.lines = level ? this.lines | bit : this.lines & ~bit;
    if (this.#active(n) && (!before || (this.low[n] & LEVEL) !== 0)) this.#deliver(n);
  }

  endOfInterrupt(vector: number): void {
    for (let n = 0; n < ENTRIES; n++) {
      if ((this.low[n] & (LEVEL | REMOTE_IRR)) !== (LEVEL | REMOTE_IRR) || (this.low[n] & 0xff) !== vector) continue;
      this.low[n] &= ~REMOTE_IRR;
      if (this.#active(n)) this.#deliver(n);
    }
  }

  #active(n: number): boolean {
    return ((this.lines >>> n) & 1) !== ((this.low[n] & ACTIVE_LOW) !== 0 ? 1 : 0);
  }

  #deliver(n: number): void {
    const low = this.low[n];
    if ((low & (MASKED | REMOTE_IRR)) !== 0) return;
    const mode = (low >>> 8) & 7;
    if (mode === EXT_INT) return;
    const level = (low & LEVEL) !== 0 && (mode === FIXED || mode === LOWEST_PRIORITY);
    if (level) this.low[n] |= REMOTE_IRR;
    this.#config.bus.send({ mode, vector: low & 0xff, level, logical: (low & LOGICAL) !== 0, destination: this.high[n] >>> 24 });
  }

  #readRegister(offset: number): number {
    if (offset === SELECT) return this.#select;
    return offset === WINDOW ? this.#read() : 0;
  }

  #writeRegister(offset: number, value: number): void {
    if (offset === SELECT) this.#select = value & 0xff;
    else if (offset === WINDOW) this.#write(value);
  }

  /** Whether a rise of input `n` would be passed on. */
  accepts(n: number): boolean {
    return (this.low[n] & (MASKED | REMOTE_IRR)) === 0;
  }

  #read(): number {
    const select = this.#select;
    if (select >= TABLE && select < TABLE + 2 * ENTRIES) {
      const n = (select - TABLE) >>> 1;
      return (select & 1) === 0 ? this.low[n] : this.high[n];
    }
    if (select === ID || select === ARBITRATION) return this.#identifier << 24;
    return select === VERSION ? VERSION_VALUE : 0;
  }

  #write(value: number): void {
    const select = this.#select;
    if (select === ID) this.#identifier = (value >>> 24) & 0xf;
    if (select < TABLE || select >= TABLE + 2 * ENTRIES) return;
    const n = (select - TABLE) >>> 1;
    if ((select & 1) !== 0) {
      this.high[n] = value & 0xff000000;
      return;
    }
    this.low[n] = (value & WRITABLE) | ((value & LEVEL) !== 0 ? this.low[n] & REMOTE_IRR : 0);
    if ((this.low[n] & LEVEL) !== 0 && this.#active(n)) this.#deliver(n);
  }

  read(): number {
    return 0xff;
  }

  write(): void {}

  reset(): void {
    this.#identifier = this.#config.identifier;
    this.#select = 0;
    this.lines = 0;
    this.low.fill(MASKED);
    this.high.fill(0);
  }

  save(): DeviceState {
    return [this.#identifier, this.#select, this.lines, ...this.low, ...this.high];
  }

  load(state: DeviceState): void {
    [this.#identifier, this.#select, this.lines] = state;
    this.low.set(state.slice(3, 3 + ENTRIES));
    this.high.set(state.slice(3 + ENTRIES, 3 + 2 * ENTRIES));
  }
}
