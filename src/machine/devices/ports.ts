/** Ports without a chip behind them: the delay port, the debug console, the debug exit, and what this PC leaves out. */

import type { Device, DeviceState, PortRange } from '../device.ts';

/** A device without time. */
abstract class Passive implements Device {
  readonly name: string;
  readonly ports: readonly PortRange[];

  constructor(name: string, ports: readonly PortRange[]) {
    this.name = name;
    this.ports = ports;
  }

  abstract read(port: number, size: number): number;
  abstract write(port: number, size: number, value: number): void;

  save(): DeviceState {
    return [];
  }

  load(_state: DeviceState): void {}

  reset(): void {}
}

/** Port 80h of the PC/AT: an unused page register, written for the time it takes. It keeps the last byte. */
export class DelayPort extends Passive {
  #last = 0;

  constructor(config: { readonly name: string; readonly port: number }) {
    super(config.name, [{ first: config.port, last: config.port }]);
  }

  read(): number {
    return this.#last;
  }

  write(_port: number, _size: number, value: number): void {
    this.#last = value;
  }

  override save(): DeviceState {
    return [this.#last];
  }

  override load(state: DeviceState): void {
    this.#last = state[0];
  }

  override reset(): void {
    this.#last = 0;
  }
}

/** The debug console of Bochs and QEMU: a written byte is printed, a read yields E9h. */
export class DebugConsole extends Passive {
  #print: (byte: number) => void;

  constructor(config: { readonly name: string; readonly port: number; readonly print: (byte: number) => void }) {
    super(config.name, [{ first: config.port, last: config.port }]);
    this.#print = config.print;
  }

  read(): number {
    return 0xe9;
  }

  write(_port: number, _size: number, value: number): void {
    this.#print(value);
  }
}

/** QEMU's isa-debug-exit: a write of v ends the run with status 2v + 1. A wider write counts whole. */
export class DebugExit extends Passive {
  #exit: (value: number) => void;

  constructor(config: { readonly name: string; readonly port: number; readonly exit: (value: number) => void }) {
    super(config.name, [{ first: config.port, last: config.port, width: 4 }]);
    this.#exit = config.exit;
  }

  read(_port: number, size: number): number {
    return size === 4 ? -1 : (1 << (8 * size)) - 1;
  }

  write(_port: number, _size: number, value: number): void {
    this.#exit(value >>> 0);
  }
}

/** Ports that have a name on a PC and nothing behind them here: reads float high, writes are lost. */
export class Unimplemented extends Passive {
  constructor(config: { readonly name: string; readonly ports: readonly PortRange[] }) {
    super(config.name, config.ports);
  }

  read(): number {
    return 0xff;
  }

  write(): void {}
}
