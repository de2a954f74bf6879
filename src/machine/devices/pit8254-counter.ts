/**
 * One of the three counters of an 8254 (Intel data sheet 231164).
 *
 * Nothing happens tick by tick: between two events (a load, a change of OUT) the counting element is a straight line through `value`
 * at tick `base`, so a counter is brought to any tick by passing over its events, and its next event is known exactly.
 * Ticks are CLK pulses since power-on. BCD counts are kept in binary, modulo 10000.
 */

import type { Line } from '../device.ts';

/** Numbers that `save` yields, and where some stand among them. */
export const COUNTER_STATE = 21;
export const SAVED_COUNTER = { gate: 1, reload: 3, written: 8, mode: 19 } as const;

const NEVER = Number.POSITIVE_INFINITY;

export class Counter {
  /** The OUT pin. */
  out = true;
  /** The GATE pin. */
  gate: boolean;
  /** Low six bits of the control word, as written. */
  control = 0x34;
  #onOut: Line;
  #initialGate: boolean;
  #mode = 2;
  #modulus = 65536;
  /** Count register; 0 stands for the modulus. */
  #reload = 0;
  /** The count last moved into the counting element. */
  #loaded = 0;
  #value = 0;
  #base = 0;
  /** Tick of a load to come, always the next one, or -1. */
  #loadAt = -1;
  #written = false;
  #running = false;
  /** Modes 4 and 5: the strobe is still to come. */
  #armed = false;
  #nullCount = true;
  /** Of a two-byte count, the first byte is written, or read. */
  #writeHalf = false;
  #readHalf = false;
  #lowByte = 0;
  #countLatched = false;
  #latchedCount = 0;
  #statusLatched = false;
  #latchedStatus = 0;

  constructor(gate: boolean, onOut: Line) {
    this.#initialGate = gate;
    this.gate = gate;
    this.#onOut = onOut;
  }

  /** A control word other than the counter-latch and read-back commands. */
  program(now: number, control: number): void {
    this.sync(now);
    this.#freeze(now);
    const mode = (control >> 1) & 7;
    this.control = control & 0x3f;
    this.#mode = mode > 5 ? mode - 4 : mode;
    this.#modulus = (control & 1) !== 0 ? 10000 : 65536;
    this.#value %= this.#modulus;
    this.#reload = 0;
    this.#loadAt = -1;
    this.#written = false;
    this.#running = false;
    this.#armed = false;
    this.#nullCount = true;
    this.#writeHalf = false;
    this.#readHalf = false;
    this.#countLatched = false;
    this.#statusLatched = false;
    this.#setOut(this.#mode !== 0);
  }

  write(now: number, byte: number): void {
    this.sync(now);
    const access = this.control >> 4;
    if (access === 1) this.#setCount(now, byte);
    else if (access === 2) this.#setCount(now, byte << 8);
    else if (this.#writeHalf) {
      this.#freeze(now);
      this.#writeHalf = false;
      this.#setCount(now, (byte << 8) | this.#lowByte);
    } else {
      if (this.#mode === 0) {
        this.#freeze(now);
        this.#setOut(false);
      }
      this.#writeHalf = true;
      this.#lowByte = byte;
    }
  }

