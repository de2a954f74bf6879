/** VM exits; on bare metal, interrupts and faults. */
import type { Vendor } from './who.ts';

export interface ExitField {
  /** `31:16` */
  readonly bits: string;
  /** `3F8h` */
  readonly value: string;
  /** In words: `serial port`. */
  readonly meaning: string;
}

/** One information field of an exit: the exit qualification, EXITINFO1, ...; or what an OUT was to write, which has no fields. */
export interface ExitInfo {
  readonly name: string;
  /** `00000003h` */
  readonly value: string;
  readonly fields: readonly ExitField[];
}

export interface ExitRecord {
  /** 1, 2, ... in order of occurrence. */
  readonly index: number;
  readonly n: number;
  readonly cycle: number;
  readonly vm: number;
  /** Whose it was: `VM 1`, `inner hypervisor`; empty on the bare machine. */
  readonly owner: string;
  readonly vendor: Vendor;
  /** Basic exit reason, or EXITCODE. */
  readonly code: number;
  /** As the manual writes it: `28`, `7Bh`. */
  readonly codeText: string;
  /** `CR_ACCESS` */
  readonly name: string;
  /** `Control-register access` */
  readonly title: string;
  readonly guestEip: number;
  readonly instructionLength: number;
  readonly interruptionInfo: number;
  readonly cause: string;
  readonly cpl: number;
  /** Disassembly of the instruction that exited, or empty for an event. */
  readonly instruction: string;
  /** What its information fields say, in words. */
  readonly infos: readonly ExitInfo[];
  /** Cycles of the exit itself, of the handler so far or in all, of the entry that ended it (0 before it happened). */
  readonly cycles: { readonly exit: number; readonly handler: number; readonly entry: number };
  readonly done: boolean;
}

export interface ExitCount {
  readonly code: number;
  /** `28`, `7Bh`; of a vector `32`. */
  readonly codeText: string;
  readonly name: string;
  readonly title: string;
  readonly count: number;
}

/** On bare metal the same panel counts interrupts and faults by vector. */
export interface ExitsView {
  readonly kind: 'exits' | 'interrupts';
  /** What the codes are: `exit reason`, `EXITCODE`, `vector`. */
  readonly codeIs: string;
  readonly total: number;
  readonly counts: readonly ExitCount[];
  /** The newest at the end, six at most. */
  readonly latest: readonly ExitRecord[];
  /** The one that was asked for, where it is none of these. */
  readonly chosen: ExitRecord | null;
}
