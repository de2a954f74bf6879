/** A guest that cannot go on is a result: what happened, and the chain of faults that led there. */

import { exceptionName } from '../../cpu/interrupts.ts';
import { pushesErrorCode } from '../../cpu/registers.ts';
import { h, hex8 } from '../../lib/hex.ts';
import { say } from '../../lib/say.ts';
import { Kind } from '../../trace/log.ts';
import type { Stage } from '../stage.ts';
import type { FailureView } from '../views.ts';

/** `#GP(1Ah) at 00100042` */
function faultText(stage: Stage, row: number): string {
  const { log } = stage;
  const vector = log.valueOf(row, 0);
  const code = pushesErrorCode(vector) ? `(${h(log.valueOf(row, 1))})` : '';
  return say`${exceptionName(vector) + code} at ${hex8(log.valueOf(row, 2))}`;
}

/** The faults of one step, oldest first: a fault, the one its delivery met, #DF, ... */
export function faultChain(stage: Stage, n: number): readonly string[] {
  const { log } = stage;
  const chain: string[] = [];
  for (let row = log.firstAt(n); row < log.length && log.stepOf(row) === n; row++)
    if (log.kindOf(row) === Kind.FAULT) chain.push(faultText(stage, row));
  return chain;
}

/** The row of the VM entry or VMX instruction that was refused last; -1 when there is none, or when a guest has been entered since. */
export function lastRefusal({ log, machine }: Stage): number {
  for (let row = log.firstAt(machine.n + 1) - 1; row >= 0; row--) {
    const kind = log.kindOf(row);
    if (kind === Kind.ENTRY_FAILED || kind === Kind.VMFAIL) return row;
    if (kind === Kind.VMENTRY || kind === Kind.VMEXIT) return -1;
  }
  return -1;
}

export function failureView(stage: Stage): FailureView | null {
  const { end, n } = stage.machine;
  if (end?.kind === 'shutdown') {
    const chain = faultChain(stage, n);
    return {
      kind: 'triple fault',
      title: say`Triple fault: the processor met a fault while it delivered the double fault, and shut down.`,
      chain: [...chain, say`shutdown`],
    };
  }
  if (end?.kind === 'not-implemented') {
    return { kind: 'not implemented', title: say`The simulator does not have this yet: ${end.what}.`, chain: [] };
  }
  if (end?.kind === 'reset') {
    return { kind: 'reset', title: say`The guest reset the machine, and there is no firmware that would start it again.`, chain: [] };
  }
  return null;
}
