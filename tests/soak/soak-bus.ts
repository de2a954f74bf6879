/** A board of RAM with a timer that interrupts now and then, and ports and memory that answer anything. */
import type { CpuBus } from '../../src/cpu/bus.ts';
import type { Cpu } from '../../src/cpu/cpu.ts';
import { type EventSink, SILENT } from '../../src/cpu/events.ts';
import { counterAt } from '../../src/cpu/state.ts';
import { Ram } from '../../src/machine/ram.ts';
import type { Random } from '../support/random.ts';
import { RAM_SIZE } from './layout.ts';

export class SoakBus implements CpuBus {
  readonly memory = new Ram(RAM_SIZE);
  readonly localApic = null;
  readonly ignoresErrors = false;
  deadline = Number.POSITIVE_INFINITY;
  stopped = false;
  intr = false;
  cpu!: Cpu;
  /** Why the last VM entry failed, or empty. */
  refusal = '';
  /** CR0.PE was changed since the case began, or a guest was left. */
  crossedRealMode = false;
  #period = Number.POSITIVE_INFINITY;
  #vector = 0;
  #pattern = 0;

  /** The timer, the vector and what devices answer, of one case. */
  begin(random: Random): void {
    this.#period = random.oneIn(3) ? 20 + random.below(400) : Number.POSITIVE_INFINITY;
    this.#vector = random.below(256);
    this.#pattern = random.dword();
    this.intr = random.oneIn(16);
    this.stopped = false;
    this.crossedRealMode = false;
    this.deadline = this.#period;
  }

  get willInterrupt(): boolean {
    return this.#period !== Number.POSITIVE_INFINITY;
  }

  advance(): void {
    this.intr = true;
    this.deadline = this.cpu.f[counterAt.cycles] + this.#period;
  }

  in(port: number, size: number): number {
    return this.#answer(port, size);
  }
  out(): void {}
  reportError(): void {}
  readMmio(address: number, size: number): number {
    return this.#answer(address, size);
  }
  writeMmio(): void {}

  #answer(place: number, size: number): number {
    const value = Math.imul(place, 0x9e3779b1) ^ this.#pattern;
    return size === 4 ? value : value & (2 ** (8 * size) - 1);
  }

  acknowledge(): number {
    this.intr = false;
    return this.#vector;
  }

  /** Stops the run where a guest is left or an entry fails. */
  readonly events: EventSink = {
    ...SILENT,
    vmexit: () => {
      this.stopped = true;
    },
    vmentryFailed: (code, rule, qualification) => {
      this.refusal = `entry failed with reason ${code}, qualification ${qualification}: ${rule}`;
      this.stopped = true;
    },
    vmfail: (_, error, rule) => {
      this.refusal = `VMfail ${error}: ${rule}`;
    },
    control: (register, old, value) => {
      if (register === 'CR0' && ((old ^ value) & 1) !== 0) this.crossedRealMode = true;
    },
  };
}
