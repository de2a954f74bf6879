/** Control transfer and procedure linkage: SDM vol 1, 7.3.8 and chapter 6. */
import type { Row } from '../row.ts';

/** Of the segments it returns from, those that the outer ring must not have become null: SDM vol 2, RET. */
const SEGMENTS = ['CS', 'SS', 'DS', 'ES', 'FS', 'GS'] as const;
const CALL_FAR = { reads: ['CS', 'SS', 'GDTR', 'LDTR', 'TR'], writes: ['CPL', 'CS', 'SS'], switchesTask: true } as const;
const RET_FAR = { reads: ['CPL', 'GDTR', 'LDTR'], writes: ['CPL', ...SEGMENTS] } as const;
/** It saves EFLAGS, CS and SS. */
const INTERRUPT = {
  reads: ['IF', 'IOPL', 'CS', 'SS', 'GDTR', 'LDTR', 'IDTR', 'TR'],
  writes: ['CPL', 'IF', 'CS', 'SS'],
  switchesTask: true,
} as const;
const RETURN = { reads: ['CPL', 'IOPL', 'GDTR', 'LDTR', 'TR'], writes: ['CPL', 'IF', 'IOPL', ...SEGMENTS], switchesTask: true } as const;

export const CONTROL: readonly Row[] = [
  { mnemonic: 'JMP', encoding: 'EB', operands: ['Jb'], exec: 'jmp', size: 'v', ends: true, cost: 'branch' },
  { mnemonic: 'JMP', encoding: 'E9', operands: ['Jz'], exec: 'jmp', size: 'v', ends: true, cost: 'branch' },
  { mnemonic: 'JMP', encoding: 'FF /4', operands: ['Ev'], exec: 'jmpNear', size: 'v', ends: true, cost: 'branch' },
  { mnemonic: 'JMP', encoding: 'EA', operands: ['Ap'], exec: 'jmpFar', size: 'v', ends: true, cost: 'far', reads: ['GDTR', 'LDTR'], writes: ['CS'], switchesTask: true },
  { mnemonic: 'JMP', encoding: 'FF /5', operands: ['Mp'], exec: 'jmpFar', size: 'v', ends: true, cost: 'far', reads: ['GDTR', 'LDTR'], writes: ['CS'], switchesTask: true },
  { mnemonic: 'Jcc', encoding: '70+cc', operands: ['Jb'], exec: 'jcc', size: 'v', ends: true, cost: 'branch', testsFlags: 'OF SF ZF PF CF' },
  { mnemonic: 'Jcc', encoding: '0F 80+cc', operands: ['Jz'], exec: 'jcc', size: 'v', ends: true, cost: 'branch', testsFlags: 'OF SF ZF PF CF' },
  { mnemonic: 'LOOPNE', encoding: 'E0', operands: ['Jb'], exec: 'loopne', size: 'v', ends: true, cost: 'branch', testsFlags: 'ZF' },
  { mnemonic: 'LOOPE', encoding: 'E1', operands: ['Jb'], exec: 'loope', size: 'v', ends: true, cost: 'branch', testsFlags: 'ZF' },
  { mnemonic: 'LOOP', encoding: 'E2', operands: ['Jb'], exec: 'loop', size: 'v', ends: true, cost: 'branch' },
  { mnemonic: 'JECXZ', encoding: 'E3', operands: ['Jb'], exec: 'jcxz', size: 'v', ends: true, cost: 'branch' },
  { mnemonic: 'CALL', encoding: 'E8', operands: ['Jz'], exec: 'call', size: 'v', ends: true, cost: 'branch' },
  { mnemonic: 'CALL', encoding: 'FF /2', operands: ['Ev'], exec: 'callNear', size: 'v', ends: true, cost: 'branch' },
  { mnemonic: 'CALL', encoding: '9A', operands: ['Ap'], exec: 'callFar', size: 'v', ends: true, cost: 'far', ...CALL_FAR },
  { mnemonic: 'CALL', encoding: 'FF /3', operands: ['Mp'], exec: 'callFar', size: 'v', ends: true, cost: 'far', ...CALL_FAR },
  { mnemonic: 'RET', encoding: 'C3', operands: [], exec: 'ret', size: 'v', ends: true, cost: 'branch' },
  { mnemonic: 'RET', encoding: 'C2', operands: ['Iw'], exec: 'ret', size: 'v', ends: true, cost: 'branch' },
  { mnemonic: 'RETF', encoding: 'CB', operands: [], exec: 'retFar', size: 'v', ends: true, cost: 'far', ...RET_FAR },
  { mnemonic: 'RETF', encoding: 'CA', operands: ['Iw'], exec: 'retFar', size: 'v', ends: true, cost: 'far', ...RET_FAR },
  { mnemonic: 'ENTER', encoding: 'C8', operands: ['Iw', 'Ib'], exec: 'enter', size: 'v' },
  { mnemonic: 'LEAVE', encoding: 'C9', operands: [], exec: 'leave', size: 'v' },
  { mnemonic: 'INT3', encoding: 'CC', operands: [], exec: 'int3', ends: true, cost: 'int', ...INTERRUPT },
  { mnemonic: 'INT', encoding: 'CD', operands: ['Ib'], exec: 'int', ends: true, cost: 'int', ...INTERRUPT, exit: { svm: 'SWINT' } },
  { mnemonic: 'INTO', encoding: 'CE', operands: [], exec: 'into', ends: true, cost: 'int', testsFlags: 'OF', ...INTERRUPT },
  { mnemonic: 'INT1', encoding: 'F1', operands: [], exec: 'int1', ends: true, cost: 'int', ...INTERRUPT, exit: { svm: 'ICEBP' } },
  { mnemonic: 'IRETW', encoding: 'CF', operands: [], exec: 'iret', size: 16, ends: true, cost: 'iret', ...RETURN, exit: { svm: 'IRET' } },
  { mnemonic: 'IRETD', encoding: 'CF', operands: [], exec: 'iret', size: 32, ends: true, cost: 'iret', ...RETURN, exit: { svm: 'IRET' } },
  { mnemonic: 'UD2', encoding: '0F 0B', operands: [], exec: 'ud2', ends: true },
  { mnemonic: 'NOP', encoding: '0F 1F /0', operands: ['Ev'], exec: 'nop', entry: 'NOP', since: 'cmov' },
];
