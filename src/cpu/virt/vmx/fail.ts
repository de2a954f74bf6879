/** How a VMX instruction ends: SDM vol 3, 30.2. */
import type { Cpu } from '../../cpu.ts';
import { changeFlags } from '../../flags.ts';
import { CF, STATUS_FLAGS, ZF } from '../../registers.ts';
import { at } from '../../state.ts';
import { slot } from './fields.ts';
import { NO_VMCS, vmwrite } from './vmcs.ts';
import { instructionError } from './words.ts';

export function vmSucceed(cpu: Cpu): void {
  changeFlags(cpu, STATUS_FLAGS, 0);
}

/** CF = 1: there is no current VMCS that could hold an error number. */
export function vmFailInvalid(cpu: Cpu, rule: string): void {
  changeFlags(cpu, STATUS_FLAGS, CF);
  cpu.events.vmfail('invalid', 0, rule);
}

/** ZF = 1, and the error number in the current VMCS. */
export function vmFailValid(cpu: Cpu, error: number, rule: string): void {
  changeFlags(cpu, STATUS_FLAGS, ZF);
  vmwrite(cpu, slot.instructionError, error);
  cpu.events.vmfail('valid', error, rule);
}

/** VMfail of the manual's operation sections: valid if there is a current VMCS, else invalid. */
export function vmFail(cpu: Cpu, error: number): void {
  if (cpu.s[at.vmcsPointer] === NO_VMCS) vmFailInvalid(cpu, instructionError(error));
  else vmFailValid(cpu, error, instructionError(error));
}
