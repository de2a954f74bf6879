import { beforeEach, describe, expect, test } from 'vitest';
import { Pit8254 } from '../../src/machine/devices/pit8254.ts';
import { Counter } from '../../src/machine/devices/pit8254-counter.ts';
import fc, { runs } from '../support/cases.ts';
import { NaiveCounter } from './naive-counter.ts';

const clock = { now: 0, frequency: 1_193_182 };
let edges: (readonly [number, boolean])[] = [];
let pit: Pit8254;

beforeEach(() => {
  clock.now = 0;
  clock.frequency = 1_193_182;
  edges = [];
  pit = new Pit8254({ name: '8254', base: 0x40, clock, out0: (level) => edges.push([clock.now, level]) });
  pit.reset();
});

const out = (port: number, ...bytes: number[]) => {
  for (const byte of bytes) pit.write(port, 1, byte);
};

/** Goes to `cycle` the way the board does: from event to event. */
function runTo(cycle: number): void {
  while (pit.nextEvent() <= cycle) {
    clock.now = pit.nextEvent();
    pit.advance();
  }
  clock.now = cycle;
}

function latched(counter: number): number {
  out(0x43, counter << 6);
  return pit.read(0x40 + counter) | (pit.read(0x40 + counter) << 8);
}

describe('the modes, as the data sheet draws them', () => {
  test('mode 0: OUT rises N + 1 pulses after the count', () => {
    out(0x43, 0x30);
    out(0x40, 4, 0);
    expect(pit.out(0)).toBe(false);
    runTo(100);
    expect(edges).toEqual([
      [0, false],
      [5, true],
    ]);
    expect(latched(0)).toBe(0x10000 - 95);
  });

  test('mode 0: the first byte of a new count stops counting and lowers OUT', () => {
    out(0x43, 0x30);
    out(0x40, 10, 0);
    runTo(20);
    out(0x40, 7);
    expect(pit.out(0)).toBe(false);
    runTo(50);
    expect([pit.out(0), latched(0)]).toEqual([false, 0x10000 - 9]);
    out(0x40, 0);
    runTo(58);
    expect(edges.slice(2)).toEqual([
      [20, false],
      [58, true],
    ]);
  });

  test('mode 1: a rising gate starts the one-shot, and starts it again', () => {
    out(0x43, 0x92);
    out(0x42, 3);
    clock.now = 10;
    pit.gate(2, true);
    const outAt = (cycle: number) => {
      clock.now = cycle;
      return pit.out(2);
    };
    expect([10, 11, 13].map(outAt)).toEqual([true, false, false]);
    pit.gate(2, false);
    pit.gate(2, true);
    expect([14, 16, 17].map(outAt)).toEqual([false, false, true]);
  });

  test('mode 2: low for one pulse in N', () => {
    out(0x43, 0x34);
    out(0x40, 3, 0);
    runTo(8);
    expect(edges).toEqual([
      [3, false],
      [4, true],
      [6, false],
      [7, true],
    ]);
  });

  test('mode 2: a new count waits for the end of the period', () => {
    out(0x43, 0x34);
    out(0x40, 4, 0);
    runTo(2);
    out(0x40, 5, 0);
    runTo(11);
    expect(edges).toEqual([
      [4, false],
      [5, true],
      [9, false],
      [10, true],
    ]);
  });

  test.each([
    [4, [3, 5, 7, 9]],
    [5, [4, 6, 9, 11]],
  ])('mode 3 of %i: high (N + 1) / 2, low (N - 1) / 2', (n, expected) => {
    out(0x43, 0x36);
    out(0x40, n, 0);
    runTo(11);
    expect(edges.map(([cycle]) => cycle).slice(0, 4)).toEqual(expected);
  });

  test('mode 3 of 5 counts 4 2 0 4 2', () => {
    out(0x43, 0x36);
    out(0x40, 5, 0);
    const seen = [1, 2, 3, 4, 5, 6].map((cycle) => {
      runTo(cycle);
      return latched(0);
    });
    expect(seen).toEqual([4, 2, 0, 4, 2, 4]);
  });

  test('mode 4: one strobe of one pulse', () => {
    out(0x43, 0x38);
    out(0x40, 3, 0);
    runTo(200_000);
    expect(edges).toEqual([
      [4, false],
      [5, true],
    ]);
  });

  test('mode 5: the strobe follows the gate', () => {
    out(0x43, 0x9a);
    out(0x42, 2);
    pit.gate(2, true);
    const outs = [1, 2, 3, 4].map((cycle) => {
      clock.now = cycle;
      return pit.out(2);
    });
    expect(outs).toEqual([true, true, false, true]);
  });

  test('the gate pauses modes 0 and 2; in mode 2 it raises OUT and restarts', () => {
    out(0x43, 0xb0);
    out(0x42, 100, 0);
    clock.now = 50;
    expect(latched(2)).toBe(100);
    pit.gate(2, true);
    clock.now = 60;
    expect(latched(2)).toBe(90);
    pit.gate(2, false);
    clock.now = 90;
    expect(latched(2)).toBe(90);
    out(0x43, 0xb4);
    out(0x42, 10, 0);
    pit.gate(2, true);
    clock.now = 100;
    expect([pit.out(2), latched(2)]).toEqual([false, 1]);
    pit.gate(2, false);
    expect(pit.out(2)).toBe(true);
    pit.gate(2, true);
    clock.now = 101;
    expect(latched(2)).toBe(10);
  });
});

