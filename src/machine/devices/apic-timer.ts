/** The timer of a local APIC: SDM vol 3, 10.5.4. It counts cycles of the board's clock, divided. */
import type { Clock } from '../device.ts';

/** Divide configuration: bits 3, 1 and 0 are the power of 2 less 1; 111b divides by 1. */
const dividerOf = (configuration: number): number => {
  const code = (configuration & 3) | ((configuration >>> 1) & 4);
  return code === 7 ? 1 : 2 << code;
};

export class ApicTimer {
  initial = 0;
  divide = 0;
  periodic = false;
  /** The cycle at which the count was `initial`; counting while `running`. */
  start = 0;
  running = false;
  #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get #period(): number {
    return this.initial * dividerOf(this.divide);
  }

  /** Writing the initial count starts the timer; 0 stops it. */
  load(count: number): void {
    this.initial = count >>> 0;
    this.start = this.#clock.now;
    this.running = this.initial !== 0;
  }

  /** Changing the divider goes on from the present count. */
  configure(divide: number): void {
    const current = this.current;
    this.divide = divide & 0xb;
    if (this.running) this.start = this.#clock.now - (this.initial - current) * dividerOf(this.divide);
  }

  get current(): number {
    if (!this.running) return 0;
    const gone = Math.floor((this.#clock.now - this.start) / dividerOf(this.divide));
    if (gone < this.initial) return this.initial - gone;
    return this.periodic ? this.initial - (gone % this.initial) : 0;
  }

  /** The cycle at which it next expires, or Infinity. */
  get nextEvent(): number {
    return this.running ? this.start + this.#period : Number.POSITIVE_INFINITY;
  }

  /** True when it has expired since; then it is ready for the next time. */
  expire(): boolean {
    if (this.#clock.now < this.nextEvent) return false;
    if (this.periodic) this.start += Math.floor((this.#clock.now - this.start) / this.#period) * this.#period;
    else this.running = false;
    return true;
  }
}
