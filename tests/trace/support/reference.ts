/** What a run looks like on a machine that only ever goes forward, one step at a time. */

import type { Input, Machine } from '../../../src/machine/machine.ts';
import { type PowerOn, powerOn } from '../../../src/session/power-on.ts';
import { EventLog } from '../../../src/trace/log.ts';
import { type Portrait, portrait, rowsUpTo } from './portrait.ts';

export class Reference {
  /** hash(n) of every step, as far as the machine gets. */
  readonly hashes: readonly string[];
  readonly log: EventLog;
  readonly last: Portrait;
  private readonly options: PowerOn;
  private readonly inputs: readonly Input[];

  constructor(options: PowerOn, most: number, inputs: readonly Input[] = []) {
    this.options = options;
    this.inputs = inputs;
    const machine = this.machine();
    this.log = new EventLog(machine.cpu);
    machine.cpu.events = this.log;
    const hashes = [machine.hash()];
    while (machine.end === null && machine.n < most) {
      machine.run(machine.n + 1);
      hashes.push(machine.hash());
    }
    this.hashes = hashes;
    this.last = portrait(machine);
  }

  get steps(): number {
    return this.hashes.length - 1;
  }

  /** Another machine before its first step. */
  machine(): Machine {
    const { machine } = powerOn(this.options);
    if (this.inputs.length > 0) machine.feed(this.inputs);
    return machine;
  }

  /** The machine at step count `n`, on a machine that never went back. */
  portrait(n: number): Portrait {
    const machine = this.machine();
    machine.run(n);
    return portrait(machine);
  }

  rows(n = this.steps): readonly string[] {
    return rowsUpTo(this.log, n);
  }
}
