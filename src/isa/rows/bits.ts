/** Bit and byte instructions: SDM vol 1, 7.3.6. */
import type { Row } from '../row.ts';

function bit(mnemonic: string, register: string, digit: number): Row[] {
  const exec = mnemonic.toLowerCase();
  const flags = { writesFlags: 'CF', undefinedFlags: 'OF SF AF PF', ...(exec === 'bt' ? {} : ({ lock: true } as const)) };
  return [
    { mnemonic, encoding: `0F ${register}`, operands: ['Ev', 'Gv'], exec, size: 'v', ...flags },
    { mnemonic, encoding: `0F BA /${digit}`, operands: ['Ev', 'Ib'], exec: `${exec}Imm`, size: 'v', ...flags },
  ];
}

export const BITS: readonly Row[] = [
  ...bit('BT', 'A3', 4),
  ...bit('BTS', 'AB', 5),
  ...bit('BTR', 'B3', 6),
  ...bit('BTC', 'BB', 7),
  { mnemonic: 'BSF', encoding: '0F BC', operands: ['Gv', 'Ev'], exec: 'bsf', size: 'v', writesFlags: 'ZF', undefinedFlags: 'OF SF AF PF CF' },
  { mnemonic: 'BSR', encoding: '0F BD', operands: ['Gv', 'Ev'], exec: 'bsr', size: 'v', writesFlags: 'ZF', undefinedFlags: 'OF SF AF PF CF' },
  { mnemonic: 'SETcc', encoding: '0F 90+cc', operands: ['Eb'], exec: 'setcc', testsFlags: 'OF SF ZF PF CF' },
  { mnemonic: 'BSWAP', encoding: '0F C8+r', operands: ['Zv'], exec: 'bswap', size: 'v', since: 'i486' },
];