describe('reading', () => {
  test('a latched count stays until read; a second latch is ignored', () => {
    out(0x43, 0x34);
    out(0x40, 0, 0);
    clock.now = 1;
    out(0x43, 0x00);
    clock.now = 1000;
    out(0x43, 0x00);
    expect([pit.read(0x40), pit.read(0x40)]).toEqual([0, 0]);
    expect(pit.read(0x40) | (pit.read(0x40) << 8)).toBe(0x10000 - 999);
  });

  test('read-back: status before count', () => {
    out(0x43, 0x34);
    out(0x40, 0x34, 0x12);
    out(0x43, 0xc2);
    expect(pit.read(0x40)).toBe(0xf4);
    clock.now = 1;
    expect(pit.read(0x40) | (pit.read(0x40) << 8)).toBe(0);
    out(0x43, 0xc2);
    expect(pit.read(0x40)).toBe(0xb4);
    expect(pit.read(0x40) | (pit.read(0x40) << 8)).toBe(0x1234);
  });

  test('read-back of several counters', () => {
    out(0x43, 0x34, 0x50, 0x90);
    out(0x40, 9, 0);
    out(0x41, 7);
    out(0x42, 5);
    pit.gate(2, true);
    clock.now = 3;
    out(0x43, 0xde);
    clock.now = 100;
    expect([pit.read(0x40), pit.read(0x40), pit.read(0x41), pit.read(0x42)]).toEqual([7, 0, 5, 3]);
  });

  test('BCD counts in decimal', () => {
    out(0x43, 0x35);
    out(0x40, 0x00, 0x10);
    clock.now = 2;
    expect(latched(0)).toBe(0x0999);
    out(0x43, 0x31);
    out(0x40, 0, 0);
    clock.now = 4;
    expect(latched(0)).toBe(0x9999);
  });

  test('modes 6 and 7 are 2 and 3', () => {
    out(0x43, 0x3c);
    out(0x40, 3, 0);
    runTo(4);
    expect(edges).toEqual([
      [3, false],
      [4, true],
    ]);
  });
});

describe("in the processor's time", () => {
  test('the period of a 250 Hz kernel does not drift', () => {
    clock.frequency = 64_000_000;
    out(0x43, 0x34);
    out(0x40, 0xa5, 0x12);
    let rises = 0;
    for (let k = 0; k < 100_000; k++) {
      clock.now = pit.nextEvent();
      pit.advance();
      if (edges.at(-1)?.[1]) rises++;
    }
    const last = edges.at(-1)?.[0] ?? 0;
    expect(rises).toBe(49_999);
    expect(last).toBe(Math.ceil((50_000 * 4773 * 64_000_000) / 1_193_182));
  });

  test('a counter nobody looked at for hours is found at once', () => {
    out(0x43, 0xb6);
    out(0x42, 2, 0);
    pit.gate(2, true);
    clock.now = 1e12 + 1;
    expect([pit.out(2), latched(2)]).toEqual([true, 2]);
    clock.now += 1;
    expect(pit.out(2)).toBe(false);
  });

  test('late by many periods, a tick still arrives, and the next is on time', () => {
    out(0x43, 0x34);
    out(0x40, 100, 0);
    clock.now = 1_000_050;
    pit.advance();
    expect(edges.length).toBeLessThan(8);
    expect(edges.at(-1)?.[1]).toBe(true);
    expect(pit.nextEvent()).toBe(1_000_100);
  });
});

