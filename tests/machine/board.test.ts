import { beforeEach, describe, expect, test } from 'vitest';
import { Board } from '../../src/machine/board.ts';
import { SystemClock } from '../../src/machine/clock.ts';
import { firmware } from '../../src/machine/firmware.ts';
import { Ram } from '../../src/machine/ram.ts';

let clock: SystemClock;
let board: Board;

function build(vms = 0): void {
  clock = new SystemClock(1_193_182);
  board = new Board({ memory: new Ram(1 << 20), clock, vms });
}

beforeEach(() => build());

const out = (port: number, ...bytes: number[]) => {
  for (const byte of bytes) board.bus.out(port, 1, byte);
};

/** As a kernel does it: vectors 20h-2Fh, everything open. */
function openInterrupts(): void {
  for (const [port, value] of [
    [0x20, 0x11],
    [0x21, 0x20],
    [0x21, 0x04],
    [0x21, 0x01],
    [0xa0, 0x11],
    [0xa1, 0x28],
    [0xa1, 0x02],
    [0xa1, 0x01],
  ]) {
    out(port, value);
  }
}

describe('ports', () => {
  test('nobody answers all ones', () => {
    expect([1, 2, 4].map((size) => board.bus.in(0x1234, size))).toEqual([0xff, 0xffff, -1]);
    expect(board.bus.in(0x70, 1)).toBe(0xff);
    expect(board.bus.owner(0x70)?.name).toBe('MC146818 real-time clock');
    expect(board.bus.owner(0x1234)).toBe(null);
  });

  test('a wide access to byte ports is split, low port first', () => {
    out(0x3fb, 0x80);
    board.bus.out(0x3f8, 2, 0x0201);
    expect([board.bus.in(0x3f8, 1), board.bus.in(0x3f9, 1), board.bus.in(0x3f8, 2)]).toEqual([1, 2, 0x0201]);
    board.bus.out(0x3fb, 2, 0x0b03);
    board.bus.out(0x3f6, 4, 0x6968_ffff | 0);
    expect(board.consoles[0].text).toBe('h');
    expect(board.bus.in(0x3fc, 1)).toBe(0x0b);
    expect(board.bus.in(0x3fd, 4) >>> 0).toBe(0xff00b060);
  });

  test('the last port wraps to the first', () => {
    board.bus.out(0xffff, 2, 0);
    expect(board.bus.in(0xffff, 2)).toBe(0xffff);
  });

  test('two chips on one port are a mistake', () => {
    expect(() => board.bus.attach(board.uarts[0])).toThrow('port 3f8h belongs to COM1 and COM1');
  });

  test('delay port, debug console, debug exit', () => {
    out(0x80, 0x5a);
    out(0xe9, 0x68, 0x69);
    expect([board.bus.in(0x80, 1), board.bus.in(0xe9, 1), board.consoles[1].text]).toEqual([0x5a, 0xe9, 'hi']);
    expect([board.bus.stopped, board.debugExit]).toEqual([false, -1]);
    out(0x501, 3);
    expect([board.bus.stopped, board.debugExit]).toEqual([true, 3]);
    board.bus.out(0x501, 4, 0x10000);
    expect(board.debugExit).toBe(0x10000);
    const state = board.save();
    board.reset();
    expect([board.bus.stopped, board.debugExit]).toEqual([false, -1]);
    board.load(state);
    expect([board.bus.stopped, board.debugExit]).toEqual([true, 0x10000]);
  });
});

test('outside RAM: all ones, unless something is mapped there', () => {
  expect([1, 2, 4].map((size) => board.bus.readMmio(0xfee00020, size))).toEqual([0xff, 0xffff, -1]);
  const written: number[] = [];
  board.bus.map({ first: 0xfee00000, last: 0xfee00fff, read: (address) => address & 0xfff, write: (_, __, value) => written.push(value) });
  board.bus.writeMmio(0xfee000b0 | 0, 4, 7);
  board.bus.writeMmio(0xfee01000, 4, 8);
  expect([board.bus.readMmio(0xfee00020 | 0, 4), written]).toEqual([0x20, [7]]);
});

