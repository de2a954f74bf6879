/** The virtualization extension of a processor. */
import type { Profile } from '../profiles.ts';
import type { VirtExtension } from './extension.ts';
import { Vmx } from './vmx/vmx.ts';

/** VT-x where the profile has it, else null. A fresh one for each processor. */
export function createVirtExtension(profile: Profile): VirtExtension | null {
  return profile.features.has('vmx') ? new Vmx(profile) : null;
}
