/** What a way into a monitor is called. */

import { exceptionName } from '../../cpu/interrupts.ts';
import * as svm from '../../cpu/virt/svm/words.ts';
import * as vmx from '../../cpu/virt/vmx/words.ts';
import { hex } from '../../lib/hex.ts';
import { say } from '../../lib/say.ts';
import { type EventLog, Kind } from '../../trace/log.ts';

const REASON = 0xffff;
/* Basic exit reason 0, and the vector of its interruption information. */
const EXCEPTION_OR_NMI = 0;
const VECTOR = 0xff;

/** `CR_ACCESS`, `EXCEPTION #PF`; `CR3_WRITE`, `EXCP14`. */
function exitName(log: EventLog, row: number, vendor: 'vmx' | 'svm'): string {
  if (vendor === 'svm') return svm.exitName(log.valueOf(row, 0));
  const reason = log.valueOf(row, 0) & REASON;
  return reason === EXCEPTION_OR_NMI ? exceptionName(log.valueOf(row, 4) & VECTOR) : vmx.exitName(reason);
}

/** `#GP`, `INT 30h`, `IRQ 0`. */
function vectorName(log: EventLog, row: number): string {
  const kind = log.kindOf(row);
  const vector = log.valueOf(row, kind === Kind.TRANSFER ? 2 : 0) & VECTOR;
  if (kind === Kind.EXCEPTION) return exceptionName(vector);
  return kind === Kind.TRANSFER ? `INT ${hex(vector, 2)}h` : say`interrupt ${hex(vector, 2)}h`;
}

/** @param vendor of the processor's extension that the monitor uses; null when it uses none */
export const wayIn =
  (vendor: 'vmx' | 'svm' | null) =>
  (log: EventLog, row: number): string =>
    log.kindOf(row) === Kind.VMEXIT && vendor !== null ? exitName(log, row, vendor) : vectorName(log, row);
