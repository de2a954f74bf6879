/** Event injection: SDM vol 3, 26.5. */
import type { Cpu } from '../../cpu.ts';
import { flags } from '../../flags.ts';
import { deliver, deliverEvent, deliverFault } from '../../interrupts.ts';
import { BLOCKED_BY_NMI } from '../../registers.ts';
import { FAULT } from '../../signals.ts';
import { at } from '../../state.ts';
import { requireInterruptIopl } from '../../vme.ts';
import { PIN_VIRTUAL_NMIS } from './controls.ts';
import { slot } from './fields.ts';
import { INFO_ERROR_CODE, INFO_TYPE_SHIFT, isSoftwareEvent, NMI_TYPE, SOFTWARE_INTERRUPT } from './interruption.ts';
import { vmread } from './vmcs.ts';

const NMI_VECTOR = 2;

/**
 * Delivers an event through the guest's IDT as part of the VM entry. It never exits itself; a fault on the way may, and then the
 * IDT-vectoring information describes the injected event. For a software event `length` is added to the EIP that is pushed.
 */
export function inject(cpu: Cpu, info: number, errorCode: number, length: number): void {
  const vector = info & 0xff;
  const kind = (info >>> INFO_TYPE_SHIFT) & 7;
  const eip = cpu.s[at.eip] + (isSoftwareEvent(kind) ? length : 0);
  cpu.current = null;
  if (kind === NMI_TYPE) {
    injectNmi(cpu, eip);
    return;
  }
  try {
    if (kind === SOFTWARE_INTERRUPT) requireInterruptIopl(cpu);
    deliver(cpu, vector, errorCode, (info & INFO_ERROR_CODE) !== 0, kind, length, eip, flags(cpu));
  } catch (signal) {
    if (signal !== FAULT) throw signal;
    deliverFault(cpu, { vector, kind });
  }
}

/** The NMI blocks further ones, virtual ones if there are any, even if its delivery faults. */
function injectNmi(cpu: Cpu, eip: number): void {
  const { s } = cpu;
  const virtual = (vmread(cpu, slot.pinControls) & PIN_VIRTUAL_NMIS) !== 0;
  const blocked = virtual ? s[at.interruptibility] & BLOCKED_BY_NMI : BLOCKED_BY_NMI;
  if (virtual) s[at.virtualNmiBlocked] = 1;
  else s[at.interruptibility] |= BLOCKED_BY_NMI;
  try {
    deliverEvent(cpu, NMI_VECTOR, NMI_TYPE, 0, eip);
  } finally {
    s[at.interruptibility] = (s[at.interruptibility] & ~BLOCKED_BY_NMI) | blocked;
  }
}
