/** Arithmetic and logic: SDM vol 1, 7.3.2 to 7.3.4 and 7.3.16. */
import type { Row } from '../row.ts';

const STATUS = 'OF SF ZF AF PF CF';

/** The eight operations that share one pattern of nine encodings (SDM vol 2, A.3 and group 1). */
function eight(mnemonic: string, base: number, digit: number): Row[] {
  const exec = mnemonic.toLowerCase();
  const at = (low: number) => (base + low).toString(16).toUpperCase().padStart(2, '0');
  const logic = exec === 'and' || exec === 'or' || exec === 'xor';
  const flags = { writesFlags: STATUS, ...(logic && { undefinedFlags: 'AF' }), ...(exec === 'adc' || exec === 'sbb' ? { testsFlags: 'CF' } : {}) };
  const lock = exec === 'cmp' ? {} : ({ lock: true } as const);
  return [
    { mnemonic, encoding: at(0), operands: ['Eb', 'Gb'], exec, size: 'b', ...lock, ...flags },
    { mnemonic, encoding: at(1), operands: ['Ev', 'Gv'], exec, size: 'v', ...lock, ...flags },
    { mnemonic, encoding: at(2), operands: ['Gb', 'Eb'], exec, size: 'b', ...flags },
    { mnemonic, encoding: at(3), operands: ['Gv', 'Ev'], exec, size: 'v', ...flags },
    { mnemonic, encoding: at(4), operands: ['AL', 'Ib'], exec, size: 'b', ...flags },
    { mnemonic, encoding: at(5), operands: ['eAX', 'Iz'], exec, size: 'v', ...flags },
    { mnemonic, encoding: `80 /${digit}`, operands: ['Eb', 'Ib'], exec, size: 'b', ...lock, ...flags },
    { mnemonic, encoding: `81 /${digit}`, operands: ['Ev', 'Iz'], exec, size: 'v', ...lock, ...flags },
    { mnemonic, encoding: `82 /${digit}`, operands: ['Eb', 'Ib'], exec, size: 'b', ...lock, ...flags },
    { mnemonic, encoding: `83 /${digit}`, operands: ['Ev', 'sIb'], exec, size: 'v', ...lock, ...flags },
  ];
}

/** Shifts and rotates: group 2. */
function shift(mnemonic: string, digit: number): Row[] {
  const exec = mnemonic.toLowerCase();
  const rotate = exec.startsWith('r');
  const flags = { writesFlags: rotate ? 'OF CF' : STATUS, undefinedFlags: rotate ? 'OF' : 'OF AF', ...(exec.startsWith('rc') ? { testsFlags: 'CF' } : {}) };
  return [
    { mnemonic, encoding: `C0 /${digit}`, operands: ['Eb', 'Ib'], exec, size: 'b', ...flags },
    { mnemonic, encoding: `C1 /${digit}`, operands: ['Ev', 'Ib'], exec, size: 'v', ...flags },
    { mnemonic, encoding: `D0 /${digit}`, operands: ['Eb', '1'], exec, size: 'b', ...flags },
    { mnemonic, encoding: `D1 /${digit}`, operands: ['Ev', '1'], exec, size: 'v', ...flags },
    { mnemonic, encoding: `D2 /${digit}`, operands: ['Eb', 'CL'], exec, size: 'b', ...flags },
    { mnemonic, encoding: `D3 /${digit}`, operands: ['Ev', 'CL'], exec, size: 'v', ...flags },
  ];
}

