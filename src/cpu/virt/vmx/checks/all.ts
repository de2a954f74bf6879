/** Every VM-entry check of VMLAUNCH and VMRESUME in the order in which this processor makes them. */
import type { Check } from './check.ts';
import { CONTROL_CHECKS } from './controls.ts';
import { CONTROL_REGISTER_CHECKS, RFLAGS_CHECKS, TABLE_REGISTER_CHECKS } from './guest-registers.ts';
import { SEGMENT_CHECKS } from './guest-segments.ts';
import { STATE_CHECKS } from './guest-state.ts';
import { HOST_CHECKS } from './host.ts';
import { OPERATION_CHECKS } from './operation.ts';
import { PDPTE_CHECKS } from './pdptes.ts';

/** Stages B and C: what is checked once the instruction itself is in order. */
export const VMCS_CHECKS: readonly Check[] = [
  ...CONTROL_CHECKS,
  ...HOST_CHECKS,
  ...CONTROL_REGISTER_CHECKS,
  ...SEGMENT_CHECKS,
  ...TABLE_REGISTER_CHECKS,
  ...RFLAGS_CHECKS,
  ...STATE_CHECKS,
  ...PDPTE_CHECKS,
];

export const ENTRY_CHECKS: readonly Check[] = [...OPERATION_CHECKS, ...VMCS_CHECKS];
