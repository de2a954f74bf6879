/** The virtualization extension of a processor. */
import type { Profile } from '../profiles.ts';
import type { VirtExtension } from './extension.ts';
import { Svm } from './svm/svm.ts';
import { Vmx } from './vmx/vmx.ts';

/** VT-x or AMD-V where the profile has it, else null. A fresh one for each processor. */
export function createVirtExtension(profile: Profile): VirtExtension | null {
  if (profile.features.has('vmx')) return new Vmx(profile);
  return profile.features.has('svm') ? new Svm(profile) : null;
}
