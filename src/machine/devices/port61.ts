/** System control port B of the PC/AT (IBM technical reference 1502494): speaker gate and timer 2. */

import type { Device, DeviceState, PortRange } from '../device.ts';
import type { Pit8254 } from './pit8254.ts';

/** Counter ticks between two refresh requests, 15 microseconds; bit 4 toggles with each. */
const REFRESH_TICKS = 18;

export interface Port61Config {
  readonly name: string;
  readonly port: number;
  readonly pit: Pit8254;
}

export class Port61 implements Device {
  readonly name: string;
  readonly ports: readonly PortRange[];
  #pit: Pit8254;
  /** 0 gate of timer 2, 1 speaker data, 2 and 3 checks that nothing here fails. */
  #latch = 0;

  constructor(config: Port61Config) {
    this.name = config.name;
    this.ports = [{ first: config.port, last: config.port }];
    this.#pit = config.pit;
  }

  read(): number {
    const refresh = Math.floor(this.#pit.ticks / REFRESH_TICKS) % 2;
    return this.#latch | (refresh << 4) | (Number(this.#pit.out(2)) << 5);
  }

  write(_port: number, _size: number, value: number): void {
    this.#latch = value & 0x0f;
    this.#pit.gate(2, (value & 1) !== 0);
  }

  save(): DeviceState {
    return [this.#latch];
  }

  load(state: DeviceState): void {
    this.#latch = state[0];
  }

  reset(): void {
    this.#latch = 0;
  }
}
