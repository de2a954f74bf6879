/** A machine stopped from outside: nothing in it knows that somebody counts. */
import type { Machine } from '../../machine/machine.ts';
import type { EventLog } from '../../trace/log.ts';

/** Steps between two looks. */
const STRIDE = 1 << 13;

/**
 * Runs to the first step at which `reached` holds, having begun where it does not. Once it holds it must go on to hold for STRIDE steps. False
 * when the machine ends before, or comes to step count `most`.
 *
 * @param log of the machine; what is run again adds nothing to it
 */
export function runUntil(machine: Machine, log: EventLog, reached: () => boolean, most: number): boolean {
  for (;;) {
    const before = machine.save();
    machine.run(machine.n + STRIDE);
    log.settle(machine.n);
    if (reached()) {
      let low = before.n;
      let high = machine.n;
      while (high - low > 1) {
        const middle = (low + high) >> 1;
        machine.restore(before);
        machine.run(middle);
        if (reached()) high = middle;
        else low = middle;
      }
      machine.restore(before);
      machine.run(high);
      return true;
    }
    if (machine.end !== null || machine.n >= most) return false;
  }
}
