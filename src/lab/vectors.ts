/** What the two formats of vectors have in common. */

/** An address and the bytes there, two hexadecimal digits each. */
export type MemoryPiece = readonly [number, string];

/** What is not to be compared: masks of bits, pieces of memory, names of segment registers. */
export interface Undefined {
  readonly eflags?: number;
  readonly reg?: Readonly<Record<string, number>>;
  readonly mem?: readonly (readonly [number, number])[];
  readonly err?: number;
  readonly seg?: readonly string[];
}

/** What came of one vector: the differences found, or what the simulator lacks for it, or why it is not to be judged. */
export interface Outcome {
  readonly differences: readonly string[];
  readonly missing?: string;
  readonly disputed?: boolean;
  /** It came out as the vector says once the processor did as the vectors' source does, where that leaves the manual. */
  readonly sourcesWay?: boolean;
}

export interface Initial {
  readonly reg: readonly number[];
  readonly eip: number;
  readonly eflags: number;
  readonly seg: readonly number[];
}

export const REGISTERS = ['eax', 'ecx', 'edx', 'ebx', 'esp', 'ebp', 'esi', 'edi'] as const;

/** Segment registers in the order of the vectors, with the numbers the instruction encodings use. */
export const SEGMENTS = [
  ['cs', 1],
  ['ss', 2],
  ['ds', 3],
  ['es', 0],
  ['fs', 4],
  ['gs', 5],
] as const;

export const bytesOf = (text: string): number[] => (text.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));
