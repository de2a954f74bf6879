/** What a processor's SVM offers: CPUID Fn8000_000A. */
import type { Profile } from '../../profiles.ts';

/** Leaf Fn8000_000A. */
export const SVM_LEAF = 0x8000000a;

/* EDX: 0 nested paging, 1 LBR virtualization, 2 SVM lock, 3 nRIP save. */
export const SVM_NP = 1 << 0;
export const SVM_NRIPS = 1 << 3;

export interface Capabilities {
  readonly revision: number;
  /** Address-space identifiers, the host's 0 included. */
  readonly asids: number;
  readonly nestedPaging: boolean;
  /** An intercepted instruction leaves the address behind it in nRIP. */
  readonly nextRip: boolean;
  /** Bits of CR4 that may be 1. */
  readonly cr4: number;
  /** Bits of EFER that may be 1. */
  readonly efer: number;
  readonly physicalBits: number;
}

export const EFER_NXE = 1 << 11;
export const EFER_SVME = 1 << 12;

export function capabilities(profile: Profile): Capabilities {
  const [eax, ebx, , edx] = profile.cpuid.get(SVM_LEAF)!;
  return {
    revision: eax & 0xff,
    asids: ebx,
    nestedPaging: (edx & SVM_NP) !== 0,
    nextRip: (edx & SVM_NRIPS) !== 0,
    cr4: profile.cr4,
    efer: EFER_SVME | (profile.nx ? EFER_NXE : 0),
    physicalBits: profile.physicalBits,
  };
}
