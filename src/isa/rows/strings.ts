/** String instructions: SDM vol 1, 7.3.9. */
import type { Row } from '../row.ts';

const IO = { rep: 'rep', cost: 'io', gate: ['IO'], exit: { vmx: 'IO_INSTRUCTION', svm: 'IOIO' } } as const;

export const STRINGS: readonly Row[] = [
  { mnemonic: 'MOVSB', encoding: 'A4', operands: [], exec: 'movs', size: 'b', rep: 'rep', cost: 'string' },
  { mnemonic: 'MOVSW', encoding: 'A5', operands: [], exec: 'movs', size: 16, rep: 'rep', cost: 'string' },
  { mnemonic: 'MOVSD', encoding: 'A5', operands: [], exec: 'movs', size: 32, rep: 'rep', cost: 'string' },
  { mnemonic: 'CMPSB', encoding: 'A6', operands: [], exec: 'cmps', size: 'b', rep: 'repz', cost: 'string', writesFlags: 'OF SF ZF AF PF CF' },
  { mnemonic: 'CMPSW', encoding: 'A7', operands: [], exec: 'cmps', size: 16, rep: 'repz', cost: 'string', writesFlags: 'OF SF ZF AF PF CF' },
  { mnemonic: 'CMPSD', encoding: 'A7', operands: [], exec: 'cmps', size: 32, rep: 'repz', cost: 'string', writesFlags: 'OF SF ZF AF PF CF' },
  { mnemonic: 'STOSB', encoding: 'AA', operands: [], exec: 'stos', size: 'b', rep: 'rep', cost: 'string' },
  { mnemonic: 'STOSW', encoding: 'AB', operands: [], exec: 'stos', size: 16, rep: 'rep', cost: 'string' },
  { mnemonic: 'STOSD', encoding: 'AB', operands: [], exec: 'stos', size: 32, rep: 'rep', cost: 'string' },
  { mnemonic: 'LODSB', encoding: 'AC', operands: [], exec: 'lods', size: 'b', rep: 'rep', cost: 'string' },
  { mnemonic: 'LODSW', encoding: 'AD', operands: [], exec: 'lods', size: 16, rep: 'rep', cost: 'string' },
  { mnemonic: 'LODSD', encoding: 'AD', operands: [], exec: 'lods', size: 32, rep: 'rep', cost: 'string' },
  { mnemonic: 'SCASB', encoding: 'AE', operands: [], exec: 'scas', size: 'b', rep: 'repz', cost: 'string', writesFlags: 'OF SF ZF AF PF CF' },
  { mnemonic: 'SCASW', encoding: 'AF', operands: [], exec: 'scas', size: 16, rep: 'repz', cost: 'string', writesFlags: 'OF SF ZF AF PF CF' },
  { mnemonic: 'SCASD', encoding: 'AF', operands: [], exec: 'scas', size: 32, rep: 'repz', cost: 'string', writesFlags: 'OF SF ZF AF PF CF' },
  { mnemonic: 'INSB', encoding: '6C', operands: [], exec: 'ins', size: 'b', reads: ['ports'], ...IO },
  { mnemonic: 'INSW', encoding: '6D', operands: [], exec: 'ins', size: 16, reads: ['ports'], ...IO },
  { mnemonic: 'INSD', encoding: '6D', operands: [], exec: 'ins', size: 32, reads: ['ports'], ...IO },
  { mnemonic: 'OUTSB', encoding: '6E', operands: [], exec: 'outs', size: 'b', writes: ['ports'], ...IO },
  { mnemonic: 'OUTSW', encoding: '6F', operands: [], exec: 'outs', size: 16, writes: ['ports'], ...IO },
  { mnemonic: 'OUTSD', encoding: '6F', operands: [], exec: 'outs', size: 32, writes: ['ports'], ...IO },
];
