/** The instruction stream. */
import type { Who } from './who.ts';

/** What became of an instruction of a guest kernel: copied as it was, done another way in line, given to the monitor, or given to it later. */
export type TranslationKind = 'copied' | 'rewritten' | 'callout' | 'substituted';

/** The instruction of the guest that a translated one was made from. */
export interface Original {
  readonly kind: TranslationKind;
  /** Linear address in the guest. */
  readonly address: number;
  /** `mov cr3, eax` */
  readonly text: string;
  /** Its translation begins with this instruction. */
  readonly begins: boolean;
}

export interface StreamInstruction {
  readonly kind: 'instruction';
  readonly n: number;
  readonly who: Who;
  readonly address: number;
  /** Upper-case hex pairs, `0F 22 D8`. */
  readonly bytes: string;
  readonly mnemonic: string;
  readonly operands: string;
  /** The comment behind the source line; empty without a source. */
  readonly comment: string;
  /** `switch.asm:41`; empty without a source. */
  readonly source: string;
  /** Label that starts here, without colon. */
  readonly label: string;
  /** What this part of its function is for, `step over the instruction`; empty where the source does not say. */
  readonly goal: string;
  /** Registers the instruction reads or writes, lower case, for underlining in the current row. */
  readonly touches: readonly string[];
  /** How many iterations of this REP instruction are in this row, of those that are at hand; 0 of any other. */
  readonly iteration: number;
  /** As many iterations as (E)CX tells, the last of this row among them. */
  readonly toGo: number;
  /** Of translated code; else null. */
  readonly original: Original | null;
}

export interface StreamEvent {
  readonly kind: 'event';
  readonly n: number;
  /** Who runs after it. */
  readonly who: Who;
  /** `VM exit → hypervisor, ring −1` (past) or `Will exit → …` (future). */
  readonly text: string;
  /** `reason 28, control-register access`. */
  readonly note: string;
}

/** Instructions left out between two rows: whoever draws a stream puts it in their place. */
export interface StreamFold {
  readonly kind: 'fold';
  readonly n: number;
  readonly who: Who;
  readonly count: number;
  readonly text: string;
  /** What all of it is for; empty where that differs, or the source does not say. */
  readonly goal: string;
  /** The same for the same piece of code. */
  readonly id: string;
  /** What it stands for is there, too. */
  readonly isOpen: boolean;
}

export type StreamRow = StreamInstruction | StreamEvent | StreamFold;

export interface StreamView {
  /** Executed rows, oldest first. */
  readonly past: readonly StreamRow[];
  /** The instruction the processor stands at; null when it is shut down or halted for good. */
  readonly current: StreamInstruction | null;
  /** What will happen if nothing intervenes: run ahead on a copy, so it is certain. */
  readonly future: readonly StreamRow[];
  /** Source files of the visible rows. */
  readonly files: readonly string[];
}
