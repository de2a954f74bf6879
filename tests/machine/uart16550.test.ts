import { beforeEach, describe, expect, test } from 'vitest';
import { Uart16550 } from '../../src/machine/devices/uart16550.ts';
import fc from '../support/cases.ts';

let wire: string;
let line: boolean;
let edges: number;
let uart: Uart16550;

beforeEach(() => {
  wire = '';
  line = false;
  edges = 0;
  uart = new Uart16550({
    name: 'COM1',
    base: 0x3f8,
    transmit: (byte) => {
      wire += String.fromCharCode(byte);
    },
    irq: (level) => {
      if (level) edges++;
      line = level;
    },
  });
});

const [DATA, IER, IIR, FCR, LCR, MCR, LSR, MSR, SCR] = [0, 1, 2, 2, 3, 4, 5, 6, 7].map((n) => 0x3f8 + n);
const out = (port: number, value: number) => uart.write(port, 1, value);
const read = (port: number) => uart.read(port);
const OUT2 = 0x08;
const DTR_RTS = 0x03;

test('after reset', () => {
  expect([IER, IIR, LCR, MCR, LSR, MSR].map(read)).toEqual([0, 1, 0, 0, 0x60, 0xb0]);
});

test('a byte written to THR is on the wire', () => {
  for (const byte of [0x6f, 0x6b]) out(DATA, byte);
  expect([wire, read(LSR)]).toEqual(['ok', 0x60]);
});

test('the divisor latch lies over THR and IER', () => {
  out(LCR, 0x83);
  out(DATA, 0x01);
  out(IER, 0x02);
  expect([read(DATA), read(IER), wire]).toEqual([1, 2, '']);
  out(LCR, 0x03);
  expect([read(IER), read(LCR)]).toEqual([0, 3]);
});

describe('identification by the kernel', () => {
  test('IER keeps four bits, the scratch register eight', () => {
    out(IER, 0xff);
    out(SCR, 0xa5);
    expect([read(IER), read(SCR)]).toEqual([0x0f, 0xa5]);
  });

  test('loopback: MCR 1Ah reads 9xh from MSR', () => {
    out(MCR, 0x1a);
    expect(read(MSR) & 0xf0).toBe(0x90);
  });

  test('FCR 1 makes it a 16550A', () => {
    out(FCR, 0x01);
    expect(read(IIR)).toBe(0xc1);
    out(FCR, 0x00);
    expect(read(IIR)).toBe(0x01);
  });
});

describe('interrupts', () => {
  test('THRE: when it is enabled, and again after every byte', () => {
    out(MCR, OUT2);
    out(IER, 0x02);
    expect([line, edges]).toEqual([true, 1]);
    expect([read(IIR), line, read(IIR)]).toEqual([0x02, false, 0x01]);
    out(DATA, 0x41);
    expect([line, edges]).toEqual([true, 2]);
    out(DATA, 0x42);
    expect([line, edges, wire]).toEqual([true, 3, 'AB']);
    out(IER, 0x00);
    expect(line).toBe(false);
  });

  test('received data: asserted until read', () => {
    out(MCR, OUT2);
    out(IER, 0x01);
    uart.receive(0x61);
    expect([line, read(IIR), read(LSR)]).toEqual([true, 0x04, 0x61]);
    expect([read(DATA), line, read(LSR)]).toEqual([0x61, false, 0x60]);
  });

  test('OUT2 gates the line', () => {
    out(IER, 0x01);
    uart.receive(0x61);
    expect(line).toBe(false);
    out(MCR, OUT2);
    expect(line).toBe(true);
  });

  test('received data goes before THRE, line status before both', () => {
    out(MCR, 0x1b);
    out(IER, 0x07);
    out(DATA, 0x31);
    out(DATA, 0x32);
    expect([read(IIR), line]).toEqual([0x06, false]);
    expect(read(LSR)).toBe(0x63);
    expect(read(IIR)).toBe(0x04);
    expect(read(DATA)).toBe(0x32);
    expect(read(IIR)).toBe(0x02);
    expect([read(IIR), wire]).toEqual([0x01, '']);
  });

  test('below the trigger level it is a time-out', () => {
    out(FCR, 0x41);
    out(IER, 0x01);
    for (const byte of [1, 2, 3]) uart.receive(byte);
    expect(read(IIR)).toBe(0xcc);
    uart.receive(4);
    expect(read(IIR)).toBe(0xc4);
    read(DATA);
    expect(read(IIR)).toBe(0xcc);
  });

  test('modem status: deltas until MSR is read', () => {
    out(MCR, OUT2);
    read(MSR);
    out(IER, 0x08);
    out(MCR, 0x10 | OUT2 | DTR_RTS);
    expect(read(IIR)).toBe(0x01);
    out(MCR, 0x10 | OUT2);
    expect(read(IIR)).toBe(0x00);
    expect(read(MSR)).toBe(0x83);
    expect([read(IIR), read(MSR)]).toEqual([0x01, 0x80]);
  });
});

