/** Event injection: SDM vol 3, 26.5. */
import type { Cpu } from '../../cpu.ts';
import { flags } from '../../flags.ts';
import { deliver, deliverFault } from '../../interrupts.ts';
import { FAULT } from '../../signals.ts';
import { at } from '../../state.ts';
import { INFO_ERROR_CODE, INFO_TYPE_SHIFT, isSoftwareEvent } from './interruption.ts';

/**
 * Delivers an event through the guest's IDT as part of the VM entry. It never exits itself; a fault on the way may, and then the
 * IDT-vectoring information describes the injected event. For a software event `length` is added to the EIP that is pushed.
 */
export function inject(cpu: Cpu, info: number, errorCode: number, length: number): void {
  const vector = info & 0xff;
  const kind = (info >>> INFO_TYPE_SHIFT) & 7;
  const eip = cpu.s[at.eip] + (isSoftwareEvent(kind) ? length : 0);
  cpu.current = null;
  try {
    deliver(cpu, vector, errorCode, (info & INFO_ERROR_CODE) !== 0, kind, length, eip, flags(cpu));
  } catch (signal) {
    if (signal !== FAULT) throw signal;
    deliverFault(cpu, { vector, kind });
  }
}
