/** In the place of VT-x's words and VMCS, in a machine that has none. */
import type { BlockGroup } from '../views.ts';

export { SVM as VMX } from './extension-svm.ts';
export const vmcsGroups = (): readonly BlockGroup[] => [];
export const vmcsRules = (): readonly never[] => [];
