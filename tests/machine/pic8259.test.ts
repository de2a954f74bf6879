import { beforeEach, describe, expect, test } from 'vitest';
import { Pic8259 } from '../../src/machine/devices/pic8259.ts';
import fc from '../support/cases.ts';

let intr = false;
let master: Pic8259;
let slave: Pic8259;

function irq(n: number, level = true): void {
  if (n < 8) master.ir(n, level);
  else slave.ir(n - 8, level);
}

function pulse(n: number): void {
  irq(n, false);
  irq(n);
}

const chip = (port: number) => (port < 0xa0 ? master : slave);
const out = (port: number, value: number) => chip(port).write(port, 1, value);
const read = (port: number) => chip(port).read(port);

/** ICW1-4 as every PC kernel writes them: master 20h, slave 28h, nothing masked. */
function initialize(icw4 = 0x01): void {
  for (const [port, value] of [
    [0x20, 0x11],
    [0x21, 0x20],
    [0x21, 0x04],
    [0x21, icw4],
    [0xa0, 0x11],
    [0xa1, 0x28],
    [0xa1, 0x02],
    [0xa1, icw4],
  ]) {
    out(port, value);
  }
}

beforeEach(() => {
  intr = false;
  slave = new Pic8259({ name: 'slave', base: 0xa0, int: (level) => master.ir(2, level) });
  master = new Pic8259({
    name: 'master',
    base: 0x20,
    int: (level) => {
      intr = level;
    },
    slaves: { 2: slave },
  });
  initialize();
});

describe('initialization', () => {
  test('ICW2 gives the vectors, its low three bits are ignored', () => {
    out(0x20, 0x11);
    out(0x21, 0x37);
    out(0x21, 0x04);
    out(0x21, 0x01);
    irq(3);
    expect(master.acknowledge()).toBe(0x33);
  });

  test('ICW3 is left out for a single chip, ICW4 if not needed', () => {
    out(0x20, 0x12);
    out(0x21, 0x40);
    out(0x21, 0xfe);
    expect(read(0x21)).toBe(0xfe);
    irq(0);
    expect(master.acknowledge()).toBe(0x40);
  });

  test('ICW1 clears mask, requests and service, and asks for a new edge', () => {
    out(0x21, 0xfb);
    irq(1);
    out(0x20, 0x11);
    out(0x21, 0x20);
    out(0x21, 0x04);
    expect(intr).toBe(false);
    out(0x21, 0x01);
    expect([read(0x21), read(0x20), intr]).toEqual([0, 0, false]);
    pulse(1);
    expect(intr).toBe(true);
  });

  test('after reset nothing gets through', () => {
    master.reset();
    irq(0);
    expect([intr, read(0x21)]).toEqual([false, 0xff]);
  });

  test('the mask reads back, as the kernel probes it', () => {
    out(0x21, 0xfb);
    expect(read(0x21)).toBe(0xfb);
  });
});

describe('priority', () => {
  test('IR0 is highest; what is in service blocks the same and below', () => {
    irq(4);
    irq(1);
    expect(master.acknowledge()).toBe(0x21);
    expect(intr).toBe(false);
    irq(0);
    expect(intr).toBe(true);
    expect(master.acknowledge()).toBe(0x20);
    out(0x20, 0x20);
    expect(intr).toBe(false);
    out(0x20, 0x20);
    expect(intr).toBe(true);
    expect(master.acknowledge()).toBe(0x24);
  });

  test('a masked request stays pending', () => {
    out(0x21, 0x02);
    irq(1);
    expect([intr, read(0x20)]).toEqual([false, 0x02]);
    out(0x21, 0);
    expect(intr).toBe(true);
  });

  test('specific EOI ends one level', () => {
    irq(5);
    master.acknowledge();
    irq(1);
    master.acknowledge();
    out(0x20, 0x65);
    out(0x20, 0x0b);
    expect(read(0x20)).toBe(0x02);
    out(0x20, 0x0a);
    expect(read(0x20)).toBe(0);
  });

  test('rotation on non-specific EOI makes the served level the lowest', () => {
    irq(3);
    master.acknowledge();
    out(0x20, 0xa0);
    pulse(3);
    irq(4);
    expect(master.acknowledge()).toBe(0x24);
  });

  test('rotation on specific EOI, and set priority', () => {
    irq(6);
    master.acknowledge();
    out(0x20, 0xe6);
    pulse(6);
    irq(7);
    expect(master.acknowledge()).toBe(0x27);
    out(0x20, 0x67);
    out(0x20, 0xc5);
    irq(0);
    expect(master.acknowledge()).toBe(0x26);
  });

  test('special mask mode lets lower levels through a masked one in service', () => {
    irq(1);
    master.acknowledge();
    irq(4);
    expect(intr).toBe(false);
    out(0x21, 0x02);
    out(0x20, 0x68);
    expect(intr).toBe(true);
    expect(master.acknowledge()).toBe(0x24);
    out(0x20, 0x20);
    out(0x20, 0x0b);
    expect(read(0x20)).toBe(0x02);
    out(0x20, 0x48);
    out(0x20, 0x20);
    expect(read(0x20)).toBe(0);
  });
});

