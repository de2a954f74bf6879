/** The VMCS or VMCB. */
import type { WhyCheck } from './why.ts';

/** A field of a VMCS or VMCB, as it lies in memory. */
export interface BlockField {
  /** VMCS encoding or VMCB offset: `6802h`. */
  readonly id: string;
  /** The manual's name. */
  readonly name: string;
  /** Upper-case hex, of as many digits as the field has. */
  readonly value: string;
  /** What the value says: the controls that are on, an event, a segment's rights. Empty when it is just a number. */
  readonly meaning: string;
  /** What the field is for. */
  readonly about: string;
  /** The rule that refused the last entry speaks of it. */
  readonly refused: boolean;
}

export interface BlockGroup {
  /** `Guest state` */
  readonly title: string;
  /** Who reads and writes it, and when. */
  readonly when: string;
  readonly fields: readonly BlockField[];
}

/** The memory through which monitor and processor speak of one guest: VT-x's VMCS, AMD-V's VMCB. */
export interface BlockView {
  readonly kind: 'VMCS' | 'VMCB';
  /** 0 when no guest has been entered with it. */
  readonly vm: number;
  /** Whose it is: `VM 1`; with two monitors `the inner hypervisor (vmcs01)`, `VM 1 (vmcs02)`. Empty when it was never entered. */
  readonly owner: string;
  readonly address: number;
  /** `launched`, `clear`; empty for a VMCB. */
  readonly state: string;
  /** The rule by which the processor refused the last entry, until one succeeds; else empty. */
  readonly refusal: string;
  readonly groups: readonly BlockGroup[];
  /** The checks of an entry, as they would come out now. */
  readonly checks: readonly WhyCheck[];
}
