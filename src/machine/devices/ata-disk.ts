/**
 * An ATA disk, the master of the first channel, by programmed I/O (ATA/ATAPI-4): 28-bit LBA or cylinder, head and sector; no slave, no DMA.
 *
 * Every sector takes the same time to reach, wherever it lies.
 */

import type { Clock, DeviceState, Line, PortRange, TimedDevice } from '../device.ts';
import type { Ram } from '../ram.ts';
import { HEADS, identify, SECTORS_PER_TRACK } from './ata-identify.ts';
import { ABRT, ALWAYS, BSY, DIAGNOSED, DRIVE_1, DRQ, ERR, IDNF, LBA, NIEN, READY, SRST } from './ata-registers.ts';

export const SECTOR = 512;
const WORDS = SECTOR / 2;

/** From a command, or from the last word of a sector written, to the interrupt. */
const MICROSECONDS_PER_SECTOR = 100;

/** What the drive is doing; a number, for it is part of its state. */
const IDLE = 0;
const READING = 1;
const WRITING = 2;
const IDENTIFYING = 3;
/** Busy with something that moves no data. */
const WORKING = 4;

export interface AtaDiskConfig {
  readonly name: string;
  /** Port of the data register. */
  readonly base: number;
  /** Port of the control register. */
  readonly control: number;
  readonly irq: Line;
  readonly clock: Clock;
  /** What is written on it. Its pages are the machine's to save. */
  readonly medium: Ram;
  readonly sectors: number;
}

export class AtaDisk implements TimedDevice {
  readonly name: string;
  readonly ports: readonly PortRange[];
  #base: number;
  #control: number;
  #irq: Line;
  #clock: Clock;
  #medium: Ram;
  #sectors: number;
  #identity: Uint16Array;
  #features = 0;
  #error = DIAGNOSED;
  #count = 1;
  #low = 1;
  #mid = 0;
  #high = 0;
  #device = ALWAYS;
  #status = READY;
  #controls = 0;
  #doing = IDLE;
  /** The cycle at which BSY ends, or Infinity. */
  #due = Number.POSITIVE_INFINITY;
  /** The sector in the buffer, and how many are still to come, this one included. */
  #sector = 0;
  #left = 0;
  #buffer = new Uint16Array(WORDS);
  /** Words of the buffer already moved. */
  #moved = 0;
  #interrupt = false;

  constructor(config: AtaDiskConfig) {
    this.name = config.name;
    this.#base = config.base;
    this.#control = config.control;
    this.ports = [
      { first: config.base, last: config.base, width: 4 },
      { first: config.base + 1, last: config.base + 7 },
      { first: config.control, last: config.control },
    ];
    this.#irq = config.irq;
    this.#clock = config.clock;
    this.#medium = config.medium;
    this.#sectors = config.sectors;
    this.#identity = identify(config.sectors);
  }

  /** The first sector that its registers name. */
  get addressed(): number {
    return this.#address();
  }

  /** It will raise IRQ 14 by itself. */
  get willInterrupt(): boolean {
    return this.#due !== Number.POSITIVE_INFINITY && (this.#controls & NIEN) === 0;
  }