describe('edges', () => {
  test('a line that falls before the acknowledgement withdraws its request', () => {
    irq(4);
    irq(4, false);
    expect(intr).toBe(false);
  });

  test('a level that stays high asks once', () => {
    irq(4);
    master.acknowledge();
    out(0x20, 0x20);
    expect(intr).toBe(false);
    irq(4);
    expect(intr).toBe(false);
    pulse(4);
    expect(intr).toBe(true);
  });

  test('level-triggered mode asks as long as the line is high', () => {
    out(0x20, 0x1b);
    out(0x21, 0x20);
    out(0x21, 0x01);
    irq(4);
    master.acknowledge();
    expect(intr).toBe(false);
    out(0x20, 0x20);
    expect(intr).toBe(true);
    irq(4, false);
    expect(intr).toBe(false);
  });

  test('without a request: IR7, and nothing in service', () => {
    expect(master.acknowledge()).toBe(0x27);
    out(0x20, 0x0b);
    expect(read(0x20)).toBe(0);
  });

  test('the slave without a request: its IR7, and IR2 of the master in service', () => {
    irq(9);
    slave.irr = 0;
    expect(master.acknowledge()).toBe(0x2f);
    expect([master.isr, slave.isr]).toEqual([0x04, 0]);
  });
});

describe('the pair', () => {
  test('the slave supplies the vector; both need an EOI', () => {
    irq(12);
    expect([intr, master.irr]).toEqual([true, 0x04]);
    expect(master.acknowledge()).toBe(0x2c);
    expect([master.isr, slave.isr, intr]).toEqual([0x04, 0x10, false]);
    irq(9);
    expect(intr).toBe(false);
    out(0xa0, 0x64);
    expect(intr).toBe(false);
    out(0x20, 0x62);
    expect(intr).toBe(true);
    expect(master.acknowledge()).toBe(0x29);
  });

  test('a masked cascade hides the slave', () => {
    out(0x21, 0x04);
    irq(14);
    expect([intr, master.accepts(2), slave.accepts(6)]).toEqual([false, false, true]);
  });

  test('special fully nested mode lets a better slave level interrupt a worse one', () => {
    initialize(0x11);
    irq(14);
    master.acknowledge();
    irq(9);
    expect(intr).toBe(true);
    expect(master.acknowledge()).toBe(0x29);
  });

  test('automatic EOI: nothing in service, the next request follows at once', () => {
    initialize(0x03);
    irq(8);
    irq(9);
    expect(master.acknowledge()).toBe(0x28);
    expect([master.isr, slave.isr, intr]).toEqual([0, 0, true]);
    expect(master.acknowledge()).toBe(0x29);
    expect(intr).toBe(false);
  });

  test('rotation in automatic EOI', () => {
    initialize(0x03);
    out(0x20, 0x80);
    irq(0);
    master.acknowledge();
    pulse(0);
    irq(1);
    expect(master.acknowledge()).toBe(0x21);
    out(0x20, 0x00);
    expect(master.acknowledge()).toBe(0x20);
    pulse(0);
    pulse(1);
    expect(master.acknowledge()).toBe(0x20);
  });
});

test('poll acknowledges by reading', () => {
  irq(3);
  out(0x20, 0x0c);
  expect(read(0x20)).toBe(0x83);
  expect([master.isr, intr]).toEqual([0x08, false]);
  out(0x20, 0x0c);
  expect(read(0x20)).toBe(0);
});

test('saved and loaded in any state, it goes on the same', () => {
  type Action = { kind: 'out' | 'line' | 'ack' | 'read'; a: number; b: number };
  const action: fc.Arbitrary<Action> = fc.record({ kind: fc.constantFrom('out', 'line', 'ack', 'read'), a: fc.nat(255), b: fc.nat(255) });
  const run = (pic: Pic8259, { kind, a, b }: Action): number => {
    if (kind === 'out') pic.write(0x20 + (a & 1), 1, b);
    else if (kind === 'line') pic.ir(a & 7, (b & 1) !== 0);
    else if (kind === 'ack') return pic.acknowledge();
    else return pic.read(0x20 + (a & 1));
    return -1;
  };
  const make = () => {
    const levels: boolean[] = [];
    return { levels, pic: new Pic8259({ name: 'pic', base: 0x20, int: (level) => levels.push(level) }) };
  };
  fc.assert(
    fc.property(fc.array(action, { maxLength: 30 }), fc.array(action, { maxLength: 30 }), (before, after) => {
      const first = make();
      for (const step of before) run(first.pic, step);
      const second = make();
      second.pic.load(first.pic.save());
      expect(second.levels).toEqual([]);
      expect(second.pic.save()).toEqual(first.pic.save());
      first.levels.length = 0;
      for (const step of after) expect(run(second.pic, step)).toBe(run(first.pic, step));
      expect(second.levels).toEqual(first.levels);
      expect(second.pic.save()).toEqual(first.pic.save());
    }),
  );
});

test('accepts() foretells what a rising line does', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.boolean(), fc.nat(15)), { maxLength: 20 }),
      fc.nat(255),
      fc.nat(255),
      fc.nat(15),
      (history, m, s, n) => {
        initialize();
        for (let k = 0; k < 16; k++) irq(k, false);
        for (const [acknowledge, k] of history) acknowledge && intr ? master.acknowledge() : pulse(k);
        for (let k = 0; k < 16; k++) irq(k, false);
        out(0x21, m);
        out(0xa1, s);
        expect(intr).toBe(false);
        const foretold = n < 8 ? master.accepts(n) : slave.accepts(n - 8) && master.accepts(2);
        irq(n);
        if (n !== 2) expect(intr).toBe(foretold);
      },
    ),
  );
});
