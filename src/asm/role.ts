/** Whose code it is, as a source says it (pragmas.ts). */
export type RoleName = 'program' | 'kernel' | 'monitor' | 'translated' | 'unknown';

export interface Role {
  readonly role: RoleName;
  /** Of a program. */
  readonly name: string;
}

export const NO_ROLE: Role = { role: 'unknown', name: '' };
