import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Input } from '../../src/machine/machine.ts';
import { History, type Spacing } from '../../src/trace/history.ts';
import { portrait, rowsUpTo } from './support/portrait.ts';
import { ECHO, fromSource } from './support/programs.ts';
import { Reference } from './support/reference.ts';

const DENSE: Spacing = { apart: 61, widestGap: 900, most: 12 };
const SEED = 20_061_113;
const LAST = 3000;

const echo = () => fromSource(ECHO);
const reference = (inputs: readonly Input[]) => new Reference(echo(), LAST, inputs);
const at = (n: number, text: string): Input[] => [...text].map((letter) => ({ n, console: 0, byte: letter.charCodeAt(0) }));
const type = (history: History, text: string) =>
  history.fork((machine) => {
    for (const { byte } of at(0, text)) machine.type(0, byte);
  });
const sorted = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b);

describe('recorded inputs', () => {
  const inputs = [...at(300, 'recorded'), ...at(1200, ' in'), ...at(2200, 'puts')];

  test('enter again at their steps, wherever a reader goes', () => {
    const { hashes, last } = reference(inputs);
    expect(last.consoles[0]).toBe('recorded inputs');
    const history = new History(reference(inputs).machine(), false, DENSE);
    fc.assert(
      fc.property(fc.array(fc.nat(hashes.length - 1), { minLength: 1, maxLength: 12 }), (way) => {
        for (const n of way) {
          history.seek(n);
          expect([n, history.machine.hash()]).toEqual([history.n, hashes[n]]);
        }
      }),
      { numRuns: 10, seed: SEED },
    );
  });

  test('typed into a history, they are the same as recorded', () => {
    const history = new History(reference([]).machine(), false, DENSE);
    for (const [n, text] of [
      [300, 'recorded'],
      [1200, ' in'],
      [2200, 'puts'],
    ] as const) {
      history.seek(n);
      type(history, text);
    }
    history.seek(LAST);
    expect(portrait(history.machine)).toEqual(reference(inputs).last);
    expect(history.machine.inputs).toEqual(inputs);
    history.seek(350);
    history.fast(LAST);
    expect(portrait(history.machine)).toEqual(reference(inputs).last);
  });
});

describe('a change in the past', () => {
  test('makes another future, and forgets the one there was', () => {
    const history = new History(reference(at(1000, 'first')).machine(), false, DENSE);
    history.seek(LAST);
    history.seek(700);
    type(history, 'other');
    expect([history.n, history.reached, history.reachedCycle]).toEqual([700, 700, history.machine.cycle]);
    expect(history.checkpoints.every((n) => n <= 700)).toBe(true);
    expect(history.log.upTo).toBe(700);
    history.seek(LAST);
    const other = reference(at(700, 'other'));
    expect(portrait(history.machine)).toEqual(other.last);
    expect(rowsUpTo(history.log, LAST)).toEqual(other.rows());
  });

  test('leaves the past alone', () => {
    const { hashes } = reference(at(1000, 'first'));
    const history = new History(reference(at(1000, 'first')).machine(), false, DENSE);
    history.seek(2000);
    const { recent } = history;
    type(history, 'x');
    expect(history.recent).toEqual(recent);
    for (const n of [1999, 1500, 61, 0]) {
      history.seek(n);
      expect([n, history.machine.hash()]).toEqual([history.n, hashes[n]]);
    }
  });

  test('at the very start, and twice at one step', () => {
    const history = new History(reference([]).machine(), false, DENSE);
    type(history, 'a');
    type(history, 'b');
    history.seek(900);
    type(history, 'c');
    type(history, 'd');
    history.seek(LAST);
    const inputs = [...at(0, 'ab'), ...at(900, 'cd')];
    expect(portrait(history.machine)).toEqual(reference(inputs).last);
    history.seek(0);
    history.seek(LAST);
    expect(portrait(history.machine)).toEqual(reference(inputs).last);
  });

  test('over and over: the last branch is as if it had been the only one', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(LAST - 1), fc.string({ minLength: 1, maxLength: 4, unit: 'binary-ascii' }))), (changes) => {
        const history = new History(reference([]).machine(), false, DENSE);
        let inputs: Input[] = [];
        for (const [n, text] of changes) {
          history.seek(n);
          type(history, text);
          inputs = [...inputs.filter((input) => input.n <= n), ...at(n, text)];
          history.fast(n + 500);
        }
        history.seek(LAST);
        const expected = reference(inputs);
        expect(portrait(history.machine)).toEqual(expected.last);
        expect(rowsUpTo(history.log, LAST)).toEqual(expected.rows());
        for (const n of sorted(changes.map(([step]) => step)).reverse()) {
          history.seek(n);
          expect([n, history.machine.hash()]).toEqual([history.n, expected.hashes[n]]);
        }
      }),
      { numRuns: 4, seed: SEED },
    );
  });
});
