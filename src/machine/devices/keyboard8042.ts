/**
 * 8042 keyboard controller (IBM technical reference 1502494), with no keyboard behind it: as much as a system needs to find that out, and the
 * pulse that resets the machine.
 *
 *     60h   data
 *     64h   status | command     status: 6 timeout, 4 keylock open, 3 last write was a command, 2 self test passed, 0 data for the processor
 */

import type { Device, DeviceState, PortRange } from '../device.ts';

const OBF = 0x01;
const PASSED = 0x04;
const COMMAND = 0x08;
const UNLOCKED = 0x10;
const TIMEOUT = 0x40;

/** Both the keyboard and the second port off, as the self test leaves them. */
const DISABLED = 0x30;
/** The output port: bit 0 is the processor's RESET, active low; bit 1 opens A20. */
const OUTPUT = 0x03;
/** What the controller says in the keyboard's place when it does not answer: send again. */
const NO_ANSWER = 0xfe;

export interface Keyboard8042Config {
  readonly name: string;
  /** RESET is asserted. */
  readonly reset: () => void;
}

export class Keyboard8042 implements Device {
  readonly name: string;
  readonly ports: readonly PortRange[] = [
    { first: 0x60, last: 0x60 },
    { first: 0x64, last: 0x64 },
  ];
  #reset: () => void;
  #status = UNLOCKED;
  #data = 0;
  /** The command byte. */
  #controls = DISABLED;
  /** The command whose data byte comes next at port 60h, or 0. */
  #expects = 0;

  constructor(config: Keyboard8042Config) {
    this.name = config.name;
    this.#reset = config.reset;
  }

  read(port: number): number {
    if (port === 0x64) return this.#status;
    this.#status &= ~(OBF | TIMEOUT);
    return this.#data;
  }

  write(port: number, _size: number, value: number): void {
    if (port === 0x64) {
      this.#status |= COMMAND;
      this.#command(value);
      return;
    }
    this.#status &= ~COMMAND;
    const command = this.#expects;
    this.#expects = 0;
    if (command === 0x60) this.#controls = value;
    else if (command === 0xd1) this.#setOutput(value);
    else if (command === 0) this.#answer(NO_ANSWER, TIMEOUT);
  }

  save(): DeviceState {
    return [this.#status, this.#data, this.#controls, this.#expects];
  }

  load(state: DeviceState): void {
    this.#status = state[0];
    this.#data = state[1];
    this.#controls = state[2];
    this.#expects = state[3];
  }

  reset(): void {
    this.load([UNLOCKED, 0, DISABLED, 0]);
  }

  #command(value: number): void {
    this.#expects = 0;
    switch (value) {
      case 0x20:
        this.#answer(this.#controls);
        break;
      case 0x60:
      case 0xd1:
        this.#expects = value;
        break;
      case 0xaa:
        this.#controls = DISABLED;
        this.#status |= PASSED;
        this.#answer(0x55);
        break;
      /* tests of the lines to a keyboard: nothing wrong */
      case 0xab:
        this.#answer(0x00);
        break;
      case 0xad:
        this.#controls |= 0x10;
        break;
      case 0xae:
        this.#controls &= ~0x10;
        break;
      case 0xd0:
        this.#answer(OUTPUT);
        break;
      default:
        /* F0h-FFh pulse the output lines whose bit is 0 */
        if (value >= 0xf0) this.#setOutput(value);
    }
  }

  #setOutput(value: number): void {
    if ((value & 1) === 0) this.#reset();
  }

  #answer(data: number, status = 0): void {
    this.#data = data;
    this.#status |= OBF | status;
  }
}
