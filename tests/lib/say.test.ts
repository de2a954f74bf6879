import { afterEach, expect, test } from 'vitest';
import { parts, say, speak, told, worded } from '../../src/lib/say.ts';

afterEach(() => speak(null));

test('English is said as it stands', () => {
  expect(say`VM ${2} writes ${'1000h'} to CR3`).toBe('VM 2 writes 1000h to CR3');
  expect(say`Step`).toBe('Step');
});

test('another language may put the values elsewhere, or leave one out', () => {
  speak({ 'VM {0} writes {1} to CR3': '{1} schreibt VM {0} nach CR3', Step: 'Schritt', '{0} left': 'Rest' });
  expect(say`VM ${2} writes ${'1000h'} to CR3`).toBe('1000h schreibt VM 2 nach CR3');
  expect(say`Step`).toBe('Schritt');
  expect(say`${3} left`).toBe('Rest');
});

test('a value is never read as a place for another', () => {
  speak({ '{0} {1}': '{1} {0}' });
  expect(say`${'{1}'} ${'$&'}`).toBe('$& {1}');
});

test('what has no message stays English', () => {
  speak({});
  expect(say`VM ${2} halts`).toBe('VM 2 halts');
  expect(told(worded('halted for good'))).toBe('halted for good');
});

test('words of a table are said when they are shown', () => {
  const table = { halted: worded('halted for good') };
  speak({ 'halted for good': 'steht für immer' });
  expect(told(table.halted)).toBe('steht für immer');
});

test('elements find their places among the words', () => {
  expect(parts`Open ${null} in ${null}`).toEqual(['Open ', 0, ' in ', 1, '']);
  speak({ 'Open {0} in {1}': '{1}: {0} öffnen' });
  expect(parts`Open ${null} in ${null}`).toEqual(['', 1, ': ', 0, ' öffnen']);
});
