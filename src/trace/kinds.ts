/** What a row of the log can be, and the names of its values. */
import type { TransferKind } from '../cpu/events.ts';

export const Kind = {
  EXCEPTION: 1,
  INTERRUPT: 2,
  TRANSFER: 3,
  VMEXIT: 4,
  VMENTRY: 5,
  ENTRY_FAILED: 6,
  VMFAIL: 7,
  HALTED: 8,
  SHUTDOWN: 9,
  FAULT: 10,
  CONTROL: 11,
  PORT: 12,
  DISK: 13,
} as const;

export const TRANSFERS: readonly TransferKind[] = [
  'int',
  'sysenter',
  'sysexit',
  'iret',
  'call-gate',
  'far-jump',
  'far-return',
  'task-switch',
];
export const CONTROL_REGISTERS: readonly string[] = ['CR0', 'CR3', 'CR4'];
