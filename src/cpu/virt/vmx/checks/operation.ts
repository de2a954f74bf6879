/** Stage A, basic checks of VMLAUNCH and VMRESUME: SDM vol 3, 26.1 and chapter 30. */
import { say } from '../../../../lib/say.ts';
import { BLOCKED_BY_MOV_SS, CR0_PE, GP, UD, VM } from '../../../registers.ts';
import { at } from '../../../state.ts';
import { LAUNCH_CLEAR, LAUNCH_LAUNCHED, LAUNCH_SLOT } from '../fields.ts';
import { NO_VMCS } from '../vmcs.ts';
import type { Check, Failure } from './check.ts';

const undefinedOpcode: Failure = { kind: 'fault', vector: UD };
const row = (rule: string, failure: Failure, violated: Check['violated'], detail?: Check['detail']): Check => ({
  stage: 'A',
  section: '26.1',
  rule,
  fields: [],
  failure,
  violated,
  detail,
});

export const OPERATION_CHECKS: readonly Check[] = [
  row('The processor is in VMX operation', undefinedOpcode, (e) => e.cpu.s[at.vmxOn] === 0),
  row('The processor is in protected mode (CR0.PE = 1)', undefinedOpcode, (e) => (e.cpu.s[at.cr0] & CR0_PE) === 0),
  row('The processor is not in virtual-8086 mode (RFLAGS.VM = 0)', undefinedOpcode, (e) => (e.cpu.s[at.eflags] & VM) !== 0),
  row(
    'CPL is 0',
    { kind: 'fault', vector: GP },
    (e) => e.cpu.s[at.cpl] !== 0,
    (e) => `CPL = ${e.cpu.s[at.cpl]}`,
  ),
  row('There is a current VMCS', { kind: 'invalid' }, (e) => e.cpu.s[at.vmcsPointer] === NO_VMCS),
  row('No events are blocked by MOV SS', { kind: 'valid', error: 26 }, (e) => (e.cpu.s[at.interruptibility] & BLOCKED_BY_MOV_SS) !== 0),
  row(
    'VMLAUNCH: the launch state of the VMCS is clear',
    { kind: 'valid', error: 4 },
    (e) => e.launch && e.get(LAUNCH_SLOT) !== LAUNCH_CLEAR,
    () => say`launch state = launched`,
  ),
  row(
    'VMRESUME: the launch state of the VMCS is launched',
    { kind: 'valid', error: 5 },
    (e) => !e.launch && e.get(LAUNCH_SLOT) !== LAUNCH_LAUNCHED,
    () => say`launch state = clear`,
  ),
];
