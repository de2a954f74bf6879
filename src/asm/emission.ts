import type { Role } from './pragmas.ts';
import type { Line } from './preprocess/frames.ts';

/** What one line put where. */
export interface Emission {
  readonly line: Line;
  readonly kind: 'instruction' | 'data' | 'reserve';
  /** The section's number it is relative to, or NO_SECTION. */
  readonly section: number;
  /** Laid out by `absolute`, beside the sections. */
  readonly absolute: boolean;
  readonly offset: number;
  readonly length: number;
  readonly role: Role;
}

/** Receives what the final pass puts where. */
export interface Recorder {
  emit(emission: Emission): void;
  setRole(role: Role): void;
  goal(text: string, line: Line): void;
  readonly role: Role;
}
