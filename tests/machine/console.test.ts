import { expect, test } from 'vitest';
import { Console } from '../../src/machine/console.ts';
import fc from '../support/cases.ts';

test('a console keeps every byte and can go back', () => {
  const console = new Console('VM 1 console', 1);
  const print = (text: string) => {
    for (const byte of new TextEncoder().encode(text)) console.append(byte);
  };
  print('minim> ');
  const mark = console.save();
  print('ls\n');
  expect(console.text).toBe('minim> ls\n');
  console.load(mark);
  expect([console.text, console.length]).toEqual(['minim> ', 7]);
  print('ps\n');
  expect(console.text).toBe('minim> ps\n');
  expect([...console.bytes(8)]).toEqual([0x73, 0x0a]);
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
  console.load({ ...console.save(), length: 2 });
  expect(console.text).toBe('ä');
});

test('long output', () => {
  const console = new Console('Console');
  for (let i = 0; i < 100_000; i++) console.append(97 + (i % 26));
  expect([console.text.length, console.text.slice(-3)]).toEqual([100_000, 'bcd']);
});

test('states hold, whatever is printed after going back to one of them', () => {
  type Command = { kind: 'print' | 'save' | 'load'; value: number };
  const command: fc.Arbitrary<Command> = fc.record({ kind: fc.constantFrom('print', 'print', 'print', 'save', 'load'), value: fc.nat(3) });
  fc.assert(
    fc.property(fc.array(command, { maxLength: 60, size: '+1' }), (commands) => {
      const consoles = [new Console('first'), new Console('second')];
      const texts = ['', ''];
      const saved = [{ state: consoles[0].save(), text: '' }];
      for (const { kind, value } of commands) {
        const who = value & 1;
        if (kind === 'print') {
          for (let i = 0; i < 100; i++) consoles[who].append(97 + value);
          texts[who] += String.fromCharCode(97 + value).repeat(100);
        } else if (kind === 'save') saved.push({ state: consoles[who].save(), text: texts[who] });
        else {
          const { state, text } = saved[value % saved.length];
          consoles[who].load(state);
          texts[who] = text;
        }
        expect(consoles.map((console) => console.text)).toEqual(texts);
        for (const { state, text } of saved) expect(String.fromCharCode(...state.bytes.subarray(0, state.length))).toBe(text);
      }
    }),
  );
});
