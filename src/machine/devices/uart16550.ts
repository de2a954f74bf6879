/**
 * 16550A universal asynchronous receiver/transmitter (National Semiconductor PC16550D data sheet).
 *
 * Sending takes no time: a byte written to THR has left when the instruction ends, so THRE and TEMT always read 1.
 * The receiver's time-out is immediate too: bytes below the trigger level are announced as time-out (IIR CCh) at once.
 * Baud rate, word length and parity are kept and without effect; the line itself never fails. A terminal is always connected.
 */

import type { Device, DeviceState, Line, PortRange } from '../device.ts';

const FIFO_SIZE = 16;

const IER_RX = 0x01;
const IER_THRE = 0x02;
const IER_LINE = 0x04;
const IER_MODEM = 0x08;
const LCR_DLAB = 0x80;
const MCR_OUT2 = 0x08;
const MCR_LOOP = 0x10;
const LSR_DR = 0x01;
const LSR_OE = 0x02;
const LSR_THRE_TEMT = 0x60;
/** DCD, DSR and CTS of a connected terminal. */
const TERMINAL = 0xb0;

export interface Uart16550Config {
  readonly name: string;
  readonly base: number;
  readonly irq: Line;
  /** A byte on the wire. */
  readonly transmit: (byte: number) => void;
  /** Called after each access that leaves the chip awaiting input. */
  readonly awaits?: () => void;
}

/** Where some of the numbers stand that `save` yields; IER, LCR and MCR are the first. */
export const SAVED_UART = { fifo: 5, level: 13, received: 14 } as const;

export class Uart16550 implements Device {
  readonly name: string;
  readonly ports: readonly PortRange[];
  #base: number;
  #irq: Line;
  #transmit: (byte: number) => void;
  #awaits: () => void;
  #fifo = new Uint8Array(FIFO_SIZE);
  #head = 0;
  #level = 0;
  /** The receiver buffer keeps its last byte. */
  #rbr = 0;
  #ier = 0;
  #lcr = 0;
  #mcr = 0;
  #scratch = 0;
  #divisor = 12;
  #fifoEnabled = false;
  #trigger = 1;
  #overrun = false;
  #threPending = false;
  #msr = TERMINAL;
  #line = false;
  /** Successive looks at an empty receiver, up to 2. */
  #polls = 0;

  constructor(config: Uart16550Config) {
    this.name = config.name;
    this.ports = [{ first: config.base, last: config.base + 7 }];
    this.#base = config.base;
    this.#irq = config.irq;
    this.#transmit = config.transmit;
    this.#awaits = config.awaits ?? (() => {});
  }

