/** Rare events, as the processor reports them: privilege changes, faults, exits. Never one per instruction. */

/** Where the processor is: VMX operation and CPL packed as `mode * 4 + cpl`; mode 0 none, 1 root, 2 guest. */
export type Place = number;

export const MODE_NONE = 0;
export const MODE_ROOT = 1;
export const MODE_GUEST = 2;

export const placeMode = (place: Place): number => place >> 2;
export const placeCpl = (place: Place): number => place & 3;

export type TransferKind = 'int' | 'sysenter' | 'sysexit' | 'iret' | 'call-gate' | 'far-jump' | 'far-return' | 'task-switch';

/** The neutral record of a VM exit: what both vendors have. */
export interface ExitReport {
  readonly vendor: 'vmx' | 'svm';
  readonly code: number;
  readonly name: string;
  readonly qualification: number;
  readonly guestEip: number;
  readonly instructionLength: number;
  readonly interruptionInfo: number;
  readonly interruptionErrorCode: number;
  /** In words: `cr-write`. */
  readonly cause: string;
  readonly cpl: number;
  /** The guest's: what an OUT would write. */
  readonly eax: number;
  /** SVM: EXITINFO1 and EXITINFO2, of which `qualification` has the low half of the first; EXITINTINFO bits 31:0. */
  readonly info1?: number;
  readonly info2?: number;
  readonly eventInfo?: number;
}

export interface EventSink {
  /** An exception delivered through the IDT. `eip` is the one pushed. */
  exception(vector: number, errorCode: number, from: Place, to: Place, eip: number, cr2: number): void;
  interrupt(vector: number, external: boolean, from: Place, to: Place, eip: number): void;
  /** `eip` is what is pushed or gone to; `vector` of INT n. */
  transfer(kind: TransferKind, from: Place, to: Place, eip: number, vector?: number): void;
  control(register: string, old: number, value: number): void;
  vmexit(report: ExitReport): void;
  vmentry(guestEip: number, launch: boolean, injected: number, cpl: number): void;
  vmentryFailed(code: number, rule: string, qualification: number): void;
  vmfail(kind: 'valid' | 'invalid', error: number, rule: string): void;
  port(direction: 'in' | 'out', port: number, size: number, value: number): void;
  halted(): void;
  /** Triple fault outside a guest, or VMX abort. */
  shutdown(why: string): void;
  /** A fault met, before it is known whether it is delivered, exits or escalates; `text` names the check that failed. */
  fault(vector: number, errorCode: number, eip: number): void;
}

const nothing = (): void => {};

export const SILENT: EventSink = {
  exception: nothing,
  interrupt: nothing,
  transfer: nothing,
  control: nothing,
  vmexit: nothing,
  vmentry: nothing,
  vmentryFailed: nothing,
  vmfail: nothing,
  port: nothing,
  halted: nothing,
  shutdown: nothing,
  fault: nothing,
};