describe('interrupts', () => {
  test('a tick: 8254 OUT, 8259A IR0, INTR, vector', () => {
    openInterrupts();
    out(0x43, 0x34);
    out(0x40, 100, 0);
    clock.now = 1;
    board.bus.advance();
    expect([clock.deadline, board.bus.intr]).toEqual([100, false]);
    clock.now = 100;
    board.bus.advance();
    expect([clock.deadline, board.bus.intr]).toEqual([101, false]);
    clock.now = 101;
    board.bus.advance();
    expect([clock.deadline, board.bus.intr]).toEqual([200, true]);
    expect([board.bus.acknowledge(), board.bus.intr]).toEqual([0x20, false]);
  });

  test('each 16550 has a line of its own', () => {
    build(4);
    openInterrupts();
    const bases = [0x3f8, 0x2f8, 0x3e8, 0x2e8, 0x2f0];
    const vectors = bases.map((base, i) => {
      out(base + 1, 0x01);
      out(base + 4, 0x0b);
      expect(board.receive(i, 0x61)).toBe(true);
      const vector = board.bus.acknowledge();
      out(0x20, 0x20);
      return vector;
    });
    expect(vectors).toEqual([0x24, 0x23, 0x25, 0x26, 0x27]);
    expect(board.consoles.map(({ title, vm }) => `${vm} ${title}`)).toEqual([
      '0 Monitor console',
      '1 VM 1 console',
      '2 VM 2 console',
      '3 VM 3 console',
      '4 VM 4 console',
      '0 Debug console',
    ]);
  });

  test('what could wake a halted processor', () => {
    firmware(board.bus);
    expect([board.willInterrupt, board.inputsThatInterrupt]).toEqual([false, []]);
    out(0x3f9, 0x01);
    out(0x3fc, 0x0b);
    expect(board.inputsThatInterrupt).toEqual([]);
    out(0x21, 0xee);
    expect([board.willInterrupt, board.inputsThatInterrupt]).toEqual([true, [0]]);
    out(0x43, 0x30);
    out(0x21, 0xef);
    expect([board.willInterrupt, board.inputsThatInterrupt]).toEqual([false, [0]]);
  });
});

test('port 61h opens the gate of timer 2 and shows its OUT', () => {
  out(0x43, 0xb0);
  out(0x42, 100, 0);
  expect(board.bus.in(0x61, 1) & 0x23).toBe(0);
  out(0x61, 0x01);
  clock.now = 100;
  expect(board.bus.in(0x61, 1) & 0x21).toBe(0x01);
  clock.now = 101;
  expect(board.bus.in(0x61, 1) & 0x21).toBe(0x21);
  const refresh = [1000, 1018, 1036].map((now) => {
    clock.now = now;
    return board.bus.in(0x61, 1) & 0x10;
  });
  expect([refresh[0] === refresh[2], refresh[0] === refresh[1]]).toEqual([true, false]);
});

test('saved in the middle and loaded into another board, it ticks on', () => {
  openInterrupts();
  out(0x43, 0x36);
  out(0x40, 50, 0);
  clock.now = 70;
  board.bus.advance();
  const state = board.save();
  const [first, firstClock] = [board, clock];
  build();
  clock.now = 70;
  board.load(state);
  expect([board.bus.intr, clock.deadline, board.save()]).toEqual([first.bus.intr, firstClock.deadline, state]);
  for (const [b, c] of [
    [first, firstClock],
    [board, clock],
  ] as const) {
    c.now = c.deadline;
    b.bus.advance();
  }
  expect(board.save()).toEqual(first.save());
});

test('five virtual machines are too many', () => {
  expect(() => build(5)).toThrow('5 virtual machines: the board has 16550s for 0 to 4');
});
