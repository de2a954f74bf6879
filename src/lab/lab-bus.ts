/** A board with nothing on it but RAM: ports and absent memory read all ones. */
import type { CpuBus } from '../cpu/bus.ts';
import type { Cpu } from '../cpu/cpu.ts';
import { flushTlb } from '../cpu/paging.ts';
import { descriptorBase } from '../cpu/segments.ts';
import { Ram } from '../machine/ram.ts';

export class LabBus implements CpuBus {
  readonly memory: Ram;
  readonly deadline = Number.POSITIVE_INFINITY;
  readonly stopped = false;
  readonly intr: boolean = false;
  readonly willInterrupt = false;
  readonly localApic = null;
  readonly ignoresErrors = true;

  constructor(size: number) {
    this.memory = new Ram(size);
  }

  get ram(): Ram {
    return this.memory;
  }

  advance(): void {}
  reportError(): void {}
  in(_port: number, size: number): number {
    return size === 4 ? -1 : (1 << (8 * size)) - 1;
  }
  out(): void {}
  readMmio(_address: number, size: number): number {
    return this.in(0, size);
  }
  writeMmio(): void {}
  acknowledge(): number {
    return 0;
  }

  /** Empties the TLBs of the processor on it. */
  flush(cpu: Cpu): void {
    flushTlb(cpu, false);
  }

  /** Base of the descriptor read last. */
  descriptorBase(): number {
    return descriptorBase();
  }
}
