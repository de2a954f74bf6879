/** A ported source beside the one it was made from. */

/** A run of lines that are alike in both, or of lines that are not. */
export interface PortPart {
  readonly alike: boolean;
  /** Why the lines differ, as the port's source says; empty when it does not. */
  readonly why: string;
  readonly old: readonly PortLine[];
  /** The same as `old` where they are alike, but for the numbers. */
  readonly now: readonly PortLine[];
}

export interface PortLine {
  readonly line: number;
  readonly text: string;
}

export interface PortedSource {
  /** Path in src/guest of the source it was made from; empty for a new one. The path of the port itself where nothing was changed. */
  readonly from: string;
  /** Lines of code: neither empty nor comments alone. */
  readonly code: number;
  /** Of these, lines that the source it was made from does not have, */
  readonly changed: number;
  /** and lines of code there that are gone. */
  readonly gone: number;
  /** Empty where nothing was changed. */
  readonly parts: readonly PortPart[];
}
