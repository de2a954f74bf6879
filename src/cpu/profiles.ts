/** The processors that can be simulated: what CPUID says, which features exist, which bits a control register accepts. */
import { say } from '../lib/say.ts';
import { ORLEANS, PHENOM } from './amd-profiles.ts';
import { HASWELL, KATMAI, LYNNFIELD, PENRYN, WESTMERE, YONAH } from './intel-profiles.ts';
import type { CpuidLeaf, Profile } from './profile-parts.ts';

export type { CpuidLeaf, Msr, Profile, Vendor } from './profile-parts.ts';

export const PROFILES: readonly Profile[] = [KATMAI, YONAH, PENRYN, LYNNFIELD, WESTMERE, HASWELL, ORLEANS, PHENOM];
export const DEFAULT_PROFILE = YONAH;

/** The processor of that name; an error says which there are. */
export function processorProfile(name: string): Profile {
  const found = PROFILES.find((profile) => profile.name === name);
  if (found !== undefined) return found;
  const known = PROFILES.map((profile) => profile.name).join(', ');
  throw new Error(say`no processor '${name}': there are ${known}`);
}

const NOTHING: CpuidLeaf = [0, 0, 0, 0];

/** CPUID. Above the highest basic leaf Intel's read as that one (SDM vol 2, CPUID), AMD's as zeros; a gap below reads as zeros. */
export function cpuid(profile: Profile, leaf: number): CpuidLeaf {
  const found = profile.cpuid.get(leaf >>> 0);
  if (found !== undefined) return found;
  const highest = profile.cpuid.get(0)![0];
  const extended = profile.cpuid.get(0x80000000);
  const withinExtended = extended !== undefined && leaf >>> 0 >= 0x80000000 && leaf >>> 0 <= extended[0] >>> 0;
  if (leaf >>> 0 <= highest || withinExtended || profile.vendor === 'amd') return NOTHING;
  return profile.cpuid.get(highest)!;
}
