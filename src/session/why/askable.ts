import { Kind } from '../../trace/log.ts';
import type { Stage } from '../stage.ts';

/** The row of the log that can be asked about at the present step; -1 when there is none. */
export function askable({ log, machine }: Stage): number {
  let found = -1;
  for (let row = log.firstAt(machine.n); row < log.length && log.stepOf(row) === machine.n; row++) {
    const kind = log.kindOf(row);
    if (kind === Kind.FAULT || kind === Kind.VMEXIT || kind === Kind.ENTRY_FAILED || kind === Kind.VMFAIL) {
      found = row;
      if (kind !== Kind.FAULT) return row;
    }
  }
  return found;
}