export const ARITHMETIC: readonly Row[] = [
  ...eight('ADD', 0x00, 0),
  ...eight('OR', 0x08, 1),
  ...eight('ADC', 0x10, 2),
  ...eight('SBB', 0x18, 3),
  ...eight('AND', 0x20, 4),
  ...eight('SUB', 0x28, 5),
  ...eight('XOR', 0x30, 6),
  ...eight('CMP', 0x38, 7),
  { mnemonic: 'INC', encoding: '40+r', operands: ['Zv'], exec: 'inc', size: 'v', writesFlags: 'OF SF ZF AF PF' },
  { mnemonic: 'INC', encoding: 'FE /0', operands: ['Eb'], exec: 'inc', size: 'b', lock: true, writesFlags: 'OF SF ZF AF PF' },
  { mnemonic: 'INC', encoding: 'FF /0', operands: ['Ev'], exec: 'inc', size: 'v', lock: true, writesFlags: 'OF SF ZF AF PF' },
  { mnemonic: 'DEC', encoding: '48+r', operands: ['Zv'], exec: 'dec', size: 'v', writesFlags: 'OF SF ZF AF PF' },
  { mnemonic: 'DEC', encoding: 'FE /1', operands: ['Eb'], exec: 'dec', size: 'b', lock: true, writesFlags: 'OF SF ZF AF PF' },
  { mnemonic: 'DEC', encoding: 'FF /1', operands: ['Ev'], exec: 'dec', size: 'v', lock: true, writesFlags: 'OF SF ZF AF PF' },
  { mnemonic: 'NOT', encoding: 'F6 /2', operands: ['Eb'], exec: 'not', size: 'b', lock: true },
  { mnemonic: 'NOT', encoding: 'F7 /2', operands: ['Ev'], exec: 'not', size: 'v', lock: true },
  { mnemonic: 'NEG', encoding: 'F6 /3', operands: ['Eb'], exec: 'neg', size: 'b', lock: true, writesFlags: STATUS },
  { mnemonic: 'NEG', encoding: 'F7 /3', operands: ['Ev'], exec: 'neg', size: 'v', lock: true, writesFlags: STATUS },
  { mnemonic: 'TEST', encoding: '84', operands: ['Eb', 'Gb'], exec: 'test', size: 'b', writesFlags: STATUS, undefinedFlags: 'AF' },
  { mnemonic: 'TEST', encoding: '85', operands: ['Ev', 'Gv'], exec: 'test', size: 'v', writesFlags: STATUS, undefinedFlags: 'AF' },
  { mnemonic: 'TEST', encoding: 'A8', operands: ['AL', 'Ib'], exec: 'test', size: 'b', writesFlags: STATUS, undefinedFlags: 'AF' },
  { mnemonic: 'TEST', encoding: 'A9', operands: ['eAX', 'Iz'], exec: 'test', size: 'v', writesFlags: STATUS, undefinedFlags: 'AF' },
  { mnemonic: 'TEST', encoding: 'F6 /0', operands: ['Eb', 'Ib'], exec: 'test', size: 'b', writesFlags: STATUS, undefinedFlags: 'AF' },
  { mnemonic: 'TEST', encoding: 'F6 /1', operands: ['Eb', 'Ib'], exec: 'test', size: 'b', writesFlags: STATUS, undefinedFlags: 'AF' },
  { mnemonic: 'TEST', encoding: 'F7 /0', operands: ['Ev', 'Iz'], exec: 'test', size: 'v', writesFlags: STATUS, undefinedFlags: 'AF' },
  { mnemonic: 'TEST', encoding: 'F7 /1', operands: ['Ev', 'Iz'], exec: 'test', size: 'v', writesFlags: STATUS, undefinedFlags: 'AF' },
  { mnemonic: 'MUL', encoding: 'F6 /4', operands: ['Eb'], exec: 'mul', size: 'b', cost: 'mul', writesFlags: 'OF CF', undefinedFlags: 'SF ZF AF PF' },
  { mnemonic: 'MUL', encoding: 'F7 /4', operands: ['Ev'], exec: 'mul', size: 'v', cost: 'mul', writesFlags: 'OF CF', undefinedFlags: 'SF ZF AF PF' },
  { mnemonic: 'IMUL', encoding: 'F6 /5', operands: ['Eb'], exec: 'imulWide', size: 'b', cost: 'mul', writesFlags: 'OF CF', undefinedFlags: 'SF ZF AF PF' },
  { mnemonic: 'IMUL', encoding: 'F7 /5', operands: ['Ev'], exec: 'imulWide', size: 'v', cost: 'mul', writesFlags: 'OF CF', undefinedFlags: 'SF ZF AF PF' },
  { mnemonic: 'IMUL', encoding: '0F AF', operands: ['Gv', 'Ev'], exec: 'imul', size: 'v', cost: 'mul', writesFlags: 'OF CF', undefinedFlags: 'SF ZF AF PF' },
  { mnemonic: 'IMUL', encoding: '69', operands: ['Gv', 'Ev', 'Iz'], exec: 'imulImm', size: 'v', cost: 'mul', writesFlags: 'OF CF', undefinedFlags: 'SF ZF AF PF' },
  { mnemonic: 'IMUL', encoding: '6B', operands: ['Gv', 'Ev', 'sIb'], exec: 'imulImm', size: 'v', cost: 'mul', writesFlags: 'OF CF', undefinedFlags: 'SF ZF AF PF' },
  { mnemonic: 'DIV', encoding: 'F6 /6', operands: ['Eb'], exec: 'div', size: 'b', cost: 'div', undefinedFlags: STATUS },
  { mnemonic: 'DIV', encoding: 'F7 /6', operands: ['Ev'], exec: 'div', size: 'v', cost: 'div', undefinedFlags: STATUS },
  { mnemonic: 'IDIV', encoding: 'F6 /7', operands: ['Eb'], exec: 'idiv', size: 'b', cost: 'div', undefinedFlags: STATUS },
  { mnemonic: 'IDIV', encoding: 'F7 /7', operands: ['Ev'], exec: 'idiv', size: 'v', cost: 'div', undefinedFlags: STATUS },
  ...shift('ROL', 0),
  ...shift('ROR', 1),
  ...shift('RCL', 2),
  ...shift('RCR', 3),
  ...shift('SHL', 4),
  ...shift('SHR', 5),
  ...shift('SAR', 7),
  /* Reserved by the manual; every processor takes /6 for /4. */
  ...shift('SHL', 6),
  { mnemonic: 'SHLD', encoding: '0F A4', operands: ['Ev', 'Gv', 'Ib'], exec: 'shld', size: 'v', writesFlags: STATUS, undefinedFlags: 'OF AF' },
  { mnemonic: 'SHLD', encoding: '0F A5', operands: ['Ev', 'Gv', 'CL'], exec: 'shld', size: 'v', writesFlags: STATUS, undefinedFlags: 'OF AF' },
  { mnemonic: 'SHRD', encoding: '0F AC', operands: ['Ev', 'Gv', 'Ib'], exec: 'shrd', size: 'v', writesFlags: STATUS, undefinedFlags: 'OF AF' },
  { mnemonic: 'SHRD', encoding: '0F AD', operands: ['Ev', 'Gv', 'CL'], exec: 'shrd', size: 'v', writesFlags: STATUS, undefinedFlags: 'OF AF' },
  { mnemonic: 'DAA', encoding: '27', operands: [], exec: 'daa', writesFlags: STATUS, testsFlags: 'AF CF', undefinedFlags: 'OF' },
  { mnemonic: 'DAS', encoding: '2F', operands: [], exec: 'das', writesFlags: STATUS, testsFlags: 'AF CF', undefinedFlags: 'OF' },
  { mnemonic: 'AAA', encoding: '37', operands: [], exec: 'aaa', writesFlags: 'AF CF', testsFlags: 'AF', undefinedFlags: 'OF SF ZF PF' },
  { mnemonic: 'AAS', encoding: '3F', operands: [], exec: 'aas', writesFlags: 'AF CF', testsFlags: 'AF', undefinedFlags: 'OF SF ZF PF' },
  { mnemonic: 'AAM', encoding: 'D4', operands: ['Ib'], exec: 'aam', cost: 'div', writesFlags: 'SF ZF PF', undefinedFlags: 'OF AF CF' },
  { mnemonic: 'AAD', encoding: 'D5', operands: ['Ib'], exec: 'aad', cost: 'mul', writesFlags: 'SF ZF PF', undefinedFlags: 'OF AF CF' },
  { mnemonic: 'CBW', encoding: '98', operands: [], exec: 'cbw', size: 16 },
  { mnemonic: 'CWDE', encoding: '98', operands: [], exec: 'cwde', size: 32 },
  { mnemonic: 'CWD', encoding: '99', operands: [], exec: 'cwd', size: 16 },
  { mnemonic: 'CDQ', encoding: '99', operands: [], exec: 'cdq', size: 32 },
];
