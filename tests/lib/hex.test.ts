import { expect, test } from 'vitest';
import { h, hex, hex0x, hex2, hex4, hex8, hexBytes } from '../../src/lib/hex.ts';

test('hexadecimal as the manuals print it', () => {
  expect([hex(0x3f8), hex(5, 3), hex2(0x10f), hex4(-1), hex8(0x100042), hex8(-1)]).toEqual([
    '3F8',
    '005',
    '0F',
    'FFFF',
    '00100042',
    'FFFFFFFF',
  ]);
  expect([h(0x28), h(0xe9), h(0)]).toEqual(['28h', 'E9h', '0h']);
  expect(hex0x(0x100042)).toBe('0x00100042');
  expect(hexBytes([0x0f, 0x22, 0xd8])).toBe('0F 22 D8');
});
