/**
 * Immutable views of the machine at one step. The worker sends them, panels and figures draw them, the CLI prints them.
 * Addresses are unsigned 32-bit numbers; steps and cycles are plain numbers.
 */
import type { BlockView } from './views/block.ts';
import type { ConsoleView } from './views/consoles.ts';
import type { ExitsView } from './views/exits.ts';
import type { PartView } from './views/parts.ts';
import type { FlagView, RegisterView } from './views/processor.ts';
import type { QuestionView } from './views/question.ts';
import type { RingsView } from './views/rings.ts';
import type { StreamView } from './views/stream.ts';
import type { TimelineView } from './views/timeline.ts';
import type { TranslationView } from './views/translation.ts';
import type { WalkView } from './views/walk.ts';
import type { Paging, Vendor, Who } from './views/who.ts';

export type * from './views/block.ts';
export type * from './views/catalog.ts';
export type * from './views/consoles.ts';
export type * from './views/exits.ts';
export type * from './views/parts.ts';
export type * from './views/port.ts';
export type * from './views/processor.ts';
export type * from './views/question.ts';
export type * from './views/rings.ts';
export type * from './views/setup.ts';
export type * from './views/stream.ts';
export type * from './views/timeline.ts';
export type * from './views/translation.ts';
export type * from './views/walk.ts';
export type * from './views/who.ts';
export type * from './views/why.ts';

/** A place in a run that survives small changes of the program: so many steps from the `count`-th event of a kind; `start` is power-on. */
export interface EventPlace {
  readonly event: 'start' | 'exit' | 'entry' | 'refused' | 'exception' | 'interrupt' | 'transfer' | 'disk' | 'halted' | 'shutdown';
  /** Which of that kind: the cause of an exit (`cr-write`), a vector (`13`, `20h`), a transfer (`iret`); empty for any. */
  readonly name: string;
  /** From 1. */
  readonly count: number;
  /** Steps from right behind the event: -1 is right before it. */
  readonly steps: number;
}

/** Where a run is to stop. */
export interface StopView {
  readonly id: number;
  /** Before an instruction, or behind a write. */
  readonly kind: 'instruction' | 'write';
  /** -1: in whichever virtual machine. */
  readonly vm: number;
  /** Linear; of a write that was asked for by its physical address, physical. */
  readonly address: number;
  /** Bytes that are watched. */
  readonly size: number;
  /** The instruction, or the line of its source; of a write where it lies: `physical`, or the physical address of a linear one. */
  readonly text: string;
}

export interface FailureView {
  /** `triple fault`, `not implemented`, ... */
  readonly kind: string;
  readonly title: string;
  /** The chain of faults, oldest first: `#GP(0) at 00100042: …`. */
  readonly chain: readonly string[];
}

export interface StageView {
  readonly n: number;
  readonly cycle: number;
  /** Linear address at which the processor stands, also when it halts there for good. */
  readonly linear: number;
  /** True when no further step can happen without input. */
  readonly ended: boolean;
  /** `halted`, `shutdown`, `debug-exit`, ... when ended; `listening`: halted, but a key typed at a console wakes it. */
  readonly end: string;
  readonly who: Who;
  /** One sentence, present tense; `*name*` marks a program's name. */
  readonly sentence: string;
  /** Of the processor; null when it has no virtualization extension. */
  readonly vendor: Vendor | null;
  /** Null without a monitor that uses the extension. */
  readonly paging: Paging | null;
  readonly rings: RingsView;
  readonly stream: StreamView;
  readonly exits: ExitsView;
  readonly registers: readonly RegisterView[];
  readonly flags: readonly FlagView[];
  readonly walk: WalkView | null;
  readonly consoles: readonly ConsoleView[];
  readonly timeline: TimelineView;
  readonly failure: FailureView | null;
  readonly stops: readonly StopView[];
  /** Undefined until asked for; null where the processor has no current one. */
  readonly block: BlockView | null | undefined;
  /** A monitor translates its guests’ kernels. */
  readonly translates: boolean;
  /** Undefined until asked for, with `block`; null where there is no translation yet. */
  readonly translation: TranslationView | null | undefined;
  /** The tables, devices or bytes that are looked at; null when none are. */
  readonly part: PartView | null;
  /** The processor compared something at this step, and can be asked why. */
  readonly askable: boolean;
  /** About the coming step, only when asked for; null also where nothing is worth a question. */
  readonly question: QuestionView | null;
  /** hash(n) of the whole machine, only when asked for. */
  readonly hash: string;
}