describe('the receiver', () => {
  test('takes one byte, with FIFO sixteen, and refuses more', () => {
    expect([uart.room, uart.receive(1), uart.receive(2), uart.room]).toEqual([1, true, false, 0]);
    out(FCR, 0x03);
    expect(read(LSR)).toBe(0x60);
    for (let i = 0; i < 16; i++) expect(uart.receive(i)).toBe(true);
    expect(uart.receive(99)).toBe(false);
    expect(Array.from({ length: 16 }, () => read(DATA))).toEqual(Array.from({ length: 16 }, (_, i) => i));
    expect(read(LSR)).toBe(0x60);
  });

  test('is cut off from the wire in loopback', () => {
    out(MCR, 0x10);
    expect([uart.room, uart.receive(1)]).toEqual([0, false]);
  });

  test('awaits input when its interrupt is open', () => {
    expect(uart.awaitsInput).toBe(false);
    out(IER, 0x01);
    out(MCR, OUT2 | DTR_RTS);
    expect([uart.awaitsInput, uart.interruptsOnInput]).toEqual([true, true]);
    uart.receive(1);
    expect(uart.awaitsInput).toBe(false);
  });

  test('awaits input when it is looked at again and again, not when somebody sends', () => {
    for (const byte of [0x61, 0x62, 0x63]) {
      read(LSR);
      expect(uart.awaitsInput).toBe(false);
      out(DATA, byte);
    }
    read(LSR);
    read(LSR);
    expect([uart.awaitsInput, uart.interruptsOnInput]).toEqual([true, false]);
  });
});

test('saved and loaded in any state, it goes on the same', () => {
  const action = fc.record({ kind: fc.constantFrom('out', 'read', 'receive'), register: fc.nat(7), value: fc.nat(255) });
  type Action = { kind: string; register: number; value: number };
  const make = () => {
    const log: number[] = [];
    const chip = new Uart16550({
      name: 'COM1',
      base: 0x3f8,
      irq: (level) => log.push(level ? -1 : -2),
      transmit: (byte) => log.push(byte),
    });
    const run = ({ kind, register, value }: Action): number => {
      if (kind === 'out') chip.write(0x3f8 + register, 1, value);
      else if (kind === 'read') return chip.read(0x3f8 + register);
      else chip.receive(value);
      return chip.room;
    };
    return { log, chip, run };
  };
  fc.assert(
    fc.property(fc.array(action, { maxLength: 40 }), fc.array(action, { maxLength: 40 }), (before, after) => {
      const [first, second] = [make(), make()];
      for (const step of before) first.run(step);
      second.chip.load(first.chip.save());
      expect(second.log).toEqual([]);
      expect(second.chip.save()).toEqual(first.chip.save());
      first.log.length = 0;
      expect(after.map(second.run)).toEqual(after.map(first.run));
      expect(second.log).toEqual(first.log);
      expect(second.chip.save()).toEqual(first.chip.save());
    }),
  );
});
