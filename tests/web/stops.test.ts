import { describe, expect, test } from 'vitest';
import type { StopView } from '../../src/session/views.ts';
import { KEY_LIST } from '../../src/web/app/key-list.ts';
import { keyAction } from '../../src/web/app/keys.ts';
import { isAt } from '../../src/web/panels/stops/at.ts';
import { readWatch, stopText } from '../../src/web/panels/stops/model.ts';

const BEFORE: StopView = { id: 1, kind: 'instruction', vm: 1, address: 0xc0101a55, size: 0, text: 'mov cr3, eax' };
const WRITE: StopView = { id: 2, kind: 'write', vm: 2, address: 0xc0104000, size: 4, text: '02104000' };

describe('stops', () => {
  test('in words', () => {
    expect(stopText(BEFORE)).toBe('before mov cr3, eax at C0101A55, VM 1');
    expect(stopText({ ...BEFORE, vm: 0, text: '' })).toBe('before the instruction at C0101A55');
    expect(stopText(WRITE)).toBe('after a write to 4 bytes at C0104000, VM 2 (physical 02104000)');
    expect(stopText({ ...WRITE, vm: 0, size: 1, text: 'physical' })).toBe('after a write to 1 byte at physical C0104000');
  });

  test('a line is at one by its address in the same virtual machine; translated code by that of the original', () => {
    const line = { vm: 1, address: 'C0101A55', original: null };
    const translated = { vm: 1, address: 'FFDA5000', original: { address: 'C0101A55', text: '', replaced: true, done: '' } };
    expect([isAt(BEFORE, line), isAt(BEFORE, translated)]).toEqual([true, true]);
    expect([isAt(BEFORE, { ...line, vm: 2 }), isAt(BEFORE, { ...line, address: 'C0101A58' }), isAt(WRITE, line)]).toEqual([
      false,
      false,
      false,
    ]);
  });

  test.each([
    ['C0104000', '4', { address: 0xc0104000, size: 4 }],
    [' 0x1000 ', ' 4096 ', { address: 0x1000, size: 4096 }],
    ['b8000h', '1', { address: 0xb8000, size: 1 }],
  ])('%s and %s are read', (address, size, asked) => {
    expect(readWatch(address, size)).toEqual(asked);
  });

  test.each([
    ['', '4', /no address: expected hex digits/],
    ['kernel', '4', /“kernel” is no address/],
    ['123456789', '4', /no address/],
    ['1000', '0', /“0” bytes cannot be watched: expected 1 to 4096/],
    ['1000', '4097', /4096/],
    ['1000', 'x', /“x” bytes/],
  ])('%j and %j: what would be right', (address, size, problem) => {
    expect(readWatch(address, size)).toEqual({ problem: expect.stringMatching(problem) });
  });
});

describe('keys', () => {
  const plain = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };
  const NAMES: Readonly<Record<string, string>> = {
    '→': 'ArrowRight',
    '←': 'ArrowLeft',
    Space: ' ',
    G: 'g',
    'Shift G': 'G',
    '−': '-',
    Esc: 'Escape',
    'Shift →': 'ArrowRight',
    'Shift ↑': 'ArrowUp',
  };

  test('every key of the list does something, but for the arrows that only the stream or the rings hear', () => {
    const listed = KEY_LIST.filter(({ keys }) => !keys.includes('↑')).flatMap(({ keys }) => keys);
    const actions = listed.map((key) => keyAction({ ...plain, shiftKey: key.startsWith('Shift'), key: NAMES[key] ?? key }));
    expect(actions).not.toContain(null);
    expect(new Set(actions).size).toBe(actions.length);
  });
});
