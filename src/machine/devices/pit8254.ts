/** 8254 programmable interval timer (Intel data sheet 231164): three counters, clocked at 1.193182 MHz in a PC. */

import { cycleOfTick, ticksAt } from '../clock.ts';
import type { Clock, DeviceState, Line, PortRange, TimedDevice } from '../device.ts';
import { COUNTER_STATE, Counter } from './pit8254-counter.ts';

/** CLK of a PC, pulses per second. */
export const PIT_RATE = 1_193_182;

export interface Pit8254Config {
  readonly name: string;
  /** Port of counter 0; the control word register is three above. */
  readonly base: number;
  readonly clock: Clock;
  readonly rate?: number;
  /** OUT of counter 0. */
  readonly out0: Line;
}

export class Pit8254 implements TimedDevice {
  readonly name: string;
  readonly ports: readonly PortRange[];
  readonly counters: readonly [Counter, Counter, Counter];
  #base: number;
  #clock: Clock;
  #rate: number;

  constructor(config: Pit8254Config) {
    this.name = config.name;
    this.ports = [{ first: config.base, last: config.base + 3 }];
    this.#base = config.base;
    this.#clock = config.clock;
    this.#rate = config.rate ?? PIT_RATE;
    const open = () => {};
    this.counters = [new Counter(true, config.out0), new Counter(true, open), new Counter(false, open)];
  }

  /** CLK pulses since power-on. */
  get ticks(): number {
    return ticksAt(this.#clock.now, this.#rate, this.#clock.frequency);
  }

  /** OUT of a counter. */
  out(counter: number): boolean {
    this.counters[counter].sync(this.ticks);
    return this.counters[counter].out;
  }

  gate(counter: number, level: boolean): void {
    this.counters[counter].setGate(this.ticks, level);
  }

  read(port: number): number {
    const index = port - this.#base;
    return index === 3 ? 0xff : this.counters[index].read(this.ticks);
  }

  write(port: number, _size: number, value: number): void {
    const index = port - this.#base;
    const now = this.ticks;
    if (index !== 3) this.counters[index].write(now, value);
    else if (value >> 6 === 3) this.#readBack(now, value);
    else if ((value & 0x30) === 0) this.counters[value >> 6].latchCount(now);
    else this.counters[value >> 6].program(now, value);
  }

  nextEvent(): number {
    const tick = this.counters[0].next();
    return tick === Number.POSITIVE_INFINITY ? tick : cycleOfTick(tick, this.#rate, this.#clock.frequency);
  }

  advance(): void {
    this.counters[0].sync(this.ticks);
  }

  /** Counter 0 is as far as `advance` or a port brought it: to go on would pull its line. The others are brought to the present. */
  save(): DeviceState {
    const now = this.ticks;
    this.counters[1].sync(now);
    this.counters[2].sync(now);
    return this.counters.flatMap((counter) => counter.save());
  }

  load(state: DeviceState): void {
    this.counters.forEach((counter, i) => {
      counter.load(state, i * COUNTER_STATE);
    });
  }

  reset(): void {
    for (const counter of this.counters) counter.reset();
  }

  /** 1 1 COUNT# STATUS# CNT2 CNT1 CNT0 0 */
  #readBack(now: number, command: number): void {
    for (let i = 0; i < 3; i++) {
      if ((command & (2 << i)) === 0) continue;
      if ((command & 0x20) === 0) this.counters[i].latchCount(now);
      if ((command & 0x10) === 0) this.counters[i].latchStatus(now);
    }
  }
}
