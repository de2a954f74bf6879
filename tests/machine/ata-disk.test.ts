import { beforeEach, describe, expect, test } from 'vitest';
import { SystemClock } from '../../src/machine/clock.ts';
import { AtaDisk, SECTOR } from '../../src/machine/devices/ata-disk.ts';
import { Ram } from '../../src/machine/ram.ts';

const SECTORS = 24;
/** 100 microseconds at a cycle each. */
const ACCESS = 100;

let clock: SystemClock;
let medium: Ram;
let disk: AtaDisk;
let line: boolean;

function build(): AtaDisk {
  const built = new AtaDisk({
    name: 'ATA disk',
    base: 0x1f0,
    control: 0x3f6,
    clock,
    medium,
    sectors: SECTORS,
    irq: (level) => {
      line = level;
    },
  });
  built.reset();
  return built;
}

beforeEach(() => {
  clock = new SystemClock(1_000_000);
  medium = new Ram(3 * 4096);
  for (let k = 0; k < SECTORS * SECTOR; k++) medium.write8(k, k % SECTOR === 0 ? k / SECTOR : k);
  line = false;
  disk = build();
});

const STATUS = 0x1f7;
const out = (port: number, value: number) => disk.write(port, 1, value);
const read = (port: number) => disk.read(port, 1);

function command(code: number, lba: number, count: number): void {
  out(0x1f2, count);
  out(0x1f3, lba);
  out(0x1f4, lba >> 8);
  out(0x1f5, lba >> 16);
  out(0x1f6, 0xe0 | (lba >> 24));
  out(STATUS, code);
}

function wait(): void {
  clock.now += ACCESS;
  expect(disk.nextEvent()).toBe(clock.now);
  disk.advance();
}

const words = (count: number) => Array.from({ length: count }, () => disk.read(0x1f0, 2));

test('after reset it is ready, with the signature of a disk', () => {
  expect([0x1f1, 0x1f2, 0x1f3, 0x1f4, 0x1f5, STATUS, 0x3f6].map(read)).toEqual([1, 1, 1, 0, 0, 0x50, 0x50]);
});

describe('READ SECTORS', () => {
  test('busy, then data and an interrupt for each sector', () => {
    command(0x20, 3, 2);
    for (const sector of [3, 4]) {
      expect([read(0x3f6), line]).toEqual([0x80, false]);
      wait();
      expect([read(0x3f6), line]).toEqual([0x58, true]);
      expect([read(STATUS), line]).toEqual([0x58, false]);
      expect(words(256).slice(0, 2)).toEqual([0x0100 | sector, 0x0302]);
    }
    expect([read(STATUS), line, disk.nextEvent()]).toEqual([0x50, false, Number.POSITIVE_INFINITY]);
    expect(words(1)).toEqual([0xffff]);
  });

  test('a doubleword is two words', () => {
    command(0x20, 5, 1);
    wait();
    expect(disk.read(0x1f0, 4)).toBe(0x0302_0105);
  });

  test('by cylinder, head and sector', () => {
    out(0x1f2, 1);
    for (const [port, value] of [
      [0x1f3, 8],
      [0x1f4, 0],
      [0x1f5, 0],
      [0x1f6, 0xa0],
    ])
      out(port, value);
    out(STATUS, 0x20);
    wait();
    expect(words(1)).toEqual([0x0107]);
  });

  test.each([
    ['beyond the end', SECTORS, 1],
    ['over the end', SECTORS - 1, 2],
    ['256 of them, written as 0', 0, 0],
    ['in the topmost of 28 bits', 0x0fff_ffff, 1],
  ])('%s: IDNF', (_, lba, count) => {
    command(0x20, lba, count);
    expect([read(0x3f6), read(0x1f1), line]).toEqual([0x51, 0x10, true]);
  });
});

describe('WRITE SECTORS', () => {
  test('asks for the first at once, interrupts behind each, and writes nothing else', () => {
    const before = medium.bytes.slice();
    command(0x30, 7, 2);
    for (const value of [0x1111, 0x2222]) {
      expect([read(0x3f6) & 0x88, line]).toEqual([0x08, value !== 0x1111]);
      read(STATUS);
      for (let k = 0; k < 256; k++) disk.write(0x1f0, 2, value);
      expect([read(0x3f6), line]).toEqual([0x80, false]);
      wait();
    }
    expect([read(0x3f6), line]).toEqual([0x50, true]);
    before.fill(0x11, 7 * SECTOR, 8 * SECTOR);
    before.fill(0x22, 8 * SECTOR, 9 * SECTOR);
    expect(medium.bytes).toEqual(before);
  });

  test('a sector that was not written to its end is not written', () => {
    const before = medium.bytes.slice();
    command(0x30, 7, 1);
    for (let k = 0; k < 127; k++) disk.write(0x1f0, 4, -1);
    out(0x3f6, 0x04);
    expect(read(0x3f6)).toBe(0x80);
    out(0x3f6, 0x00);
    expect([read(0x3f6), medium.bytes]).toEqual([0x50, before]);
  });
});

test('IDENTIFY: 28-bit LBA, so many sectors, a name', () => {
  command(0xec, 0, 0);
  wait();
  const identity = words(256);
  expect([identity[49] & 0x0200, identity[60] | (identity[61] << 16), identity[6]]).toEqual([0x0200, SECTORS, 63]);
  const model = identity.slice(27, 47).flatMap((word) => [word >> 8, word & 0xff]);
  expect(String.fromCharCode(...model).trim()).toBe('RingMinusOne disk');
});

test('what it does not have it aborts, what has nothing to do is done', () => {
  command(0xc8, 0, 1);
  expect([read(STATUS), read(0x1f1)]).toEqual([0x51, 0x04]);
  command(0xe7, 0, 1);
  wait();
  expect([line, read(STATUS)]).toEqual([true, 0x50]);
});

test('nIEN keeps the interrupt from the line, not from the drive', () => {
  out(0x3f6, 0x02);
  command(0x20, 0, 1);
  expect(disk.willInterrupt).toBe(false);
  wait();
  expect(line).toBe(false);
  out(0x3f6, 0x00);
  expect(line).toBe(true);
});

test('there is no second drive', () => {
  out(0x1f6, 0xf0);
  expect([read(STATUS), read(0x3f6)]).toEqual([0, 0]);
  out(STATUS, 0x20);
  expect(disk.nextEvent()).toBe(Number.POSITIVE_INFINITY);
  out(0x1f6, 0xe0);
  expect(read(STATUS)).toBe(0x50);
});

test('saved in the middle of a sector and loaded into another, it goes on', () => {
  command(0x20, 9, 2);
  wait();
  words(100);
  const state = disk.save();
  const rest = words(156);
  disk = build();
  disk.load(state);
  expect(words(156)).toEqual(rest);
  wait();
  expect(words(1)).toEqual([0x010a]);
});
