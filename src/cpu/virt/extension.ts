/** The seam between the processor and its virtualization extension. No vendor is named outside `virt/`. */
import type { Insn } from '../../isa/insn.ts';
import type { Cpu } from '../cpu.ts';

export interface VirtExtension {
  readonly vendor: 'vmx' | 'svm';
  /**
   * In guest mode, in place of an instruction whose row has an exit column: checks what the manual checks before the exit, exits
   * (and throws ABANDONED) if the controls say so, else runs `insn.behaviour`.
   */
  gate(cpu: Cpu, insn: Insn<Cpu>): void;
  /**
   * In guest mode, an exception about to be delivered (before CR2, DR6 or the stack change); EIP is what is to be saved. `kind` is 4 for INT n, 5 for INT1,
   * 6 for INT3 and INTO, 3 for a hardware exception. Returns true when it exited instead.
   */
  exception(cpu: Cpu, vector: number, errorCode: number, hasErrorCode: boolean, kind: number, instructionLength: number): boolean;
  /** In guest mode, a triple fault. Returns true when it exited. */
  tripleFault(cpu: Cpu): boolean;
  /** In guest mode, an error of the floating-point unit is about to freeze the processor; EIP is the instruction's. Returns true when it exited. */
  freezes?(cpu: Cpu): boolean;
  /**
   * In guest mode, a task switch by any means (`source` 0 CALL, 1 IRET, 2 JMP, 3 IDT gate), once its checks have passed and before
   * anything has changed; EIP lies behind the instruction under way, if there is one. Returns true when it exited; the caller unwinds with
   * ABANDONED.
   */
  taskSwitch(cpu: Cpu, selector: number, source: number): boolean;
  /**
   * In guest mode, what made an access throw INTERCEPTED, now that EIP is right: exits. A fault of the guest's own would have been a FAULT.
   */
  intercepted?(cpu: Cpu): void;
  /**
   * In guest mode with nested paging, an access to a guest-physical address that the nested tables do not allow: throws INTERCEPTED.
   *
   * @param access bit 0 read, 1 write, 2 instruction fetch
   * @param allowed the same bits, as the nested entries on the way have them in common; 0 if one is not present
   * @param linear the linear address that was to be translated; NO_LINEAR when the processor loads its PDPTE registers
   * @param translated whether it was the page itself, and not one of the guest's paging structures
   */
  nestedViolation?(cpu: Cpu, guestPhysical: number, access: number, allowed: number, linear: number, translated: boolean): never;
  /** The same, of a nested entry that has no meaning. */
  nestedMisconfiguration?(cpu: Cpu, guestPhysical: number, access?: number, translated?: boolean): never;
  /**
   * In guest mode, an access to the APIC-access page (`at.apicAccessPage`): it is redirected, or throws INTERCEPTED.
   *
   * @param access 0 read, 1 write, 2 instruction fetch
   * @returns what is read
   */
  apicAccess?(cpu: Cpu, offset: number, size: number, access: number): number;
  /** The store of a write that `apicAccess` let pass. */
  apicWrite?(cpu: Cpu, offset: number, size: number, value: number): void;
  /**
   * In guest mode at an instruction boundary, before anything else: what exits there, in its priority. Returns true when it exited; then this
   * was a step. False where a pending debug trap of the guest, an NMI or an interrupt comes first.
   */
  boundary(cpu: Cpu, intr: boolean): boolean;
  /** True when `boundary` may do something at once: an NMI, an interrupt that exits, an open window. It wakes a halted guest. Cheap. */
  attention(cpu: Cpu): boolean;
  /** In guest mode, whether an external interrupt is taken where nothing shadows it; absent: if IF is 1. */
  takesInterrupts?(cpu: Cpu): boolean;
  /** In guest mode, whether an external interrupt exits whatever the guest's IF says; absent: no. */
  interruptsExit?(cpu: Cpu): boolean;
  /** Writes of CR0 and CR4 as far as VMX operation fixes bits: an offending value is #GP(0). */
  fixedBitsViolated(cpu: Cpu, register: 0 | 4, value: number): boolean;
  /** MOV from CR and SMSW in guest mode: what is seen of the register. */
  visibleCr(cpu: Cpu, register: number, value: number): number;
  /** IRET in guest mode, before it can fault, and once it has not. Which NMI blocking it ends, and when, is the extension's business. */
  beforeIret?(cpu: Cpu): void;
  afterIret(cpu: Cpu): void;
  /** In guest mode: adds to a time-stamp counter what the host has set. */
  offsetTsc(cpu: Cpu, pair: Int32Array): void;
  /** Capability and control MSRs; undefined: no such MSR. The low half in `[0]`. */
  readMsr(cpu: Cpu, msr: number): readonly [number, number] | undefined;
  /** Returns false for no such MSR or a value it refuses. */
  writeMsr(cpu: Cpu, msr: number, low: number, high: number): boolean;
}
