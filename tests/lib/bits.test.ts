import { expect, test } from 'vitest';
import { bits, decode, extract, insert, names } from '../../src/lib/bits.ts';
import fc from '../support/cases.ts';

const EFLAGS = bits(`
  17     VM    virtual-8086 mode
  13:12  IOPL  I/O privilege level
  9      IF    interrupt enable
  0      CF    carry
`);

test('a drawing becomes fields', () => {
  expect(EFLAGS.field('IOPL')).toEqual({ name: 'IOPL', high: 13, low: 12, mask: 0x3000, meaning: 'I/O privilege level' });
  expect(decode(EFLAGS, 0x3202).map(({ bits, field, value }) => `${bits} ${field.name}=${value}`)).toEqual([
    '17 VM=0',
    '13:12 IOPL=3',
    '9 IF=1',
    '0 CF=0',
  ]);
  expect(names(EFLAGS, 0x3202)).toEqual(['IF']);
});

test('what is inserted is extracted, and nothing else changes', () => {
  const layout = bits('31:0 ALL\n');
  expect(extract(layout.fields[0], -1)).toBe(0xffffffff);
  fc.assert(
    fc.property(fc.nat(0xffffffff), fc.nat(3), fc.constantFrom(...EFLAGS.fields), (value, content, field) => {
      const changed = insert(field, value, content);
      expect(extract(field, changed)).toBe(content & (field.high === field.low ? 1 : 3));
      expect((changed & ~field.mask) >>> 0).toBe((value & ~field.mask) >>> 0);
    }),
  );
});

test('mistakes in a drawing are named', () => {
  expect(() => bits('3:5 X')).toThrow('bits 3:5 of X');
  expect(() => bits('5:3 X\n4 Y')).toThrow('Y lies over another field');
  expect(() => bits('X')).toThrow("found 'X'");
  expect(() => EFLAGS.field('ZF')).toThrow('no field ZF');
});
