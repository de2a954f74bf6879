/** A question about the coming step. */
import type { Ring } from './who.ts';

/** Who runs next; what becomes of the instruction (does it exit?); which vector; which bits; which reason of an exit. */
export type QuestionKind = 'who' | 'exit' | 'vector' | 'bit' | 'reason';

/** Which question is wanted: of one kind or, with null, the most telling one; with an option that stems from a misconception, or from any. */
export interface QuestionWish {
  readonly kind: QuestionKind | null;
  /** Its id in the bank, or empty. */
  readonly misconception: string;
}

export interface OptionView {
  readonly id: string;
  readonly title: string;
  /** What the title stands for; of a place, why one may think so. */
  readonly note: string;
  /** The cell of the ring diagram; null for none. */
  readonly hot: { readonly vm: number; readonly ring: Ring } | null;
  /** A number or bits, where the option is one and no cell: `0Dh`, `101`. Else empty. */
  readonly badge: string;
  /** The id in the bank of what one believes who chooses it; empty for the right one. */
  readonly misconception: string;
  /** What is so in truth; empty for the right one. */
  readonly wrong: string;
}

export interface QuestionView {
  /** The step at which it is asked. */
  readonly n: number;
  readonly kind: QuestionKind;
  readonly title: string;
  /** Four. */
  readonly options: readonly OptionView[];
  /** The id of the option that will turn out right. */
  readonly answer: string;
  /** Why it comes so: what the processor compares, with the values. Empty where the sentence of the step says it. */
  readonly because: string;
}