  read(port: number, size: number): number {
    const absent = (this.#device & DRIVE_1) !== 0;
    if (port === this.#control) return absent ? 0 : this.#status;
    switch (port - this.#base) {
      case 0:
        return size === 4 ? this.#take() | (this.#take() << 16) : this.#take() & ((1 << (8 * size)) - 1);
      case 1:
        return this.#error;
      case 2:
        return this.#count;
      case 3:
        return this.#low;
      case 4:
        return this.#mid;
      case 5:
        return this.#high;
      case 6:
        return this.#device;
      default:
        if (absent) return 0;
        this.#request(false);
        return this.#status;
    }
  }

  write(port: number, size: number, value: number): void {
    if (port === this.#control) {
      this.#setControls(value);
      return;
    }
    const register = port - this.#base;
    if (register === 0) {
      this.#put(value & 0xffff);
      if (size === 4) this.#put(value >>> 16);
      return;
    }
    if ((this.#status & BSY) !== 0) return;
    switch (register) {
      case 1:
        this.#features = value;
        break;
      case 2:
        this.#count = value;
        break;
      case 3:
        this.#low = value;
        break;
      case 4:
        this.#mid = value;
        break;
      case 5:
        this.#high = value;
        break;
      case 6:
        this.#device = value | ALWAYS;
        break;
      default:
        if ((this.#device & DRIVE_1) === 0) this.#command(value);
    }
  }

  nextEvent(): number {
    return this.#due;
  }

  /** What it was busy with is done. */
  advance(): void {
    this.#due = Number.POSITIVE_INFINITY;
    switch (this.#doing) {
      case READING:
        this.#load();
        this.#offer();
        break;
      case IDENTIFYING:
        this.#buffer.set(this.#identity);
        this.#offer();
        break;
      case WRITING:
        this.#store();
        this.#next();
        break;
      default:
        this.#finish();
    }
  }

  save(): DeviceState {
    return [
      this.#features,
      this.#error,
      this.#count,
      this.#low,
      this.#mid,
      this.#high,
      this.#device,
      this.#status,
      this.#controls,
      this.#doing,
      Number.isFinite(this.#due) ? this.#due : -1,
      this.#sector,
      this.#left,
      this.#moved,
      Number(this.#interrupt),
      ...this.#buffer,
    ];
  }

  load(state: DeviceState): void {
    this.#features = state[0];
    this.#error = state[1];
    this.#count = state[2];
    this.#low = state[3];
    this.#mid = state[4];
    this.#high = state[5];
    this.#device = state[6];
    this.#status = state[7];
    this.#controls = state[8];
    this.#doing = state[9];
    this.#due = state[10] < 0 ? Number.POSITIVE_INFINITY : state[10];
    this.#sector = state[11];
    this.#left = state[12];
    this.#moved = state[13];
    this.#interrupt = state[14] !== 0;
    this.#buffer.set(state.slice(15));
  }

  reset(): void {
    this.#buffer.fill(0);
    this.#features = 0;
    this.#controls = 0;
    this.#sector = 0;
    this.#left = 0;
    this.#moved = 0;
    this.#interrupt = false;
    this.#sign();
  }

  /** Registers as after a reset or EXECUTE DEVICE DIAGNOSTIC: the signature of a disk (9.1). */
  #sign(): void {
    this.#error = DIAGNOSED;
    this.#count = 1;
    this.#low = 1;
    this.#mid = 0;
    this.#high = 0;
    this.#device = ALWAYS;
    this.#status = READY;
    this.#doing = IDLE;
    this.#due = Number.POSITIVE_INFINITY;
  }

  #setControls(value: number): void {
    const held = (this.#controls & SRST) !== 0;
    this.#controls = value & (SRST | NIEN);
    if ((value & SRST) !== 0) {
      this.#sign();
      this.#status = BSY;
      this.#interrupt = false;
    } else if (held) this.#sign();
    this.#drive();
  }

  #command(command: number): void {
    this.#request(false);
    this.#error = 0;
    switch (command) {
      case 0x20:
      case 0x21:
        this.#transfer(READING);
        break;
      case 0x30:
      case 0x31:
        this.#transfer(WRITING);
        break;
      case 0xec:
        this.#left = 1;
        this.#busy(IDENTIFYING);
        break;
      case 0x90:
        this.#sign();
        this.#busy(WORKING);
        break;
      /* recalibrate, initialize parameters, standby and idle, flush cache: nothing to do */
      case 0x10:
      case 0x91:
      case 0xe0:
      case 0xe1:
      case 0xe7:
        this.#busy(WORKING);
        break;
      default:
        this.#fail(ABRT);
    }
  }

  #transfer(doing: number): void {
    this.#sector = this.#address();
    this.#left = this.#count === 0 ? 256 : this.#count;
    if (this.#sector < 0 || this.#sector + this.#left > this.#sectors) {
      this.#fail(IDNF);
      return;
    }
    if (doing === READING) {
      this.#busy(READING);
      return;
    }
    this.#doing = WRITING;
    this.#moved = 0;
    this.#status = READY | DRQ;
  }

  /** The first sector that the registers name. */
  #address(): number {
    const top = this.#device & 0x0f;
    if ((this.#device & LBA) !== 0) return (top << 24) | (this.#high << 16) | (this.#mid << 8) | this.#low;
    const cylinder = (this.#high << 8) | this.#mid;
    return (cylinder * HEADS + top) * SECTORS_PER_TRACK + this.#low - 1;
  }

  #busy(doing: number): void {
    this.#doing = doing;
    this.#status = BSY;
    this.#due = this.#clock.now + Math.ceil((MICROSECONDS_PER_SECTOR * this.#clock.frequency) / 1_000_000);
  }

  #fail(error: number): void {
    this.#error = error;
    this.#doing = IDLE;
    this.#status = READY | ERR;
    this.#request(true);
  }

  #finish(): void {
    this.#doing = IDLE;
    this.#status = READY;
    this.#request(true);
  }

  /** A full buffer, for the processor to read. */
  #offer(): void {
    this.#moved = 0;
    this.#status = READY | DRQ;
    this.#request(true);
  }

  #load(): void {
    const first = (this.#sector * SECTOR) >>> 1;
    this.#buffer.set(this.#medium.words.subarray(first, first + WORDS));
  }

  #store(): void {
    this.#medium.write(this.#sector * SECTOR, new Uint8Array(this.#buffer.buffer));
  }

  /** A word that the processor reads. */
  #take(): number {
    if ((this.#status & DRQ) === 0 || this.#doing === WRITING) return 0xffff;
    const word = this.#buffer[this.#moved++];
    if (this.#moved === WORDS) this.#emptied();
    return word;
  }

  /** The last word of a sector was read: there is another, or that was all. */
  #emptied(): void {
    this.#left--;
    if (this.#doing === READING && this.#left > 0) {
      this.#sector++;
      this.#busy(READING);
      return;
    }
    this.#doing = IDLE;
    this.#status = READY;
  }

  /** A word that the processor writes. */
  #put(word: number): void {
    if ((this.#status & DRQ) === 0 || this.#doing !== WRITING) return;
    this.#buffer[this.#moved++] = word;
    if (this.#moved === WORDS) this.#busy(WRITING);
  }

  /** A sector is written: the next one, or that was all. */
  #next(): void {
    this.#left--;
    if (this.#left === 0) {
      this.#finish();
      return;
    }
    this.#sector++;
    this.#moved = 0;
    this.#status = READY | DRQ;
    this.#request(true);
  }

  #request(level: boolean): void {
    this.#interrupt = level;
    this.#drive();
  }

  #drive(): void {
    this.#irq(this.#interrupt && (this.#controls & NIEN) === 0);
  }
}
