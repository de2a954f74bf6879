/** System instructions and I/O: SDM vol 3, 2.8 and vol 1, 18.4. */
import type { Row } from '../row.ts';

const IO = { cost: 'io', gate: ['IO'], exit: { vmx: 'IO_INSTRUCTION', svm: 'IOIO' } } as const;
const TABLE = { vmx: 'GDTR_OR_IDTR_ACCESS' } as const;
const LOCAL = { vmx: 'LDTR_OR_TR_ACCESS' } as const;

export const SYSTEM: readonly Row[] = [
  { mnemonic: 'IN', encoding: 'E4', operands: ['AL', 'Ib'], exec: 'in', size: 'b', ...IO },
  { mnemonic: 'IN', encoding: 'E5', operands: ['eAX', 'Ib'], exec: 'in', size: 'v', ...IO },
  { mnemonic: 'IN', encoding: 'EC', operands: ['AL', 'DX'], exec: 'in', size: 'b', ...IO },
  { mnemonic: 'IN', encoding: 'ED', operands: ['eAX', 'DX'], exec: 'in', size: 'v', ...IO },
  { mnemonic: 'OUT', encoding: 'E6', operands: ['Ib', 'AL'], exec: 'out', size: 'b', ...IO },
  { mnemonic: 'OUT', encoding: 'E7', operands: ['Ib', 'eAX'], exec: 'out', size: 'v', ...IO },
  { mnemonic: 'OUT', encoding: 'EE', operands: ['DX', 'AL'], exec: 'out', size: 'b', ...IO },
  { mnemonic: 'OUT', encoding: 'EF', operands: ['DX', 'eAX'], exec: 'out', size: 'v', ...IO },
  { mnemonic: 'CLI', encoding: 'FA', operands: [], exec: 'cli', gate: ['IOPL'], writes: ['IF'], writesFlags: 'IF' },
  { mnemonic: 'STI', encoding: 'FB', operands: [], exec: 'sti', gate: ['IOPL'], writes: ['IF'], writesFlags: 'IF', ends: true },
  { mnemonic: 'HLT', encoding: 'F4', operands: [], exec: 'hlt', gate: ['CPL0'], ends: true, writes: ['activity'], exit: { vmx: 'HLT', svm: 'HLT' } },
  { mnemonic: 'CPUID', encoding: '0F A2', operands: [], exec: 'cpuid', cost: 'cpuid', since: 'pentium', exit: { vmx: 'CPUID', svm: 'CPUID' } },
  { mnemonic: 'RDTSC', encoding: '0F 31', operands: [], exec: 'rdtsc', ends: true, gate: ['TSD'], reads: ['TSC'], since: 'tsc', exit: { vmx: 'RDTSC', svm: 'RDTSC' } },
  { mnemonic: 'RDPMC', encoding: '0F 33', operands: [], exec: 'rdpmc', gate: ['PCE'], reads: ['PMC'], since: 'cmov', exit: { vmx: 'RDPMC', svm: 'RDPMC' } },
  { mnemonic: 'RDMSR', encoding: '0F 32', operands: [], exec: 'rdmsr', gate: ['CPL0'], cost: 'msr', reads: ['MSR'], since: 'pentium', exit: { vmx: 'RDMSR', svm: 'MSR' } },
  { mnemonic: 'WRMSR', encoding: '0F 30', operands: [], exec: 'wrmsr', gate: ['CPL0'], cost: 'msr', writes: ['MSR'], ends: true, since: 'pentium', exit: { vmx: 'WRMSR', svm: 'MSR' } },
  { mnemonic: 'MOV', encoding: '0F 20', operands: ['Rd', 'Cd'], exec: 'movFromCr', gate: ['CPL0'], reads: ['CR'], exit: { vmx: 'CR_ACCESS', svm: 'CR_READ' } },
  { mnemonic: 'MOV', encoding: '0F 22', operands: ['Cd', 'Rd'], exec: 'movToCr', gate: ['CPL0'], cost: 'cr', writes: ['CR'], ends: true, exit: { vmx: 'CR_ACCESS', svm: 'CR_WRITE' } },
  { mnemonic: 'MOV', encoding: '0F 21', operands: ['Rd', 'Dd'], exec: 'movFromDr', gate: ['CPL0'], reads: ['DR'], exit: { vmx: 'MOV_DR', svm: 'DR_READ' } },
  { mnemonic: 'MOV', encoding: '0F 23', operands: ['Dd', 'Rd'], exec: 'movToDr', gate: ['CPL0'], cost: 'serialize', writes: ['DR'], ends: true, exit: { vmx: 'MOV_DR', svm: 'DR_WRITE' } },
  { mnemonic: 'CLTS', encoding: '0F 06', operands: [], exec: 'clts', gate: ['CPL0'], writes: ['CR0'], ends: true, exit: { vmx: 'CR_ACCESS', svm: 'CR_WRITE' } },
  { mnemonic: 'LMSW', encoding: '0F 01 /6', operands: ['Ew'], exec: 'lmsw', gate: ['CPL0'], cost: 'cr', writes: ['CR0'], ends: true, exit: { vmx: 'CR_ACCESS', svm: 'CR_WRITE' } },
  { mnemonic: 'SMSW', encoding: '0F 01 /4', operands: ['Ev'], exec: 'smsw', size: 'v', reads: ['CR0'], exit: { svm: 'CR_READ' } },
  { mnemonic: 'INVD', encoding: '0F 08', operands: [], exec: 'invd', gate: ['CPL0'], cost: 'serialize', since: 'i486', exit: { vmx: 'INVD', svm: 'INVD' } },
  { mnemonic: 'WBINVD', encoding: '0F 09', operands: [], exec: 'wbinvd', gate: ['CPL0'], cost: 'serialize', since: 'i486', exit: { vmx: 'WBINVD', svm: 'WBINVD' } },
  { mnemonic: 'INVLPG', encoding: '0F 01 /7', operands: ['M'], exec: 'invlpg', gate: ['CPL0'], cost: 'cr', writes: ['TLB'], ends: true, since: 'i486', exit: { vmx: 'INVLPG', svm: 'INVLPG' } },
  { mnemonic: 'SGDT', encoding: '0F 01 /0', operands: ['Ms'], exec: 'sgdt', size: 'v', reads: ['GDTR'], exit: { ...TABLE, svm: 'GDTR_READ' } },
  { mnemonic: 'SIDT', encoding: '0F 01 /1', operands: ['Ms'], exec: 'sidt', size: 'v', reads: ['IDTR'], exit: { ...TABLE, svm: 'IDTR_READ' } },
  { mnemonic: 'LGDT', encoding: '0F 01 /2', operands: ['Ms'], exec: 'lgdt', size: 'v', gate: ['CPL0'], cost: 'serialize', writes: ['GDTR'], exit: { ...TABLE, svm: 'GDTR_WRITE' } },
  { mnemonic: 'LIDT', encoding: '0F 01 /3', operands: ['Ms'], exec: 'lidt', size: 'v', gate: ['CPL0'], cost: 'serialize', writes: ['IDTR'], exit: { ...TABLE, svm: 'IDTR_WRITE' } },
  { mnemonic: 'SLDT', encoding: '0F 00 /0', operands: ['Ev'], exec: 'sldt', size: 'v', gate: ['PE'], reads: ['LDTR'], exit: { ...LOCAL, svm: 'LDTR_READ' } },
  { mnemonic: 'STR', encoding: '0F 00 /1', operands: ['Ev'], exec: 'str', size: 'v', gate: ['PE'], reads: ['TR'], exit: { ...LOCAL, svm: 'TR_READ' } },
  { mnemonic: 'LLDT', encoding: '0F 00 /2', operands: ['Ew'], exec: 'lldt', gate: ['PE', 'CPL0'], cost: 'serialize', writes: ['LDTR'], exit: { ...LOCAL, svm: 'LDTR_WRITE' } },
  { mnemonic: 'LTR', encoding: '0F 00 /3', operands: ['Ew'], exec: 'ltr', gate: ['PE', 'CPL0'], cost: 'serialize', writes: ['TR'], exit: { ...LOCAL, svm: 'TR_WRITE' } },
  { mnemonic: 'VERR', encoding: '0F 00 /4', operands: ['Ew'], exec: 'verr', gate: ['PE'], reads: ['GDTR', 'LDTR'], writesFlags: 'ZF' },
  { mnemonic: 'VERW', encoding: '0F 00 /5', operands: ['Ew'], exec: 'verw', gate: ['PE'], reads: ['GDTR', 'LDTR'], writesFlags: 'ZF' },
  { mnemonic: 'LAR', encoding: '0F 02', operands: ['Gv', 'Ew'], exec: 'lar', size: 'v', gate: ['PE'], reads: ['GDTR', 'LDTR'], writesFlags: 'ZF' },
  { mnemonic: 'LSL', encoding: '0F 03', operands: ['Gv', 'Ew'], exec: 'lsl', size: 'v', gate: ['PE'], reads: ['GDTR', 'LDTR'], writesFlags: 'ZF' },
  { mnemonic: 'SYSENTER', encoding: '0F 34', operands: [], exec: 'sysenter', ends: true, cost: 'far', writes: ['CS', 'SS', 'IF'], since: 'sep' },
  { mnemonic: 'SYSEXIT', encoding: '0F 35', operands: [], exec: 'sysexit', gate: ['CPL0'], ends: true, cost: 'far', writes: ['CS', 'SS'], since: 'sep' },
];
