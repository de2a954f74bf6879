/** AMD-V as the processor's virtualization extension: AMD64 manual vol 2, chapter 15. */
import type { Insn } from '../../../isa/insn.ts';
import { reportDebug } from '../../breakpoints.ts';
import type { Cpu } from '../../cpu.ts';
import { deliverEvent, EXTERNAL } from '../../interrupts.ts';
import { add64 } from '../../msrs.ts';
import type { Msr, Profile } from '../../profiles.ts';
import { BLOCKED_BY_MOV_SS, BLOCKED_BY_NMI, BLOCKED_BY_STI, DB, DFV, IF, PFV, RF } from '../../registers.ts';
import { INTERCEPTED } from '../../signals.ts';
import { at, SIGNAL_INIT } from '../../state.ts';
import { SWITCH_BY_IDT_GATE, SWITCH_BY_IRET, SWITCH_BY_JMP } from '../../tasks.ts';
import { FETCH, FORMAT_PAE_NX, READ, WRITE } from '../../walk/formats.ts';
import type { VirtExtension } from '../extension.ts';
import { type Capabilities, capabilities } from './capabilities.ts';
import { EVENT_ERROR_CODE, EVENT_TYPE_SHIFT, EVENT_VALID, eventType, TYPE_EXCEPTION, TYPE_SOFTWARE_INTERRUPT } from './event.ts';
import { exitGuest } from './exit.ts';
import { CODE } from './exit-codes.ts';
import { slot } from './fields.ts';
import { GATES } from './gates.ts';
import {
  INTERCEPT_FERR_FREEZE,
  INTERCEPT_INIT,
  INTERCEPT_INTR,
  INTERCEPT_NMI,
  INTERCEPT_SHUTDOWN,
  INTERCEPT_TASK_SWITCH,
  INTERCEPT_VINTR,
} from './intercepts.ts';
import { readSvmMsr, writeSvmMsr } from './msrs.ts';
import { setVmcb, V_INTR_MASKING, V_IRQ, virtualInterruptPends, vmcb } from './vmcb.ts';

const SHADOW = BLOCKED_BY_STI | BLOCKED_BY_MOV_SS;
/** INT1 by the instruction: the #DB intercept does not see it. */
const ICEBP = 5;

/* Bits 63:32 of EXITINFO2 of a task switch: by IRET 36, by JMP 38, error code valid 44, RFLAGS.RF 48. */
const SWITCH_IRET = 1 << 4;
const SWITCH_JMP = 1 << 6;
const SWITCH_ERROR_CODE = 1 << 12;
const SWITCH_RF = 1 << 16;

/* Bits 63:32 of EXITINFO1 of a nested page fault: the guest's final address 32, its page walk 33. */
const NPF_FINAL = 1 << 0;
const NPF_WALK = 1 << 1;
/* Bits 31:0: as the error code of #PF; accesses of a guest count as user accesses. */
const PF_P = 1 << 0;
const PF_W = 1 << 1;
const PF_U = 1 << 2;
const PF_RSVD = 1 << 3;
const PF_ID = 1 << 4;

const accessCode = (cpu: Cpu, access: number): number =>
  PF_U | ((access & WRITE) !== 0 ? PF_W : 0) | ((access & FETCH) !== 0 && cpu.s[at.nestedFormat] === FORMAT_PAE_NX ? PF_ID : 0);

export class Svm implements VirtExtension {
  readonly vendor = 'svm';
  readonly capabilities: Capabilities;
  /** The nested page fault behind a thrown INTERCEPTED. */
  readonly #nested = { errorCode: 0, high: 0, address: 0 };

  constructor(profile: Profile) {
    this.capabilities = capabilities(profile);
  }

  gate(cpu: Cpu, insn: Insn<Cpu>): void {
    GATES[insn.row.exit!.svm!](cpu, insn, this.capabilities.nextRip);
  }

  exception(cpu: Cpu, vector: number, errorCode: number, hasErrorCode: boolean, kind: number): boolean {
    if (kind === ICEBP || ((vmcb(cpu, slot.interceptException) >>> vector) & 1) === 0) return false;
    if (vector === DFV) cpu.vectoring.info = 0;
    if (vector === DB) reportDebug(cpu);
    exitGuest(cpu, CODE.EXCEPTION + vector, {
      info1: hasErrorCode ? errorCode : 0,
      info2: vector === PFV ? cpu.faultAddress : 0,
      exception: EVENT_VALID | (hasErrorCode ? EVENT_ERROR_CODE : 0) | (TYPE_EXCEPTION << EVENT_TYPE_SHIFT) | vector,
      errorCode: hasErrorCode ? errorCode : 0,
    });
    return true;
  }

  /** Not intercepted, it shuts the processor down, which no longer runs a guest then. */
  tripleFault(cpu: Cpu): boolean {
    cpu.vectoring.info = 0;
    const exits = (vmcb(cpu, slot.interceptMisc1) & INTERCEPT_SHUTDOWN) !== 0;
    if (exits) exitGuest(cpu, CODE.SHUTDOWN);
    else cpu.s[at.guest] = 0;
    return exits;
  }

  freezes(cpu: Cpu): boolean {
    if ((vmcb(cpu, slot.interceptMisc1) & INTERCEPT_FERR_FREEZE) === 0) return false;
    exitGuest(cpu, CODE.FERR_FREEZE);
    return true;
  }

