/** In the place of AMD-V's words and VMCB, in a machine that has none. */
import type { BlockGroup } from '../views.ts';

export { VMX as SVM } from './extension-vmx.ts';
export const vmcbGroups = (): readonly BlockGroup[] => [];
export const vmcbRules = (): readonly never[] => [];