  /** Bytes the receiver can take now. In loopback the wire leads nowhere. */
  get room(): number {
    if ((this.#mcr & MCR_LOOP) !== 0) return 0;
    return (this.#fifoEnabled ? FIFO_SIZE : 1) - this.#level;
  }

  /** The receiver is empty and its owner waits for it: by interrupt, or by looking twice without sending in between. */
  get awaitsInput(): boolean {
    if (this.#level > 0 || (this.#mcr & MCR_LOOP) !== 0) return false;
    return this.interruptsOnInput || this.#polls >= 2;
  }

  /** A received byte would assert the interrupt line. */
  get interruptsOnInput(): boolean {
    return (this.#ier & IER_RX) !== 0 && (this.#mcr & (MCR_OUT2 | MCR_LOOP)) === MCR_OUT2;
  }

  /** A byte from the wire; false when there is no room, and then nothing happened. */
  receive(byte: number): boolean {
    if (this.room <= 0) return false;
    this.#put(byte);
    return true;
  }

  read(port: number): number {
    const value = this.#read(port - this.#base);
    if (this.awaitsInput) this.#awaits();
    return value;
  }

  write(port: number, _size: number, value: number): void {
    this.#write(port - this.#base, value);
    if (this.awaitsInput) this.#awaits();
  }

  save(): DeviceState {
    const received: number[] = [];
    for (let i = 0; i < FIFO_SIZE; i++) received.push(i < this.#level ? this.#fifo[(this.#head + i) % FIFO_SIZE] : 0);
    return [
      this.#ier,
      this.#lcr,
      this.#mcr,
      this.#scratch,
      this.#divisor,
      Number(this.#fifoEnabled),
      this.#trigger,
      Number(this.#overrun),
      Number(this.#threPending),
      this.#msr,
      Number(this.#line),
      this.#polls,
      this.#rbr,
      this.#level,
      ...received,
    ];
  }

  load(state: DeviceState): void {
    this.#ier = state[0];
    this.#lcr = state[1];
    this.#mcr = state[2];
    this.#scratch = state[3];
    this.#divisor = state[4];
    this.#fifoEnabled = state[5] !== 0;
    this.#trigger = state[6];
    this.#overrun = state[7] !== 0;
    this.#threPending = state[8] !== 0;
    this.#msr = state[9];
    this.#line = state[10] !== 0;
    this.#polls = state[11];
    this.#rbr = state[12];
    this.#level = state[13];
    this.#head = 0;
    for (let i = 0; i < FIFO_SIZE; i++) this.#fifo[i] = state[14 + i];
  }

  reset(): void {
    this.load([0, 0, 0, 0, 12, 0, 1, 0, 0, TERMINAL, 0, 0, 0, 0, ...new Array<number>(FIFO_SIZE).fill(0)]);
  }

  #read(register: number): number {
    const dlab = (this.#lcr & LCR_DLAB) !== 0;
    switch (register) {
      case 0:
        return dlab ? this.#divisor & 0xff : this.#take();
      case 1:
        return dlab ? this.#divisor >> 8 : this.#ier;
      case 2:
        return this.#identify();
      case 3:
        return this.#lcr;
      case 4:
        return this.#mcr;
      case 5:
        return this.#lineStatus();
      case 6:
        return this.#modemStatus();
      default:
        return this.#scratch;
    }
  }

  #write(register: number, value: number): void {
    this.#polls = 0;
    if (register < 2 && (this.#lcr & LCR_DLAB) !== 0) {
      this.#divisor = register === 0 ? (this.#divisor & 0xff00) | value : (value << 8) | (this.#divisor & 0xff);
      return;
    }
    switch (register) {
      case 0:
        this.#send(value);
        break;
      case 1:
        if ((value & ~this.#ier & IER_THRE) !== 0) this.#threPending = true;
        this.#ier = value & 0x0f;
        break;
      case 2:
        this.#fifoControl(value);
        break;
      case 3:
        this.#lcr = value;
        break;
      case 4:
        this.#mcr = value & 0x1f;
        this.#modemInputs();
        break;
      case 7:
        this.#scratch = value;
        break;
    }
    this.#update();
  }

  #send(byte: number): void {
    this.#threPending = false;
    this.#update();
    if ((this.#mcr & MCR_LOOP) === 0) this.#transmit(byte);
    else this.#put(byte);
    this.#threPending = true;
  }

  #put(byte: number): void {
    const size = this.#fifoEnabled ? FIFO_SIZE : 1;
    if (this.#level === size) {
      this.#overrun = true;
      if (!this.#fifoEnabled) this.#fifo[this.#head] = byte;
    } else {
      this.#fifo[(this.#head + this.#level) % FIFO_SIZE] = byte;
      this.#level++;
    }
    this.#update();
  }

  #take(): number {
    if (this.#level === 0) {
      this.#poll();
      return this.#rbr;
    }
    this.#rbr = this.#fifo[this.#head];
    this.#head = (this.#head + 1) % FIFO_SIZE;
    this.#level--;
    this.#polls = 0;
    this.#update();
    return this.#rbr;
  }

  #poll(): void {
    if (this.#polls < 2) this.#polls++;
  }

  #lineStatus(): number {
    if (this.#level === 0) this.#poll();
    const status = LSR_THRE_TEMT | (this.#level > 0 ? LSR_DR : 0) | (this.#overrun ? LSR_OE : 0);
    this.#overrun = false;
    this.#update();
    return status;
  }

  #modemStatus(): number {
    const status = this.#msr;
    this.#msr &= 0xf0;
    this.#update();
    return status;
  }

  /** Interrupt identification: bit 0 is 1 when there is none. Reporting THRE ends it. */
  #identify(): number {
    const source = this.#source();
    if (source === 0x02) {
      this.#threPending = false;
      this.#update();
    }
    return source | (this.#fifoEnabled ? 0xc0 : 0);
  }

  /** Line status above received data above time-out above THRE above modem status. */
  #source(): number {
    if ((this.#ier & IER_LINE) !== 0 && this.#overrun) return 0x06;
    if ((this.#ier & IER_RX) !== 0 && this.#level > 0) return !this.#fifoEnabled || this.#level >= this.#trigger ? 0x04 : 0x0c;
    if ((this.#ier & IER_THRE) !== 0 && this.#threPending) return 0x02;
    if ((this.#ier & IER_MODEM) !== 0 && (this.#msr & 0x0f) !== 0) return 0x00;
    return 0x01;
  }

  #fifoControl(value: number): void {
    const enabled = (value & 0x01) !== 0;
    if (enabled !== this.#fifoEnabled || (enabled && (value & 0x02) !== 0)) {
      this.#head = 0;
      this.#level = 0;
    }
    this.#fifoEnabled = enabled;
    if (enabled) this.#trigger = [1, 4, 8, 14][value >> 6];
  }

  /** In loopback the modem's inputs are the chip's own outputs. */
  #modemInputs(): void {
    const mcr = this.#mcr;
    let inputs = TERMINAL;
    if ((mcr & MCR_LOOP) !== 0) inputs = ((mcr & 0x0c) << 4) | ((mcr & 0x02) << 3) | ((mcr & 0x01) << 5);
    const changed = inputs ^ (this.#msr & 0xf0);
    let deltas = (changed >> 4) & 0x0b;
    if ((changed & 0x40) !== 0 && (inputs & 0x40) === 0) deltas |= 0x04;
    this.#msr = inputs | (this.#msr & 0x0f) | deltas;
  }

  #update(): void {
    const level = this.#source() !== 0x01 && (this.#mcr & (MCR_OUT2 | MCR_LOOP)) === MCR_OUT2;
    if (level !== this.#line) {
      this.#line = level;
      this.#irq(level);
    }
  }
}
