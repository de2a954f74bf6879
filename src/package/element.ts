/** What `ringminusone/element` defines: the custom element of embed/ringminusone.js. docs/embedding.md has the whole of it. */

/** Where the machine of an embed stands. */
export interface EmbedState {
  readonly scenario: string;
  readonly step: number;
  /** The last step reached. */
  readonly total: number;
  /** 3 to -1; null when the processor is shut down. */
  readonly ring: number | null;
  /** 0 outside of any virtual machine. */
  readonly vm: number;
  /** VM exits so far. */
  readonly exits: number;
  readonly ended: boolean;
  readonly running: boolean;
  /** What led to another ring at this very step; empty when nothing did. */
  readonly cause: string;
  readonly sentence: string;
  /** To this step in the whole page. */
  readonly link: string;
}

/** A VM exit that has just happened. */
export interface EmbedExit {
  readonly index: number;
  readonly step: number;
  readonly vm: number;
  readonly reason: string;
  readonly name: string;
  readonly code: number;
}

/** An answered question. */
export interface EmbedPrediction {
  /** Of the question: its kind and step, as in `who@612`. */
  readonly id: string;
  readonly step: number;
  /** `who`, `exit`, `vector`, `bit`, `reason`: docs/lessons.md. */
  readonly kind: string;
  readonly question: string;
  readonly chosen: string;
  readonly answer: string;
  readonly correct: boolean;
  /** The id of what one believes who chooses it (docs/misconceptions.md); empty when it was right. */
  readonly misconception: string;
}

/** The events of the element, by name. They bubble. */
export interface EmbedEvents {
  'rm1-ready': CustomEvent<EmbedState & { readonly rung: string }>;
  'rm1-step': CustomEvent<EmbedState>;
  'rm1-exit': CustomEvent<EmbedExit>;
  'rm1-predict': CustomEvent<EmbedPrediction>;
  'rm1-complete': CustomEvent<EmbedCompletion>;
  'rm1-resize': CustomEvent<{ readonly height: number }>;
  'rm1-error': CustomEvent<{ readonly message: string }>;
}

/** The machine, or a lesson, has ended, and the questions on the way were answered. */
export interface EmbedCompletion {
  /** Right answers. */
  readonly score: number;
  /** Questions answered. */
  readonly max: number;
  /** A line for whoever grades: docs/embedding.md. */
  readonly record: string;
  /** The same as the Result of an xAPI statement. */
  readonly result: {
    readonly completion: boolean;
    readonly score: { readonly scaled: number; readonly raw: number; readonly min: number; readonly max: number };
  };
}

/** `<ring-minus-one>`. Each attribute is a property, too: the names and values of docs/embedding.md. */
export interface RingMinusOneElement extends HTMLElement {
  /** Resolves to the first state. */
  readonly ready: Promise<EmbedState>;
  /** Null before it is ready. */
  readonly state: EmbedState | null;
  step: number;
  /** The last step reached. */
  readonly length: number;
  stepForward(n?: number): Promise<EmbedState>;
  stepBack(n?: number): Promise<EmbedState>;
  goTo(step: number): Promise<EmbedState>;
  reset(): Promise<EmbedState>;
  /** To the next VM exit, to a step, or step by step until the function says so: 10,000 at most. */
  runTo(wanted: 'exit' | number | ((state: EmbedState) => boolean)): Promise<EmbedState>;
  /** SVG as text, or a PNG. */
  exportImage(options?: {
    readonly format?: 'svg' | 'png';
    readonly panel?: string;
    readonly theme?: 'light' | 'dark';
    readonly scale?: 1 | 2 | 3;
  }): Promise<string | Blob>;
  getPermalink(): Promise<string>;
}

declare global {
  interface HTMLElementTagNameMap {
    'ring-minus-one': RingMinusOneElement;
  }
}
