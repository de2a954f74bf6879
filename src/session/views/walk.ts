/** The way of one address. */

export interface WalkEntry {
  /** `page directory`, `page table` */
  readonly table: string;
  /** `PD`, `EPT PDPT` */
  readonly short: string;
  readonly index: number;
  /** Physical address of the entry; guest-physical where nested tables follow; -1 for a PDPTE register. */
  readonly address: number;
  readonly value: number;
  /** `P R/W A` */
  readonly flags: string;
  /** The entries of the nested tables that say where this one lies; empty without nested paging. */
  readonly nested: readonly WalkEntry[];
}

/** An address that the step at hand uses. */
export interface WalkChoice {
  /** The same from step to step: `fetch`, `operand`, `source`, `stack`, `GDT 0010`; with a number behind it where there are several. */
  readonly id: string;
  /** `instruction`, `reads`, `stack` */
  readonly name: string;
}

/** Which address is followed: a choice, as long as a step has it, or one that was typed; null takes what the step itself is about. */
export type WalkWish =
  | { readonly choice: string }
  /** `segment`: `DS`; empty for a linear address. */
  | { readonly segment: string; readonly offset: number }
  | null;

/** Segment to linear to (guest-physical to) physical of one address. */
export interface WalkView {
  /** What lies there: `the instruction at CS:EIP`, `what mov reads`. */
  readonly what: string;
  /** `DS`; empty for a linear address. */
  readonly segment: string;
  readonly offset: number;
  /** Of the segment. */
  readonly base: number;
  readonly linear: number;
  /** Null on bare metal. */
  readonly guestPhysical: number | null;
  readonly physical: number | null;
  /** What the processor walks: its `own` tables, a monitor's `shadow` tables, or the guest's and `nested` ones. */
  readonly walked: 'own' | 'shadow' | 'nested';
  readonly entries: readonly WalkEntry[];
  /** With nested paging, from the guest-physical address of the page on. */
  readonly nestedEntries: readonly WalkEntry[];
  /** Entries read on the whole walk, in two dimensions with nested paging. */
  readonly references: number;
  /** The guest's own entries, when they are bookkeeping and not what is walked. */
  readonly guestEntries: readonly WalkEntry[];
  /** `not present: page fault`; empty when it ends in a page. */
  readonly fault: string;
  readonly tlbHit: boolean;
  /** Bytes of guest-physical space of this VM, of RAM in all, and each VM's part of RAM; for bars to scale. */
  readonly guestSize: number;
  readonly ramSize: number;
  readonly parts: readonly { readonly vm: number; readonly base: number; readonly size: number }[];
  /** The addresses that the step uses, in the order in which it does; the instruction's alone while the machine runs. */
  readonly choices: readonly WalkChoice[];
  /** The `id` of the one that is followed; empty for one that was typed. */
  readonly chosen: string;
}
