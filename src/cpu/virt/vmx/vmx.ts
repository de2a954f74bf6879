/** VT-x as the processor's virtualization extension: SDM vol 3, chapters 23 to 27. */
import type { Insn } from '../../../isa/insn.ts';
import { ENABLED_BREAKPOINT } from '../../breakpoints.ts';
import type { Cpu } from '../../cpu.ts';
import { flags } from '../../flags.ts';
import { add64 } from '../../msrs.ts';
import type { Profile } from '../../profiles.ts';
import {
  BLOCKED_BY_MOV_SS,
  BLOCKED_BY_NMI,
  BLOCKED_BY_STI,
  CR0_PE,
  CR0_PG,
  DB,
  DFV,
  IF,
  PFV,
  RF,
  SHUTDOWN,
  WAITING_FOR_STARTUP,
} from '../../registers.ts';
import { INTERCEPTED } from '../../signals.ts';
import { at, SIGNAL_INIT, SIGNAL_STARTUP, TPR_BELOW, TRAP_FLAG_DUE } from '../../state.ts';
import { NO_LINEAR } from '../../walk/walk.ts';
import type { VirtExtension } from '../extension.ts';
import { type Capabilities, capabilities } from './capabilities.ts';
import { EntryView } from './checks/check.ts';
import { FIXED_IGNORED_CR0, fixedBitsViolated } from './checks/host.ts';
import {
  EXIT_ACKNOWLEDGE,
  PIN_EXTERNAL_INTERRUPT,
  PIN_NMI,
  PIN_VIRTUAL_NMIS,
  PRIMARY_INTERRUPT_WINDOW,
  PRIMARY_NMI_WINDOW,
  PRIMARY_TSC_OFFSETTING,
  SECONDARY_UNRESTRICTED,
} from './controls.ts';
import { exitGuest, vectoringLength } from './exit.ts';
import { slot } from './fields.ts';
import { GATES } from './gates.ts';
import { HARDWARE_EXCEPTION, INFO_ERROR_CODE, INFO_NMI_UNBLOCKED, INFO_TYPE_SHIFT, INFO_VALID, NMI_TYPE } from './interruption.ts';
import { REASON } from './reasons.ts';
import { timerExpired } from './timer.ts';
import { apicAccessQualification, isRedirected, readVirtualTpr, writeVirtualTpr } from './virtual-apic.ts';
import { merge, secondaryControls, vmread, vmwrite } from './vmcs.ts';

const SHADOW = BLOCKED_BY_STI | BLOCKED_BY_MOV_SS;
const NMI_VECTOR = 2;
const IDT_GATE = 3;

/*
 * Exit qualification of EPT violations (table 27-7): access 2:0 (read, write, fetch), what the entries allow 5:3, linear address valid 7, translation
 * of it and not one of its paging structures 8, NMI unblocking 12
 */
const EPT_ALLOWED_SHIFT = 3;
const EPT_LINEAR_VALID = 1 << 7;
const EPT_TRANSLATED = 1 << 8;

/** INIT is blocked where a start-up IPI is awaited, and this counts nowhere else. */
const signalExits = (activity: number, signals: number): boolean =>
  (signals & (activity === WAITING_FOR_STARTUP ? SIGNAL_STARTUP : SIGNAL_INIT)) !== 0;

export class Vmx implements VirtExtension {
  readonly vendor = 'vmx';
  readonly capabilities: Capabilities;
  /** What the checks of a VM entry look at; here so that entries allocate nothing. */
  readonly view: EntryView;

  constructor(profile: Profile) {
    this.capabilities = capabilities(profile);
    this.view = new EntryView(this.capabilities);
  }

  gate(cpu: Cpu, insn: Insn<Cpu>): void {
    GATES[insn.row.exit!.vmx!](cpu, insn);
  }

  gateOf(exit: string): (cpu: Cpu, insn: Insn<Cpu>) => void {
    return GATES[exit];
  }

