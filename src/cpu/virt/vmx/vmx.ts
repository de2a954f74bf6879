/** VT-x as the processor's virtualization extension: SDM vol 3, chapters 23 to 27. */
import type { Insn } from '../../../isa/insn.ts';
import type { Cpu } from '../../cpu.ts';
import { flags } from '../../flags.ts';
import { add64 } from '../../msrs.ts';
import type { Profile } from '../../profiles.ts';
import { BLOCKED_BY_MOV_SS, BLOCKED_BY_NMI, BLOCKED_BY_STI, DB, DFV, IF, PFV, RF } from '../../registers.ts';
import { at } from '../../state.ts';
import type { VirtExtension } from '../extension.ts';
import { type Capabilities, capabilities } from './capabilities.ts';
import { EntryView } from './checks/check.ts';
import { FIXED_IGNORED_CR0, fixedBitsViolated } from './checks/host.ts';
import { EXIT_ACKNOWLEDGE, PIN_EXTERNAL_INTERRUPT, PIN_NMI, PRIMARY_INTERRUPT_WINDOW, PRIMARY_TSC_OFFSETTING } from './controls.ts';
import { exitGuest, vectoringLength } from './exit.ts';
import { slot } from './fields.ts';
import { GATES } from './gates.ts';
import { HARDWARE_EXCEPTION, INFO_ERROR_CODE, INFO_TYPE_SHIFT, INFO_VALID, NMI_TYPE } from './interruption.ts';
import { REASON } from './reasons.ts';
import { merge, vmread } from './vmcs.ts';

const SHADOW = BLOCKED_BY_STI | BLOCKED_BY_MOV_SS;
const NMI_VECTOR = 2;
const IDT_GATE = 3;

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
    if (!this.#exceptionExits(cpu, vector, errorCode)) return false;
    const { s } = cpu;
    const hardware = kind === HARDWARE_EXCEPTION;
    if (vector === DFV && hardware) cpu.vectoring.info = 0;
    const info = INFO_VALID | (hasErrorCode ? INFO_ERROR_CODE : 0) | (kind << INFO_TYPE_SHIFT) | vector;
    const qualification = vector === PFV ? cpu.faultAddress : vector === DB && hardware ? s[at.pendingDebug] : 0;
    if (vector === DB) s[at.pendingDebug] = 0;
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

  attention(cpu: Cpu): boolean {
    const { s } = cpu;
    if (s[at.nmiPending] !== 0 && (s[at.interruptibility] & BLOCKED_BY_NMI) === 0) return true;
    if (cpu.bus.intr && (vmread(cpu, slot.pinControls) & PIN_EXTERNAL_INTERRUPT) !== 0) return true;
    return (vmread(cpu, slot.primaryControls) & PRIMARY_INTERRUPT_WINDOW) !== 0 && (s[at.eflags] & IF) !== 0;
  }

  /** NMI, then the interrupt window, then external interrupts (SDM vol 3, 25.2 and 26.6). */
  boundary(cpu: Cpu, intr: boolean): boolean {
    const { s } = cpu;
    const blocked = s[at.interruptibility];
    if ((blocked & SHADOW) !== 0) return false;
    const pin = vmread(cpu, slot.pinControls);
    if (s[at.nmiPending] !== 0 && (blocked & BLOCKED_BY_NMI) === 0) {
      if ((pin & PIN_NMI) === 0) return false;
      s[at.nmiPending] = 0;
      exitGuest(cpu, REASON.EXCEPTION_NMI, 0, 0, INFO_VALID | (NMI_TYPE << INFO_TYPE_SHIFT) | NMI_VECTOR, 0, flags(cpu));
      s[at.interruptibility] |= BLOCKED_BY_NMI;
      return true;
    }
    if ((vmread(cpu, slot.primaryControls) & PRIMARY_INTERRUPT_WINDOW) !== 0 && (s[at.eflags] & IF) !== 0) {
      exitGuest(cpu, REASON.INTERRUPT_WINDOW, 0, 0, 0, 0, flags(cpu));
      return true;
    }
    if (intr && (pin & PIN_EXTERNAL_INTERRUPT) !== 0) {
      const acknowledge = (vmread(cpu, slot.exitControls) & EXIT_ACKNOWLEDGE) !== 0;
      exitGuest(cpu, REASON.EXTERNAL_INTERRUPT, 0, 0, acknowledge ? INFO_VALID | cpu.bus.acknowledge() : 0, 0, flags(cpu));
      return true;
    }
    return false;
  }

  fixedBitsViolated(cpu: Cpu, register: 0 | 4, value: number): boolean {
    if (cpu.s[at.vmxOn] === 0) return false;
    const { cr0, cr4 } = this.capabilities;
    return (register === 0 ? fixedBitsViolated(value, cr0, FIXED_IGNORED_CR0) : fixedBitsViolated(value, cr4, 0)) !== 0;
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

  afterIret(cpu: Cpu): void {
    const { s } = cpu;
    if (s[at.guest] === 0 || (vmread(cpu, slot.pinControls) & PIN_NMI) === 0) s[at.interruptibility] &= ~BLOCKED_BY_NMI;
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
