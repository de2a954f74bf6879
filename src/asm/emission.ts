import type { Line } from './preprocess/frames.ts';
import type { Role } from './role.ts';

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
  /** What the code from here on is for: at an offset relative to a section, as in an emission. */
  goal(text: string, line: Line, at: Pick<Emission, 'section' | 'absolute' | 'offset'>): void;
  readonly role: Role;
}