  taskSwitch(cpu: Cpu, selector: number, source: number): boolean {
    if ((vmcb(cpu, slot.interceptMisc1) & INTERCEPT_TASK_SWITCH) === 0) return false;
    const { current: insn, s, vectoring } = cpu;
    const delivering = source === SWITCH_BY_IDT_GATE && vectoring.info < 0;
    const byInstruction = !delivering || eventType(vectoring.info) >= TYPE_SOFTWARE_INTERRUPT;
    if (insn !== null && byInstruction) s[at.eip] -= insn.length;
    const hasError = delivering && (vectoring.info & EVENT_ERROR_CODE) !== 0;
    exitGuest(cpu, CODE.TASK_SWITCH, {
      info1: selector,
      info2: hasError ? vectoring.errorCode : 0,
      info2High:
        (source === SWITCH_BY_IRET ? SWITCH_IRET : 0) |
        (source === SWITCH_BY_JMP ? SWITCH_JMP : 0) |
        (hasError ? SWITCH_ERROR_CODE : 0) |
        ((s[at.eflags] & RF) !== 0 ? SWITCH_RF : 0),
      length: insn !== null && byInstruction ? insn.length : 0,
    });
    return true;
  }

  nestedViolation(cpu: Cpu, guestPhysical: number, access: number, allowed: number, _linear: number, translated: boolean): never {
    return this.#nestedFault(guestPhysical, accessCode(cpu, access) | (allowed !== 0 ? PF_P : 0), translated ? NPF_FINAL : NPF_WALK);
  }

  nestedMisconfiguration(cpu: Cpu, guestPhysical: number, access = READ, translated = true): never {
    return this.#nestedFault(guestPhysical, accessCode(cpu, access) | PF_P | PF_RSVD, translated ? NPF_FINAL : NPF_WALK);
  }

  #nestedFault(address: number, errorCode: number, high: number): never {
    this.#nested.address = address;
    this.#nested.errorCode = errorCode;
    this.#nested.high = high;
    throw INTERCEPTED;
  }

  intercepted(cpu: Cpu): void {
    const { address, errorCode, high } = this.#nested;
    exitGuest(cpu, CODE.NPF, { info1: errorCode, info1High: high, info2: address });
  }

  /** With V_INTR_MASKING the host's IF, as VMRUN found it, holds for physical interrupts, and the guest's for virtual ones alone. */
  takesInterrupts(cpu: Cpu): boolean {
    const { s } = cpu;
    if ((vmcb(cpu, slot.vintr) & V_INTR_MASKING) === 0) return (s[at.eflags] & IF) !== 0;
    return (cpu.memory.dwords[(s[at.hsavePa] >>> 2) + slot.rflags] & IF) !== 0;
  }

  #takesVirtual(cpu: Cpu): boolean {
    return (cpu.s[at.eflags] & IF) !== 0 && virtualInterruptPends(vmcb(cpu, slot.vintr));
  }

  /** INIT is looked at before the guest's own debug traps, and behind no shadow. */
  #initExits(cpu: Cpu): boolean {
    return (cpu.s[at.signals] & SIGNAL_INIT) !== 0 && (vmcb(cpu, slot.interceptMisc1) & INTERCEPT_INIT) !== 0;
  }

  attention(cpu: Cpu): boolean {
    const { s } = cpu;
    if (s[at.gif] === 0) return false;
    if (this.#initExits(cpu)) return true;
    if (s[at.nmiPending] !== 0 && (s[at.interruptibility] & BLOCKED_BY_NMI) === 0) return true;
    return (cpu.bus.intr && this.takesInterrupts(cpu)) || this.#takesVirtual(cpu);
  }

  /** INIT, NMI, then physical, then virtual interrupts. What exits stays pending for the host. */
  boundary(cpu: Cpu, intr: boolean): boolean {
    const { s } = cpu;
    if (s[at.gif] !== 0 && this.#initExits(cpu)) {
      exitGuest(cpu, CODE.INIT);
      return true;
    }
    if (s[at.gif] === 0 || s[at.pendingDebug] !== 0 || (s[at.interruptibility] & SHADOW) !== 0) return false;
    const intercepts = vmcb(cpu, slot.interceptMisc1);
    if (s[at.nmiPending] !== 0 && (s[at.interruptibility] & BLOCKED_BY_NMI) === 0) {
      if ((intercepts & INTERCEPT_NMI) === 0) return false;
      exitGuest(cpu, CODE.NMI);
      return true;
    }
    if (intr && this.takesInterrupts(cpu)) {
      if ((intercepts & INTERCEPT_INTR) === 0) return false;
      exitGuest(cpu, CODE.INTR);
      return true;
    }
    if (!this.#takesVirtual(cpu)) return false;
    if ((intercepts & INTERCEPT_VINTR) !== 0) exitGuest(cpu, CODE.VINTR);
    else this.#deliverVirtual(cpu);
    return true;
  }

  #deliverVirtual(cpu: Cpu): void {
    const vector = vmcb(cpu, slot.vintr + 1) & 0xff;
    setVmcb(cpu, slot.vintr, vmcb(cpu, slot.vintr) & ~V_IRQ);
    deliverEvent(cpu, vector, EXTERNAL, 0, cpu.s[at.eip]);
  }

  fixedBitsViolated(): boolean {
    return false;
  }

  visibleCr(_cpu: Cpu, _register: number, value: number): number {
    return value;
  }

  afterIret(cpu: Cpu): void {
    cpu.s[at.interruptibility] &= ~BLOCKED_BY_NMI;
  }

  offsetTsc(cpu: Cpu, pair: Int32Array): void {
    add64(pair, vmcb(cpu, slot.tscOffset), vmcb(cpu, slot.tscOffset + 1));
  }

  readMsr(cpu: Cpu, msr: number): Msr | undefined {
    return readSvmMsr(cpu, msr);
  }

  writeMsr(cpu: Cpu, msr: number, low: number, high: number): boolean {
    return writeSvmMsr(cpu, this.capabilities, msr, low, high);
  }
}
