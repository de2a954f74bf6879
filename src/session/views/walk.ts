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

/** Segment to linear to (guest-physical to) physical of one address. */
export interface WalkView {
  readonly what: string;
  readonly segment: string;
  readonly offset: number;
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
}
