/** What a chip is to the board: ports, time, and a snapshot of its own. No device knows a view. */

export interface PortRange {
  readonly first: number;
  readonly last: number;
  /** Bytes of the widest access the device takes whole, 1 if absent; the bus splits wider ones, low port first. */
  readonly width?: 1 | 2 | 4;
}

/** The board's clock, in processor cycles since power-on. */
export interface Clock {
  readonly now: number;
  /** Cycles per second. */
  readonly frequency: number;
}

/** An interrupt request line: true is asserted. */
export type Line = (level: boolean) => void;

/** Every number of a device's state in a fixed order; equal states give equal lists. */
export type DeviceState = readonly number[];

export interface Device {
  readonly name: string;
  readonly ports: readonly PortRange[];
  read(port: number, size: number): number;
  write(port: number, size: number, value: number): void;
  save(): DeviceState;
  load(state: DeviceState): void;
  reset(): void;
}

/** A device that does things by itself, in time. */
export interface TimedDevice extends Device {
  /** The cycle at which it next does so, or Infinity. */
  nextEvent(): number;
  /** Called when `nextEvent()` is reached or passed. */
  advance(): void;
}

export const isTimed = (device: Device): device is TimedDevice => 'nextEvent' in device;
