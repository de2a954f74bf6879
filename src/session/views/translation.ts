/** What a monitor that translates has made of a guest kernel. */
import type { TranslationKind } from './stream.ts';

/** An instruction of the guest beside what it was made into. */
export interface TranslatedView {
  readonly kind: TranslationKind;
  /** Linear address in the guest, and what lies there. */
  readonly original: number;
  readonly text: string;
  /** `duet.asm:41`; empty without a source. */
  readonly source: string;
  readonly made: readonly { readonly address: number; readonly text: string }[];
  /** The processor is in it. */
  readonly current: boolean;
}

export interface UnitView {
  /** From 1, in the order in which they were made. */
  readonly number: number;
  /** What the guest calls its first address; may be empty. */
  readonly label: string;
  readonly rows: readonly TranslatedView[];
  /** Behind the last translation: where it goes on. */
  readonly ways: readonly { readonly address: number; readonly text: string }[];
}

export interface TranslationView {
  readonly vm: number;
  /** Translation units, and the bytes of the cache that they fill. */
  readonly units: number;
  readonly bytes: number;
  /** Of all instructions in them. */
  readonly kinds: readonly { readonly kind: TranslationKind; readonly count: number }[];
  /** Asked of the monitor by translated code; units joined by a jump; instructions translated anew; and how often all was forgotten. */
  readonly callouts: number;
  readonly chained: number;
  readonly adapted: number;
  readonly flushes: number;
  /** The one the processor is in, or was in last; the newest where that is not known. */
  readonly unit: UnitView | null;
}
