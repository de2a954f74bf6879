import { type Clock, type Device, isTimed, type TimedDevice } from './device.ts';

/** Cycles per second. At real gigahertz, delay loops would dominate every boot. */
export const DEFAULT_FREQUENCY = 64_000_000;

/** The board's only time. The processor moves `now` on; nothing else does, but a halt slept through to `deadline`. */
export class SystemClock implements Clock {
  readonly frequency: number;
  /** The first cycle at which a device does something by itself, or Infinity. */
  deadline = Number.POSITIVE_INFINITY;
  #devices: readonly TimedDevice[] = [];
  #cell: Float64Array = new Float64Array(1);
  #index = 0;

  constructor(frequency = DEFAULT_FREQUENCY) {
    if (!Number.isInteger(frequency) || frequency < 1 || frequency > MAX_FREQUENCY) {
      throw new Error(`clock frequency ${frequency}: expected a whole number of cycles per second from 1 to ${MAX_FREQUENCY}`);
    }
    this.frequency = frequency;
  }

  get now(): number {
    return this.#cell[this.#index];
  }

  set now(cycles: number) {
    this.#cell[this.#index] = cycles;
  }

  /** Reads the time where the processor counts it. */
  bind(cell: Float64Array, index: number): void {
    this.#cell = cell;
    this.#index = index;
  }

  /** The devices that share this clock. */
  attach(devices: readonly Device[]): void {
    this.#devices = devices.filter(isTimed);
    this.reschedule();
  }

  /** Asks every device anew. Due after an access to a port, a received byte, and a restored state. */
  reschedule(): void {
    let deadline = Number.POSITIVE_INFINITY;
    for (let i = 0; i < this.#devices.length; i++) {
      const next = this.#devices[i].nextEvent();
      if (next < deadline) deadline = next;
    }
    this.deadline = deadline;
  }

  /** Lets every device whose time has come do what is due. Called when `now` has reached `deadline`. */
  advance(): void {
    for (let i = 0; i < this.#devices.length; i++) {
      const device = this.#devices[i];
      if (device.nextEvent() <= this.now) device.advance();
    }
    this.reschedule();
  }
}

/** Up to here, a second's worth of cycles times an 8254's rate stays below 2^53. */
const MAX_FREQUENCY = 5_000_000_000;

/** Ticks of an oscillator of `rate` per second in `cycles`: floor(cycles * rate / frequency), without drift or rounding. */
export function ticksAt(cycles: number, rate: number, frequency: number): number {
  const seconds = Math.floor(cycles / frequency);
  return seconds * rate + Math.floor(((cycles - seconds * frequency) * rate) / frequency);
}

/** The first cycle at which `ticksAt` reaches `ticks`. */
export function cycleOfTick(ticks: number, rate: number, frequency: number): number {
  const seconds = Math.floor(ticks / rate);
  return seconds * frequency + Math.ceil(((ticks - seconds * rate) * frequency) / rate);
}
