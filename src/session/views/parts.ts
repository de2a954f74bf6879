/** Parts of the view that come only when they are looked at: tables, devices, memory. */
import type { ExitField } from './exits.ts';

/** How an address of memory is meant: by the tables in use, by a virtual machine's own idea of RAM, as RAM has it, or as a byte of the disk. */
export type Space = 'linear' | 'guest-physical' | 'physical' | 'disk';

/** Which part is looked at. */
export type PartRequest =
  /** `guest`: as the virtual machine at hand has them, and not as the processor has. */
  | { readonly part: 'tables'; readonly guest: boolean }
  | { readonly part: 'devices' }
  | { readonly part: 'memory'; readonly space: Space; readonly address: number };

export type PartView = TablesView | DevicesView | MemoryView;

/** One bit or field of a register. */
export interface RegisterBit extends ExitField {
  /** `WP` */
  readonly name: string;
  /** It is not 0. */
  readonly set: boolean;
  /** What it does at this step: `IF = 0: the timer’s interrupt waits`. Empty when nothing follows. */
  readonly now: string;
}

/** A control, debug or flags register. */
export interface SystemRegister {
  readonly name: string;
  readonly value: number;
  /** Where the other side has another value: whose that is, and the value. */
  readonly other: { readonly whose: string; readonly value: number } | null;
  /** What the register as a whole says: `page directory at 00102000h`. */
  readonly says: string;
  readonly bits: readonly RegisterBit[];
}

/** A segment register, and what the processor keeps of its descriptor. */
export interface SegmentView {
  /** `CS`, ..., `LDTR`, `TR` */
  readonly name: string;
  readonly selector: number;
  readonly base: number;
  readonly limit: number;
  /** `code, readable, DPL 0, 32-bit` */
  readonly rights: string;
  /** The hidden part is not what the table says any more, or never came from it; empty when they agree. */
  readonly differs: string;
}

/** An entry of the GDT, the LDT or the IDT; of the interrupt-vector table. */
export interface TableEntry {
  /** Selector with RPL 0, or vector. */
  readonly number: number;
  readonly address: number;
  readonly low: number;
  readonly high: number;
  readonly kind: 'segment' | 'system' | 'gate' | 'vector';
  /** `code, readable, DPL 0, 32-bit`; `interrupt gate, DPL 3` */
  readonly what: string;
  /** `base 00000000, limit FFFFFFFF`; `0008:00100230 timer` */
  readonly to: string;
  /** Registers that hold its selector; the event of its vector. */
  readonly users: readonly string[];
  /** The last transfer went through it. */
  readonly lit: boolean;
}

export interface DescriptorTable {
  readonly name: 'GDT' | 'LDT' | 'IDT' | 'IVT';
  readonly base: number;
  readonly limit: number;
  /** Entries that are not 0. */
  readonly entries: readonly TableEntry[];
  /** How many are 0. */
  readonly empty: number;
  /** What else there is to say: part of it is not in memory, or the limit reaches too far. */
  readonly note: string;
}

export interface TssField {
  readonly offset: number;
  readonly name: string;
  readonly value: string;
  /** What it does now; empty when nothing. */
  readonly now: string;
  /** The next transfer inwards takes it. */
  readonly lit: boolean;
}

/** The task-state segment of TR. */
export interface TssView {
  readonly base: number;
  readonly what: string;
  readonly fields: readonly TssField[];
}

/** Control registers, flags, segments, descriptor tables and the TSS: the processor's, or as a guest has them. */
export interface TablesView {
  readonly part: 'tables';
  /** Whose these are: `what the processor has, in VM 1’s guest mode`. */
  readonly whose: string;
  readonly guest: boolean;
  /** The other side can be looked at: its name, `VM 1’s own`. Empty where there is none. */
  readonly own: string;
  /** Which entries the last transfer used, as a sentence; empty when none is known. */
  readonly transfer: string;
  readonly registers: readonly SystemRegister[];
  readonly segments: readonly SegmentView[];
  readonly tables: readonly DescriptorTable[];
  readonly tss: TssView | null;
}

/** An input of an 8259A. */
export interface LineView {
  readonly irq: number;
  /** Who pulls it: `timer`. */
  readonly source: string;
  readonly vector: number;
  readonly requested: boolean;
  readonly inService: boolean;
  readonly masked: boolean;
}

export interface PicView {
  readonly name: string;
  /** 0: the board's; otherwise what the monitor keeps for this virtual machine. */
  readonly vm: number;
  readonly irr: number;
  readonly isr: number;
  readonly imr: number;
  readonly base: number;
  readonly lines: readonly LineView[];
}

/** A counter, a port, an APIC: a name, and rows of what it says. */
export interface ChipView {
  readonly name: string;
  readonly rows: readonly { readonly name: string; readonly value: string; readonly meaning: string }[];
}

/** Sectors in a row that are one thing. */
export interface SectorRun {
  /** By the number that its owner gives them. */
  readonly first: number;
  readonly last: number;
  readonly what: 'superblock' | 'directory' | 'links' | 'program' | 'module' | 'text' | 'free' | 'unknown';
  /** Of a file. */
  readonly name: string;
  /** Bytes of the file; 0 for what is none. */
  readonly size: number;
}

/** The disk, or a virtual machine's part of it. */
export interface DiskView {
  /** 0: nobody's but the machine's. */
  readonly vm: number;
  /** The real disk's number of its sector 0. */
  readonly base: number;
  readonly sectors: number;
  readonly runs: readonly SectorRun[];
  /** What the last command read or wrote, by its own number; -1 when that was another's, or nothing yet. */
  readonly last: number;
  readonly wrote: boolean;
}

export interface DevicesView {
  readonly part: 'devices';
  /** Whether an interrupt waits, and for what. */
  readonly sentence: string;
  readonly pics: readonly PicView[];
  readonly chips: readonly ChipView[];
  readonly disks: readonly DiskView[];
  /** The last command to the disk; empty before there is one. */
  readonly diskSentence: string;
}

/** Something that lies in memory from a byte of the dump to another. */
export interface MemorySpan {
  readonly from: number;
  readonly to: number;
  /** `switch (kernel)`, `page directory of CR3`, `GDT` */
  readonly what: string;
}

export interface MemoryView {
  readonly part: 'memory';
  readonly space: Space;
  /** Of the first byte. */
  readonly address: number;
  /** Physical address of the first byte, -1 when its page is nowhere; of the disk the sector. */
  readonly physical: number;
  /** A byte each; -1 where there is none. */
  readonly bytes: readonly number[];
  readonly spans: readonly MemorySpan[];
  /** Bytes that the last step changed, by their place in `bytes`. */
  readonly changed: readonly number[];
  /** What cannot be shown, and why; empty when all is there. */
  readonly note: string;
  /** Spaces that there are at this step. */
  readonly spaces: readonly Space[];
  /** Where the registers point: `CS:EIP`, `GDTR`, `CR3`. */
  readonly places: readonly { readonly name: string; readonly space: Space; readonly address: number }[];
}
