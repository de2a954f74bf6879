/** VMRUN: AMD64 manual vol 2, 15.5. */
import type { Cpu } from '../../cpu.ts';
import { flags } from '../../flags.ts';
import { deliver, deliverFault, EXTERNAL, HARDWARE, NMI_EVENT, SOFTWARE_INT } from '../../interrupts.ts';
import { ACTIVE, BLOCKED_BY_NMI, BLOCKED_BY_STI, CR0_PE, RIGHTS_DPL_SHIFT, VM } from '../../registers.ts';
import { setCpl } from '../../segments.ts';
import { ABANDONED, FAULT } from '../../signals.ts';
import { at } from '../../state.ts';
import { requireInterruptIopl } from '../../vme.ts';
import { enterAddressSpace } from './asid.ts';
import type { Capabilities } from './capabilities.ts';
import { firstViolated, shownValue, type VmcbView } from './checks.ts';
import { EVENT_ERROR_CODE, EVENT_VALID, eventType, TYPE_INTR, TYPE_NMI, TYPE_SOFTWARE_INTERRUPT } from './event.ts';
import { exitInvalid } from './exit.ts';
import { offsetOf, slot } from './fields.ts';
import { loadGuestRegisters, loadState, saveState } from './state-save.ts';
import { vmcb, writablePage } from './vmcb.ts';

/** Enters the guest of the VMCB at `pointer`; EIP lies behind the VMRUN. */
export function enterGuest(cpu: Cpu, capabilities: Capabilities, pointer: number): never {
  const { s } = cpu;
  saveState(cpu, writablePage(cpu, s[at.hsavePa]));
  s[at.vmcsPointer] = pointer;
  const view: VmcbView = { cpu, capabilities, get: (place) => vmcb(cpu, place) };
  const check = firstViolated(view);
  if (check !== null) exitInvalid(cpu, `${check.rule}; ${shownValue(check, view)}`);
  loadGuest(cpu, pointer >>> 2);
  if (!enterAddressSpace(cpu, capabilities)) exitInvalid(cpu, 'PDPTEs of a guest with PAE paging have no reserved bits');
  s[at.guest] = 1;
  s[at.gif] = 1;
  cpu.charge('entry');
  const event = vmcb(cpu, slot.eventInj);
  const injected = (event & EVENT_VALID) !== 0;
  cpu.events.vmentry(s[at.eip] >>> 0, false, injected ? event >>> 0 : 0, s[at.cpl]);
  if (injected) inject(cpu, event, vmcb(cpu, slot.eventInj + 1));
  throw ABANDONED;
}

function loadGuest(cpu: Cpu, v: number): void {
  const { s } = cpu;
  loadState(cpu, v);
  loadGuestRegisters(cpu, v);
  const protectedMode = (s[at.cr0] & CR0_PE) !== 0;
  const cpl = cpu.memory.bytes[4 * v + offsetOf.cpl] & 3;
  setCpl(cpu, protectedMode ? ((s[at.eflags] & VM) !== 0 ? 3 : cpl) : 0);
  s[at.ssRights] = (s[at.ssRights] & ~(3 << RIGHTS_DPL_SHIFT)) | (s[at.cpl] << RIGHTS_DPL_SHIFT);
  s[at.activity] = ACTIVE;
  s[at.monitored] = 0;
  const shadow = (cpu.memory.dwords[v + slot.interruptShadow] & 1) !== 0 ? BLOCKED_BY_STI : 0;
  s[at.interruptibility] = (s[at.interruptibility] & BLOCKED_BY_NMI) | shadow;
  s[at.pendingDebug] = 0;
}

function kindOf(event: number): number {
  switch (eventType(event)) {
    case TYPE_INTR:
      return EXTERNAL;
    case TYPE_NMI:
      return NMI_EVENT;
    case TYPE_SOFTWARE_INTERRUPT:
      return SOFTWARE_INT;
    default:
      return HARDWARE;
  }
}

/**
 * Delivers an event through the guest's IDT as part of VMRUN, whatever IF is; EIP is pushed as the VMCB has it. It is not intercepted itself; a
 * fault on the way may be, and then EXITINTINFO describes the injected event. An injected NMI blocks no further ones.
 */
function inject(cpu: Cpu, event: number, errorCode: number): void {
  const { s } = cpu;
  const vector = eventType(event) === TYPE_NMI ? 2 : event & 0xff;
  const kind = kindOf(event);
  const blocked = s[at.interruptibility] & BLOCKED_BY_NMI;
  let faulted = false;
  cpu.current = null;
  try {
    if (kind === SOFTWARE_INT) requireInterruptIopl(cpu);
    deliver(cpu, vector, errorCode, (event & EVENT_ERROR_CODE) !== 0, kind, 0, s[at.eip], flags(cpu));
  } catch (signal) {
    if (signal !== FAULT) throw signal;
    faulted = true;
  }
  s[at.interruptibility] = (s[at.interruptibility] & ~BLOCKED_BY_NMI) | blocked;
  if (faulted) deliverFault(cpu, { vector, kind });
}
