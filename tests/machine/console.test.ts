import { expect, test } from 'vitest';
import { Console } from '../../src/machine/console.ts';

test('a console keeps every byte and can go back', () => {
  const console = new Console('VM 1 console', 1);
  const print = (text: string) => {
    for (const byte of new TextEncoder().encode(text)) console.append(byte);
  };
  print('minim> ');
  const mark = console.length;
  print('ls\n');
  expect(console.text).toBe('minim> ls\n');
  console.truncate(mark);
  expect([console.text, console.length]).toEqual(['minim> ', 7]);
  print('ps\n');
  expect(console.text).toBe('minim> ps\n');
  expect([...console.bytes(8)]).toEqual([0x73, 0x0a]);
  expect(() => console.truncate(99)).toThrow('VM 1 console holds 10 bytes');
});

test('characters of several bytes appear when they are whole', () => {
  const console = new Console('Console');
  const bytes = new TextEncoder().encode('ä→b');
  const seen: string[] = [];
  for (const byte of bytes) {
    console.append(byte);
    seen.push(console.text);
  }
  expect(seen.at(-1)).toBe('ä→b');
  expect(seen[1]).toBe('ä');
  console.truncate(2);
  expect(console.text).toBe('ä');
});

test('long output', () => {
  const console = new Console('Console');
  for (let i = 0; i < 100_000; i++) console.append(97 + (i % 26));
  expect([console.text.length, console.text.slice(-3)]).toEqual([100_000, 'bcd']);
});
