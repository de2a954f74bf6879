/** VMX instructions: SDM vol 3, chapter 30. */
import type { Row } from '../row.ts';

/** Where one fails, it says why in the current VMCS: SDM vol 3, 30.2. */
const FAILS = { reads: ['VMCS pointer'], writes: ['VMCS'] } as const;
const VMX = { gate: ['VMX', 'CPL0'], cost: 'vmx', since: 'vmx', writesFlags: 'OF SF ZF AF PF CF' } as const;

export const VMX_ROWS: readonly Row[] = [
  { mnemonic: 'VMCALL', encoding: '0F 01 C1', operands: [], exec: 'vmcall', ends: true, ...VMX, ...FAILS, exit: { vmx: 'VMCALL' } },
  { mnemonic: 'VMLAUNCH', encoding: '0F 01 C2', operands: [], exec: 'vmlaunch', ends: true, ...VMX, reads: ['VMCS', 'VMCS pointer'], writes: ['VMCS'], exit: { vmx: 'VMLAUNCH' } },
  { mnemonic: 'VMRESUME', encoding: '0F 01 C3', operands: [], exec: 'vmresume', ends: true, ...VMX, reads: ['VMCS', 'VMCS pointer'], writes: ['VMCS'], exit: { vmx: 'VMRESUME' } },
  { mnemonic: 'VMXOFF', encoding: '0F 01 C4', operands: [], exec: 'vmxoff', ends: true, ...VMX, writes: ['VMX', 'VMCS pointer'], exit: { vmx: 'VMXOFF' } },
  { mnemonic: 'VMXON', encoding: 'F3 0F C7 /6', operands: ['Mq'], exec: 'vmxon', ends: true, ...VMX, reads: ['VMCS pointer'], writes: ['VMX', 'VMCS pointer', 'VMCS'], exit: { vmx: 'VMXON' } },
  { mnemonic: 'VMCLEAR', encoding: '66 0F C7 /6', operands: ['Mq'], exec: 'vmclear', ...VMX, reads: ['VMCS pointer'], writes: ['VMCS', 'VMCS pointer'], exit: { vmx: 'VMCLEAR' } },
  { mnemonic: 'VMPTRLD', encoding: '0F C7 /6', operands: ['Mq'], exec: 'vmptrld', ...VMX, reads: ['VMCS pointer'], writes: ['VMCS pointer', 'VMCS'], exit: { vmx: 'VMPTRLD' } },
  { mnemonic: 'VMPTRST', encoding: '0F C7 /7', operands: ['Mq'], exec: 'vmptrst', ...VMX, reads: ['VMCS pointer'], exit: { vmx: 'VMPTRST' } },
  { mnemonic: 'VMREAD', encoding: '0F 78', operands: ['Ed', 'Gd'], exec: 'vmread', ...VMX, reads: ['VMCS', 'VMCS pointer'], writes: ['VMCS'], exit: { vmx: 'VMREAD' } },
  { mnemonic: 'VMWRITE', encoding: '0F 79', operands: ['Gd', 'Ed'], exec: 'vmwrite', ...VMX, reads: ['VMCS pointer'], writes: ['VMCS'], exit: { vmx: 'VMWRITE' } },
  { mnemonic: 'INVEPT', encoding: '66 0F 38 80', operands: ['Gd', 'M'], exec: 'invept', ends: true, ...VMX, since: 'ept', reads: ['VMCS pointer'], writes: ['TLB', 'VMCS'], exit: { vmx: 'INVEPT' } },
  { mnemonic: 'INVVPID', encoding: '66 0F 38 81', operands: ['Gd', 'M'], exec: 'invvpid', ends: true, ...VMX, since: 'ept', reads: ['VMCS pointer'], writes: ['TLB', 'VMCS'], exit: { vmx: 'INVVPID' } },
];