  exception(cpu: Cpu, vector: number, errorCode: number, hasErrorCode: boolean, kind: number, instructionLength: number): boolean {
    const unblocked = cpu.vectoring.info < 0 || vector === DFV ? 0 : this.unblockedByIret;
    this.unblockedByIret = 0;
    if (!this.#exceptionExits(cpu, vector, errorCode)) return false;
    const hardware = kind === HARDWARE_EXCEPTION;
    if (vector === DFV && hardware) cpu.vectoring.info = 0;
    const info = INFO_VALID | unblocked | (hasErrorCode ? INFO_ERROR_CODE : 0) | (kind << INFO_TYPE_SHIFT) | vector;
    const qualification = vector === PFV ? cpu.faultAddress : vector === DB && hardware ? cpu.debugCause & ~ENABLED_BREAKPOINT : 0;
    const resume = hardware && vector !== DB ? RF : 0;
    exitGuest(
      cpu,
      REASON.EXCEPTION_NMI,
      qualification,
      hardware ? vectoringLength(cpu) : instructionLength,
      info,
      errorCode,
      flags(cpu) | resume,
    );
    return true;
  }

  #exceptionExits(cpu: Cpu, vector: number, errorCode: number): boolean {
    const bit = ((vmread(cpu, slot.exceptionBitmap) >>> vector) & 1) !== 0;
    if (vector !== PFV) return bit;
    return ((errorCode & vmread(cpu, slot.pageFaultMask)) === vmread(cpu, slot.pageFaultMatch)) === bit;
  }

  tripleFault(cpu: Cpu): boolean {
    cpu.vectoring.info = 0;
    exitGuest(cpu, REASON.TRIPLE_FAULT, 0, 0, 0, 0, flags(cpu) | RF);
    return true;
  }

  taskSwitch(cpu: Cpu, selector: number, source: number): boolean {
    const { current: insn } = cpu;
    const length = source === IDT_GATE ? vectoringLength(cpu) : (insn?.length ?? 0);
    if (insn !== null && length !== 0) cpu.s[at.eip] -= insn.length;
    exitGuest(cpu, REASON.TASK_SWITCH, (source << 30) | selector, length, 0, 0, flags(cpu) & ~RF);
    return true;
  }

  /** What made the access throw that is now to exit. */
  readonly access = { reason: 0, qualification: 0, guestPhysical: 0, linear: 0 };
  /** INFO_NMI_UNBLOCKED while an IRET that has ended NMI blocking is under way. */
  unblockedByIret = 0;

  intercepted(cpu: Cpu): void {
    const { current: insn, vectoring } = cpu;
    const { reason, qualification, guestPhysical, linear } = this.access;
    if (reason !== REASON.APIC_ACCESS) {
      vmwrite(cpu, slot.guestPhysicalAddress, guestPhysical);
      vmwrite(cpu, slot.guestPhysicalAddress + 1, 0);
      vmwrite(cpu, slot.guestLinearAddress, linear);
    }
    const delivers = vectoring.info < 0;
    const length = delivers ? vectoringLength(cpu) : (insn?.length ?? 0);
    const unblocked = delivers || reason !== REASON.EPT_VIOLATION ? 0 : this.unblockedByIret;
    this.unblockedByIret = 0;
    exitGuest(cpu, reason, qualification | unblocked, length, 0, 0, delivers ? flags(cpu) : flags(cpu) | RF);
  }

  nestedViolation(_cpu: Cpu, guestPhysical: number, access: number, allowed: number, linear: number, translated: boolean): never {
    const translation = linear === NO_LINEAR ? 0 : EPT_LINEAR_VALID | (translated ? EPT_TRANSLATED : 0);
    const qualification = access | (allowed << EPT_ALLOWED_SHIFT) | translation;
    return this.#intercept(REASON.EPT_VIOLATION, qualification, guestPhysical, linear);
  }

  nestedMisconfiguration(_cpu: Cpu, guestPhysical: number): never {
    return this.#intercept(REASON.EPT_MISCONFIGURATION, 0, guestPhysical, 0);
  }

