/** SVM instructions: AMD64 manual vol 3, chapter 4. */
import type { Row } from '../row.ts';

const SVM = { cost: 'vmx', since: 'svm' } as const;
const HOST = { gate: ['SVM', 'CPL0'], ...SVM } as const;

export const SVM_ROWS: readonly Row[] = [
  { mnemonic: 'VMRUN', encoding: '0F 01 D8', operands: [], exec: 'vmrun', ends: true, ...HOST, reads: ['VMCB'], writes: ['GIF'], exit: { svm: 'VMRUN' } },
  { mnemonic: 'VMMCALL', encoding: '0F 01 D9', operands: [], exec: 'vmmcall', ends: true, ...SVM, exit: { svm: 'VMMCALL' } },
  { mnemonic: 'VMLOAD', encoding: '0F 01 DA', operands: [], exec: 'vmload', ends: true, ...HOST, reads: ['VMCB'], writes: ['LDTR', 'TR', 'FS', 'GS', 'MSR'], exit: { svm: 'VMLOAD' } },
  { mnemonic: 'VMSAVE', encoding: '0F 01 DB', operands: [], exec: 'vmsave', ...HOST, reads: ['LDTR', 'TR', 'FS', 'GS', 'MSR'], writes: ['VMCB'], exit: { svm: 'VMSAVE' } },
  { mnemonic: 'STGI', encoding: '0F 01 DC', operands: [], exec: 'stgi', ends: true, ...HOST, writes: ['GIF'], exit: { svm: 'STGI' } },
  { mnemonic: 'CLGI', encoding: '0F 01 DD', operands: [], exec: 'clgi', ends: true, ...HOST, writes: ['GIF'], exit: { svm: 'CLGI' } },
  { mnemonic: 'SKINIT', encoding: '0F 01 DE', operands: [], exec: 'skinit', ends: true, ...HOST, exit: { svm: 'SKINIT' } },
  { mnemonic: 'INVLPGA', encoding: '0F 01 DF', operands: [], exec: 'invlpga', ends: true, ...HOST, writes: ['TLB'], exit: { svm: 'INVLPGA' } },
];