  read(now: number): number {
    this.sync(now);
    if (this.#statusLatched) {
      this.#statusLatched = false;
      return this.#latchedStatus;
    }
    const count = this.#countLatched ? this.#latchedCount : this.#encoded(now);
    const access = this.control >> 4;
    if (access === 3) {
      this.#readHalf = !this.#readHalf;
      if (this.#readHalf) return count & 0xff;
    }
    this.#countLatched = false;
    return access === 1 ? count & 0xff : count >> 8;
  }

  latchCount(now: number): void {
    if (this.#countLatched) return;
    this.sync(now);
    this.#countLatched = true;
    this.#latchedCount = this.#encoded(now);
  }

  latchStatus(now: number): void {
    if (this.#statusLatched) return;
    this.sync(now);
    this.#statusLatched = true;
    this.#latchedStatus = (Number(this.out) << 7) | (Number(this.#nullCount) << 6) | this.control;
  }

  setGate(now: number, level: boolean): void {
    if (level === this.gate) return;
    this.sync(now);
    const mode = this.#mode;
    if (level) {
      this.#base = this.#counting() ? this.#base : now;
      this.gate = true;
      if (mode !== 0 && mode !== 4 && this.#written) this.#loadAt = now + 1;
    } else {
      if (mode !== 1 && mode !== 5) this.#freeze(now);
      this.gate = false;
      if (mode === 2 || mode === 3) this.#setOut(true);
    }
  }

  /** The counting element at `now`, in binary. */
  count(now: number): number {
    this.sync(now);
    return this.#at(now);
  }

  /** Passes over every event up to `now`. Whole periods of modes 2 and 3 that lie far back are skipped. */
  sync(now: number): void {
    for (let event = this.next(); event <= now; event = this.next()) {
      if ((this.#mode === 2 || this.#mode === 3) && this.#loadAt < 0 && !this.#nullCount) {
        const period = this.#loaded === 0 ? this.#modulus : this.#loaded;
        const skipped = Math.floor((now - event) / period) - 1;
        if (skipped > 0) {
          this.#base += skipped * period;
          continue;
        }
      }
      if (event === this.#loadAt) this.#load(event);
      else this.#pass(event);
    }
  }

  /** The tick of the next load or change of OUT, or Infinity. */
  next(): number {
    return this.#loadAt >= 0 ? this.#loadAt : this.#edge();
  }

  save(): number[] {
    return [
      Number(this.out),
      Number(this.gate),
      this.control,
      this.#reload,
      this.#loaded,
      this.#value,
      this.#base,
      this.#loadAt,
      Number(this.#written),
      Number(this.#running),
      Number(this.#armed),
      Number(this.#nullCount),
      Number(this.#writeHalf),
      Number(this.#readHalf),
      this.#lowByte,
      Number(this.#countLatched),
      this.#latchedCount,
      Number(this.#statusLatched),
      this.#latchedStatus,
      this.#mode,
      this.#modulus,
    ];
  }

  /** Restores state `from` an offset on; the OUT line is not driven, its receiver restores its own state. */
  load(state: readonly number[], from = 0): void {
    this.out = state[from] !== 0;
    this.gate = state[from + 1] !== 0;
    this.control = state[from + 2];
    this.#reload = state[from + 3];
    this.#loaded = state[from + 4];
    this.#value = state[from + 5];
    this.#base = state[from + 6];
    this.#loadAt = state[from + 7];
    this.#written = state[from + 8] !== 0;
    this.#running = state[from + 9] !== 0;
    this.#armed = state[from + 10] !== 0;
    this.#nullCount = state[from + 11] !== 0;
    this.#writeHalf = state[from + 12] !== 0;
    this.#readHalf = state[from + 13] !== 0;
    this.#lowByte = state[from + 14];
    this.#countLatched = state[from + 15] !== 0;
    this.#latchedCount = state[from + 16];
    this.#statusLatched = state[from + 17] !== 0;
    this.#latchedStatus = state[from + 18];
    this.#mode = state[from + 19];
    this.#modulus = state[from + 20];
  }

  /** Mode 2 without a count, OUT high: the data sheet leaves the power-on state open. */
  reset(): void {
    this.load([1, Number(this.#initialGate), 0x34, 0, 0, 0, 0, -1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2, 65536]);
  }

  #setCount(now: number, count: number): void {
    this.#reload = this.#modulus === 10000 ? fromBcd(count) : count;
    this.#nullCount = true;
    this.#written = true;
    switch (this.#mode) {
      case 0:
        this.#freeze(now);
        this.#setOut(false);
        this.#loadAt = now + 1;
        break;
      case 2:
      case 3:
        if (!this.#running || this.#stands()) this.#loadAt = now + 1;
        break;
      case 4:
        this.#loadAt = now + 1;
        break;
    }
  }

  #counting(): boolean {
    if (!this.#running) return false;
    if (this.#mode === 1 || this.#mode === 5) return true;
    if (this.#stands()) return false;
    return this.gate && !(this.#mode === 0 && this.#writeHalf);
  }

  /** A count of 1 is illegal in modes 2 and 3: nothing moves until there is another. */
  #stands(): boolean {
    return this.#loaded === 1 && (this.#mode === 2 || this.#mode === 3);
  }

  #at(tick: number): number {
    if (!this.#counting()) return this.#value;
    const step = this.#mode === 3 ? 2 : 1;
    const value = (this.#value - step * (tick - this.#base)) % this.#modulus;
    return value < 0 ? value + this.#modulus : value;
  }

  #freeze(now: number): void {
    this.#value = this.#at(now);
    this.#base = now;
  }

  /** Ticks from `base` until the counting element has gone round to zero. */
  #toZero(): number {
    return this.#value === 0 ? this.#modulus : this.#value;
  }

  /** The tick of the next change of OUT if nothing is loaded before. */
  #edge(): number {
    const strobe = this.#mode >= 4;
    if (strobe && !this.out) return this.#base + 1;
    if (!this.#counting()) return NEVER;
    switch (this.#mode) {
      case 0:
      case 1:
        return this.out ? NEVER : this.#base + this.#toZero();
      case 2:
        return this.#base + (this.out ? this.#toZero() - 1 : 1);
      case 3: {
        const odd = this.#loaded & 1;
        if (odd === 0 || !this.out) return this.#base + this.#toZero() / 2;
        return this.#base + this.#value / 2 + 1;
      }
      default:
        return this.#armed ? this.#base + this.#toZero() : NEVER;
    }
  }

  #load(tick: number): void {
    this.#loadAt = -1;
    this.#transfer(tick);
    this.#running = true;
    this.#armed = true;
    if (this.#mode !== 0) this.#setOut(this.#mode !== 1);
  }

  /** The count register goes into the counting element. */
  #transfer(tick: number): void {
    this.#loaded = this.#reload;
    this.#value = this.#mode === 3 ? this.#reload & ~1 : this.#reload;
    this.#base = tick;
    this.#nullCount = false;
  }

  #pass(tick: number): void {
    switch (this.#mode) {
      case 0:
      case 1:
        this.#value = 0;
        this.#base = tick;
        this.#setOut(true);
        break;
      case 2:
        if (this.out) {
          this.#value = 1;
          this.#base = tick;
          this.#setOut(false);
        } else {
          this.#transfer(tick);
          this.#setOut(true);
        }
        break;
      case 3:
        this.#transfer(tick);
        this.#setOut(!this.out);
        break;
      default:
        this.#freeze(tick);
        this.#armed = false;
        this.#setOut(!this.out);
    }
  }

  #setOut(level: boolean): void {
    if (level === this.out) return;
    this.out = level;
    this.#onOut(level);
  }

  #encoded(now: number): number {
    const value = this.#at(now);
    return this.#modulus === 10000 ? toBcd(value) : value;
  }
}

function fromBcd(count: number): number {
  return ((count >> 12) * 1000 + ((count >> 8) & 15) * 100 + ((count >> 4) & 15) * 10 + (count & 15)) % 10000;
}

function toBcd(value: number): number {
  const thousands = Math.floor(value / 1000);
  const hundreds = Math.floor(value / 100) % 10;
  return (thousands << 12) | (hundreds << 8) | ((Math.floor(value / 10) % 10) << 4) | (value % 10);
}