describe('against a counter that is clocked pulse by pulse', () => {
  const count = fc.oneof(fc.integer({ min: 2, max: 9 }), fc.constantFrom(0, 2, 3, 255, 256, 0x1000));
  const action = fc.oneof(
    { weight: 5, arbitrary: fc.record({ kind: fc.constant('wait' as const), value: fc.oneof(fc.nat(6), fc.nat(700)) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('program' as const), value: fc.nat(0x2f).map((v) => v + 0x10) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('count' as const), value: count }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('byte' as const), value: fc.integer({ min: 2, max: 9 }) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('gate' as const), value: fc.nat(1) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('read' as const), value: fc.nat(1) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('latch' as const), value: fc.nat(2) }) },
  );

  function perform(counter: Counter | NaiveCounter, now: number, { kind, value }: { kind: string; value: number }, access: number): number {
    if (kind === 'program') counter.program(now, value);
    else if (kind === 'count') {
      if (access !== 2) counter.write(now, value & 0xff);
      if (access !== 1) counter.write(now, value >> 8);
    } else if (kind === 'byte') counter.write(now, value);
    else if (kind === 'gate') counter.setGate(now, value !== 0);
    else if (kind === 'read') return counter.read(now);
    else if (value !== 1) counter.latchCount(now);
    else counter.latchStatus(now);
    return -1;
  }

  /** Two bytes left over from counts of two make a count of 1, before the first pulse of mode 2 and after it. */
  const ILLEGAL_ONE = [
    { kind: 'program' as const, value: 0x34 },
    { kind: 'byte' as const, value: 2 },
    { kind: 'count' as const, value: 0x100 },
    { kind: 'count' as const, value: 0 },
    { kind: 'wait' as const, value: 2 },
  ];

  test('the same OUT, edge by edge, the same reads, and the events foretold', () => {
    fc.assert(
      fc.property(fc.nat(15), fc.array(action, { maxLength: 40, size: '+1' }), (control, actions) => {
        const seen: (readonly [number, boolean])[] = [];
        const wanted: (readonly [number, boolean])[] = [];
        let now = 0;
        let counter = new Counter(true, (level) => seen.push([now, level]));
        const naive = new NaiveCounter(true, (level) => wanted.push([now, level]));
        const start = { kind: 'program', value: 0x10 + control };
        let access = 1;
        for (const step of [start, ...actions]) {
          if (step.kind === 'program') access = step.value >> 4;
          if (step.kind === 'wait') {
            for (const end = now + step.value; now < end; ) {
              const foretold = counter.next();
              now++;
              naive.tick();
              if (foretold <= now) counter.sync(now);
              if (counter.out !== naive.out) throw new Error(`OUT is ${counter.out} at pulse ${now}`);
            }
          } else {
            expect(perform(counter, now, step, access)).toBe(perform(naive, now, step, access));
            expect(counter.out).toBe(naive.out);
          }
          const copy = new Counter(true, (level) => seen.push([now, level]));
          copy.load(counter.save());
          expect(copy.save()).toEqual(counter.save());
          counter = copy;
        }
        expect(counter.count(now)).toBe(naive.count);
        expect(seen).toEqual(wanted);
      }),
      { numRuns: runs(400), examples: [[0, ILLEGAL_ONE]] },
    );
  });

  test('looked at only at the end, it is where it would have been', () => {
    fc.assert(
      fc.property(fc.nat(5), fc.constantFrom(2, 3, 4, 5, 64, 255), fc.nat(3000), fc.nat(3000), (mode, n, before, after) => {
        const [counter, naive] = [new Counter(false, () => {}), new NaiveCounter(false, () => {})];
        for (const each of [counter, naive]) {
          each.program(0, 0x10 + mode * 2);
          each.write(0, n);
        }
        for (let i = 0; i < before; i++) naive.tick();
        counter.setGate(before, true);
        naive.setGate(before, true);
        for (let i = 0; i < after; i++) naive.tick();
        counter.sync(before + after);
        expect([counter.out, counter.count(before + after)]).toEqual([naive.out, naive.count]);
      }),
    );
  });
});

test('saved and loaded in the middle of a period', () => {
  out(0x43, 0x36);
  out(0x40, 100, 0);
  runTo(130);
  const copy = new Pit8254({ name: '8254', base: 0x40, clock, out0: () => {} });
  copy.load(pit.save());
  expect([copy.nextEvent(), copy.save()]).toEqual([pit.nextEvent(), pit.save()]);
});

test('saving pulls no line, even when an event is due', () => {
  out(0x43, 0x34);
  out(0x40, 3, 0);
  runTo(2);
  clock.now = 3;
  const state = pit.save();
  expect([edges, pit.nextEvent()]).toEqual([[], 3]);
  pit.advance();
  expect(edges).toEqual([[3, false]]);
  pit.load(state);
  pit.advance();
  expect(edges.length).toBe(2);
});
