/**
 * The board's wiring of FERR# and IGNNE# (SDM vol 1, appendix D, figure D-1): an error of the floating-point unit, while CR0.NE is 0, requests IRQ 13.
 * A write to port F0h withdraws the request and asserts IGNNE#, until the error is cleared: the handler may use the unit meanwhile.
 */
import type { Device, DeviceState, Line, PortRange } from '../device.ts';

const CLEAR_REQUEST = 0xf0;

export interface FpuErrorsConfig {
  readonly name: string;
  readonly irq: Line;
  /** IGNNE#. */
  readonly ignore: Line;
}

export class FpuErrors implements Device {
  readonly name: string;
  /** F1h reset the 80287, and does nothing since. */
  readonly ports: readonly PortRange[] = [{ first: CLEAR_REQUEST, last: CLEAR_REQUEST + 1 }];
  #irq: Line;
  #ignore: Line;
  #error = false;
  #requested = false;
  #ignored = false;

  constructor(config: FpuErrorsConfig) {
    this.name = config.name;
    this.#irq = config.irq;
    this.#ignore = config.ignore;
  }

  get ignored(): boolean {
    return this.#ignored;
  }

  /** FERR#, as the processor drives it. */
  error(level: boolean): void {
    if (level === this.#error) return;
    this.#error = level;
    if (level) this.#request(true);
    else this.#setIgnored(false);
  }

  #request(level: boolean): void {
    this.#requested = level;
    this.#irq(level);
  }

  #setIgnored(level: boolean): void {
    this.#ignored = level;
    this.#ignore(level);
  }

  read(): number {
    return 0xff;
  }

  write(port: number): void {
    if (port !== CLEAR_REQUEST) return;
    this.#request(false);
    if (this.#error) this.#setIgnored(true);
  }

  save(): DeviceState {
    return [Number(this.#error), Number(this.#requested), Number(this.#ignored)];
  }

  load([error, requested, ignored]: DeviceState): void {
    this.#error = error !== 0;
    this.#requested = requested !== 0;
    this.#ignored = ignored !== 0;
  }

  reset(): void {
    this.#error = false;
    this.#request(false);
    this.#setIgnored(false);
  }
}
