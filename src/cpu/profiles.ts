/** The processors that can be simulated: what CPUID says, which features exist, which bits a control register accepts. */
import { HASWELL, KATMAI, LYNNFIELD, PENRYN, WESTMERE, YONAH } from './intel-profiles.ts';
import type { CpuidLeaf, Profile } from './profile-parts.ts';

export type { CpuidLeaf, Msr, Profile, Vendor } from './profile-parts.ts';

export const PROFILES: readonly Profile[] = [KATMAI, YONAH, PENRYN, LYNNFIELD, WESTMERE, HASWELL];
export const DEFAULT_PROFILE = YONAH;

const PLANNED: readonly string[] = ['orleans', 'phenom'];

/** The processor of that name; an error says which there are, and whether it is one that is still to come. */
export function processorProfile(name: string): Profile {
  const found = PROFILES.find((profile) => profile.name === name);
  if (found !== undefined) return found;
  const known = PROFILES.map((profile) => profile.name).join(', ');
  if (PLANNED.includes(name)) throw new Error(`processor '${name}' is not implemented yet: there are ${known}`);
  throw new Error(`no processor '${name}': there are ${known}`);
}

const NOTHING: CpuidLeaf = [0, 0, 0, 0];

/** CPUID. A leaf above the highest basic one reads as the highest basic leaf; a gap below reads as zeros (SDM vol 2, CPUID). */
export function cpuid(profile: Profile, leaf: number): CpuidLeaf {
  const found = profile.cpuid.get(leaf >>> 0);
  if (found !== undefined) return found;
  const highest = profile.cpuid.get(0)![0];
  const extended = profile.cpuid.get(0x80000000);
  const withinExtended = extended !== undefined && leaf >>> 0 >= 0x80000000 && leaf >>> 0 <= extended[0] >>> 0;
  if (leaf >>> 0 <= highest || withinExtended) return NOTHING;
  return profile.cpuid.get(highest)!;
}
