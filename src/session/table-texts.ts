/**
 * Texts of the processor's tables that are made there of names and numbers, or stand in drawings, and are shown with `told`: which there are, for
 * scripts/messages.mjs.
 */
import { VMRUN_CHECKS } from '../cpu/virt/svm/checks.ts';
import * as svm from '../cpu/virt/svm/words.ts';
import { VMCS_CHECKS } from '../cpu/virt/vmx/checks/all.ts';
import * as vmx from '../cpu/virt/vmx/words.ts';
import * as registers from './parts/layouts.ts';

export const TABLE_TEXTS: readonly string[] = [
  ...[...VMCS_CHECKS, ...VMRUN_CHECKS].map(({ rule }) => rule),
  ...Object.values(vmx.INSTRUCTION_ERRORS),
  ...[...vmx.LAYOUTS, ...svm.LAYOUTS, ...Object.values(registers)].flatMap(({ fields }) => fields.map(({ meaning }) => meaning)),
];
