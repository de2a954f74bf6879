import { describe, expect, test } from 'vitest';
import { Machine } from '../../src/machine/machine.ts';

/** A machine at real-mode code, at 7C00h. */
function machine(code: readonly number[], disk?: Uint8Array): Machine {
  const built = new Machine({ memory: 1 << 20, ...(disk !== undefined && { disk }) });
  built.ram.write(0x7c00, code);
  built.enter({ mode: 'real', eip: 0x7c00, cs: 0, ds: 0, registers: { esp: 0x7c00 } });
  return built;
}

const out = (port: number, value: number) => [0xb0, value, 0xba, port & 0xff, port >> 8, 0xee];
const HANG = [0xeb, 0xfe];

describe('a guest resets the machine', () => {
  test.each([
    ['a pulse of the 8042', out(0x64, 0xfe)],
    ['the output port of the 8042', [...out(0x64, 0xd1), ...out(0x60, 0x02)]],
    ['port 92h, bit 0', out(0x92, 0x03)],
  ])('by %s', (_, code) => {
    const there = machine([...code, ...HANG]);
    const start = there.save();
    there.run(100);
    expect([there.end, there.n]).toEqual([{ kind: 'reset' }, code.length / 2]);
    const [n, hash] = [there.n, there.hash()];
    there.restore(start);
    expect(there.end).toBe(null);
    there.run(n - 1);
    expect([there.end, there.n]).toEqual([null, n - 1]);
    there.run(100);
    expect([there.end, there.hash()]).toEqual([{ kind: 'reset' }, hash]);
  });

  test.each([
    ['a pulse of other lines', out(0x64, 0xff)],
    ['the gate of A20', [...out(0x64, 0xd1), ...out(0x60, 0x01), ...out(0x92, 0x02)]],
  ])('not by %s', (_, code) => {
    const there = machine([...code, ...HANG]);
    there.run(100);
    expect([there.end, there.n]).toEqual([null, 100]);
  });
});

describe('the 8042', () => {
  const { bus } = machine(HANG).board;
  const answer = (command: number) => {
    bus.out(0x64, 1, command);
    return [bus.in(0x64, 1) & 1, bus.in(0x60, 1), bus.in(0x64, 1) & 1];
  };

  test('passes its self test, and keeps its command byte', () => {
    expect(answer(0xaa)).toEqual([1, 0x55, 0]);
    bus.out(0x64, 1, 0x60);
    bus.out(0x60, 1, 0x47);
    expect([answer(0x20), bus.in(0x64, 1) & 4]).toEqual([[1, 0x47, 0], 4]);
  });

  test('answers for a keyboard that is not there', () => {
    bus.out(0x60, 1, 0xff);
    expect([bus.in(0x64, 1) & 0x41, bus.in(0x60, 1), bus.in(0x64, 1) & 0x41]).toEqual([0x41, 0xfe, 0]);
  });
});

describe('a disk goes back in time', () => {
  const READY = [0xba, 0xf7, 0x01, 0xec, 0xa8, 0x08, 0x74, 0xfb];
  /** One sector of the word 5AA5h to LBA 1, then HLT. */
  const WRITE = [...out(0x1f2, 1), ...out(0x1f3, 1), ...out(0x1f4, 0), ...out(0x1f5, 0), ...out(0x1f6, 0xe0), ...out(0x1f7, 0x30)];
  const FILL = [...READY, 0xba, 0xf0, 0x01, 0xb8, 0xa5, 0x5a, 0xb9, 0x00, 0x01, 0xef, 0xe2, 0xfd];
  const WAIT = [0xba, 0xf7, 0x01, 0xec, 0xa8, 0x80, 0x75, 0xfb, 0xf4];
  const build = () => machine([...WRITE, ...FILL, ...WAIT], new Uint8Array(2 * 512).fill(7));

  test('its sectors are in checkpoint, hash and restored state', () => {
    const there = build();
    const start = there.save();
    const fresh = there.hash();
    there.run(100_000);
    expect(there.end).toEqual({ kind: 'halted' });
    const written = there.diskContents as Uint8Array;
    expect(written.subarray(0, 512)).toEqual(new Uint8Array(512).fill(7));
    expect([...written.subarray(512, 516)]).toEqual([0xa5, 0x5a, 0xa5, 0x5a]);
    const end = there.save();
    const hash = there.hash();
    there.restore(start);
    expect([there.hash(), there.diskContents]).toEqual([fresh, new Uint8Array(1024).fill(7)]);
    there.restore(end);
    expect([there.hash(), there.diskContents]).toEqual([hash, written]);
    const other = build();
    other.restore(end);
    expect(other.hash()).toBe(hash);
  });

  test('what is on it counts for the hash', () => {
    const hash = (byte: number) => machine(HANG, new Uint8Array(512).fill(byte)).hash();
    expect(hash(1)).not.toBe(hash(2));
  });

  test.each([0, 100, 513])('%i bytes are no disk', (size) => {
    expect(() => machine(HANG, new Uint8Array(size))).toThrow(/expected whole sectors of 512/);
  });
});
