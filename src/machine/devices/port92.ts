/** System control port A of the PS/2 (IBM 84F9735): bit 0 resets the processor as it rises, bit 1 opens A20, which is always open here. */

import type { Device, DeviceState, PortRange } from '../device.ts';

const RESET = 0x01;
const A20 = 0x02;

export interface Port92Config {
  readonly name: string;
  readonly port: number;
  /** RESET is asserted. */
  readonly reset: () => void;
}

export class Port92 implements Device {
  readonly name: string;
  readonly ports: readonly PortRange[];
  #reset: () => void;
  #latch = A20;

  constructor(config: Port92Config) {
    this.name = config.name;
    this.ports = [{ first: config.port, last: config.port }];
    this.#reset = config.reset;
  }

  read(): number {
    return this.#latch;
  }

  write(_port: number, _size: number, value: number): void {
    const rises = (value & ~this.#latch & RESET) !== 0;
    this.#latch = value;
    if (rises) this.#reset();
  }

  save(): DeviceState {
    return [this.#latch];
  }

  load(state: DeviceState): void {
    this.#latch = state[0];
  }

  reset(): void {
    this.#latch = A20;
  }
}