  #intercept(reason: number, qualification: number, guestPhysical: number, linear: number): never {
    const { access } = this;
    access.reason = reason;
    access.qualification = qualification;
    access.guestPhysical = guestPhysical;
    access.linear = linear;
    throw INTERCEPTED;
  }

  apicAccess(cpu: Cpu, offset: number, size: number, access: number): number {
    if (isRedirected(cpu, offset, size, access)) return readVirtualTpr(cpu);
    return this.#intercept(REASON.APIC_ACCESS, apicAccessQualification(cpu, offset, access), 0, 0);
  }

  apicWrite(cpu: Cpu, _offset: number, _size: number, value: number): void {
    writeVirtualTpr(cpu, value);
  }

  interruptsExit(cpu: Cpu): boolean {
    return (vmread(cpu, slot.pinControls) & PIN_EXTERNAL_INTERRUPT) !== 0;
  }

  attention(cpu: Cpu): boolean {
    const { s } = cpu;
    if ((s[at.trapExits] & (TRAP_FLAG_DUE | TPR_BELOW)) !== 0 || timerExpired(cpu)) return true;
    const activity = s[at.activity];
    if (s[at.signals] !== 0 && signalExits(activity, s[at.signals])) return true;
    if (s[at.nmiPending] !== 0 && (s[at.interruptibility] & BLOCKED_BY_NMI) === 0) return activity !== WAITING_FOR_STARTUP;
    const primary = vmread(cpu, slot.primaryControls);
    if ((primary & PRIMARY_NMI_WINDOW) !== 0 && s[at.virtualNmiBlocked] === 0) return activity !== WAITING_FOR_STARTUP;
    if (activity >= SHUTDOWN) return false;
    if (cpu.bus.intr && this.interruptsExit(cpu)) return true;
    return (primary & PRIMARY_INTERRUPT_WINDOW) !== 0 && (s[at.eflags] & IF) !== 0;
  }

  /**
   * TPR below threshold, INIT, monitor trap flag, (the guest's debug traps,) preemption timer, NMI window, NMI, interrupt window, external interrupt:
   * SDM vol 3, 6.9, 25.2, 25.5 and 26.6. Blocking by STI or MOV SS holds up the last four.
   */
  boundary(cpu: Cpu, intr: boolean): boolean {
    const { s } = cpu;
    if ((s[at.trapExits] & TPR_BELOW) !== 0) return this.#leave(cpu, REASON.TPR_BELOW_THRESHOLD, 0);
    if (s[at.signals] !== 0 && signalExits(s[at.activity], s[at.signals])) return this.#leaveForSignal(cpu);
    if ((s[at.trapExits] & TRAP_FLAG_DUE) !== 0) return this.#leave(cpu, REASON.MONITOR_TRAP_FLAG, 0);
    const blocked = s[at.interruptibility];
    if (s[at.pendingDebug] !== 0 && (blocked & BLOCKED_BY_MOV_SS) === 0) return false;
    const activity = s[at.activity];
    if (timerExpired(cpu) && activity !== WAITING_FOR_STARTUP) return this.#leave(cpu, REASON.PREEMPTION_TIMER, 0);
    if ((blocked & SHADOW) !== 0 || activity === WAITING_FOR_STARTUP) return false;
    const primary = vmread(cpu, slot.primaryControls);
    const pin = vmread(cpu, slot.pinControls);
    if ((primary & PRIMARY_NMI_WINDOW) !== 0 && s[at.virtualNmiBlocked] === 0) return this.#leave(cpu, REASON.NMI_WINDOW, 0);
    if (s[at.nmiPending] !== 0 && (blocked & BLOCKED_BY_NMI) === 0) {
      if ((pin & PIN_NMI) === 0) return false;
      s[at.nmiPending] = 0;
      this.#leave(cpu, REASON.EXCEPTION_NMI, INFO_VALID | (NMI_TYPE << INFO_TYPE_SHIFT) | NMI_VECTOR);
      s[at.interruptibility] |= BLOCKED_BY_NMI;
      return true;
    }
    if (activity === SHUTDOWN) return false;
    if ((primary & PRIMARY_INTERRUPT_WINDOW) !== 0 && (s[at.eflags] & IF) !== 0) return this.#leave(cpu, REASON.INTERRUPT_WINDOW, 0);
    if (!intr || (pin & PIN_EXTERNAL_INTERRUPT) === 0) return false;
    const acknowledge = (vmread(cpu, slot.exitControls) & EXIT_ACKNOWLEDGE) !== 0;
    return this.#leave(cpu, REASON.EXTERNAL_INTERRUPT, acknowledge ? INFO_VALID | cpu.bus.acknowledge() : 0);
  }

  /** None of the effects of INIT or of a start-up IPI happen. */
  #leaveForSignal(cpu: Cpu): true {
    const { s } = cpu;
    const signals = s[at.signals];
    s[at.signals] = 0;
    if (s[at.activity] === WAITING_FOR_STARTUP) exitGuest(cpu, REASON.SIPI, (signals >>> 8) & 0xff, 0, 0, 0, flags(cpu));
    else exitGuest(cpu, REASON.INIT, 0, 0, 0, 0, flags(cpu));
    return true;
  }

  /** An exit between two instructions. */
  #leave(cpu: Cpu, reason: number, info: number): true {
    exitGuest(cpu, reason, 0, 0, info, 0, flags(cpu));
    return true;
  }

  fixedBitsViolated(cpu: Cpu, register: 0 | 4, value: number): boolean {
    if (cpu.s[at.vmxOn] === 0) return false;
    const { cr0, cr4 } = this.capabilities;
    if (register === 4) return fixedBitsViolated(value, cr4, 0) !== 0;
    const unrestricted = cpu.s[at.guest] !== 0 && (secondaryControls(cpu) & SECONDARY_UNRESTRICTED) !== 0;
    return fixedBitsViolated(value, cr0, FIXED_IGNORED_CR0 | (unrestricted ? CR0_PE | CR0_PG : 0)) !== 0;
  }

  /** VMXON demands the fixed bits before there is VMX operation. */
  fixedBitsMissing(cpu: Cpu): boolean {
    const { cr0, cr4 } = this.capabilities;
    return (fixedBitsViolated(cpu.s[at.cr0], cr0, FIXED_IGNORED_CR0) | fixedBitsViolated(cpu.s[at.cr4], cr4, 0)) !== 0;
  }

  visibleCr(cpu: Cpu, register: number, value: number): number {
    if (register === 0) return merge(value, vmread(cpu, slot.cr0Shadow), vmread(cpu, slot.cr0Mask));
    if (register === 4) return merge(value, vmread(cpu, slot.cr4Shadow), vmread(cpu, slot.cr4Mask));
    return value;
  }

  /** Without NMI exiting it is the blocking of NMIs that ends, with virtual NMIs that of these, and otherwise none. */
  beforeIret(cpu: Cpu): void {
    const { s } = cpu;
    const pin = vmread(cpu, slot.pinControls);
    this.unblockedByIret = 0;
    if ((pin & PIN_VIRTUAL_NMIS) !== 0) {
      if (s[at.virtualNmiBlocked] !== 0) this.unblockedByIret = INFO_NMI_UNBLOCKED;
      s[at.virtualNmiBlocked] = 0;
    } else if ((pin & PIN_NMI) === 0) {
      if ((s[at.interruptibility] & BLOCKED_BY_NMI) !== 0) this.unblockedByIret = INFO_NMI_UNBLOCKED;
      s[at.interruptibility] &= ~BLOCKED_BY_NMI;
    }
  }

  afterIret(): void {
    this.unblockedByIret = 0;
  }

  offsetTsc(cpu: Cpu, pair: Int32Array): void {
    if ((vmread(cpu, slot.primaryControls) & PRIMARY_TSC_OFFSETTING) !== 0)
      add64(pair, vmread(cpu, slot.tscOffset), vmread(cpu, slot.tscOffset + 1));
  }

  /** The capability MSRs are constants of the profile. */
  readMsr(): undefined {
    return undefined;
  }

  writeMsr(): boolean {
    return false;
  }
}
