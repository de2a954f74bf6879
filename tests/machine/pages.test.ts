import { describe, expect, test } from 'vitest';
import { PAGE_CLEAN, PAGE_CODE } from '../../src/cpu/bus.ts';
import { Hash } from '../../src/lib/hash.ts';
import { PageStore, type RamImage } from '../../src/machine/pages.ts';
import { Ram } from '../../src/machine/ram.ts';
import fc, { runs } from '../support/cases.ts';

const MIB = 1 << 20;

function hashOf(store: PageStore): string {
  const hash = new Hash();
  store.hash(hash);
  return hash.finish().toString();
}

describe('RAM', () => {
  test('is zero, clean, and there at once', () => {
    const ram = new Ram(160 * MIB);
    expect([ram.pages, ram.touched, ram.state[12345], ram.dwords[4_000_000]]).toEqual([40960, 0, PAGE_CLEAN, 0]);
  });

  test('lists each written page once', () => {
    const ram = new Ram(MIB);
    ram.write(0x1ffe, [1, 2, 3, 4]);
    ram.write32(0x5000, 0xdeadbeef);
    ram.touch(1);
    expect([...ram.touchedPages.subarray(0, ram.touched)]).toEqual([1, 2, 5]);
    expect([ram.read32(0x1ffe), ram.read32(0x5000), ram.words[0x5000 >> 1]]).toEqual([0x04030201, 0xdeadbeef, 0xbeef]);
    ram.state[5] |= PAGE_CODE;
    ram.clean();
    expect([ram.touched, ram.state[1], ram.state[5]]).toEqual([0, PAGE_CLEAN, PAGE_CLEAN | PAGE_CODE]);
  });

  test('refuses what is no memory', () => {
    expect(() => new Ram(5000)).toThrow('memory of 5000 bytes: expected a multiple of 4096');
    expect(() => new Ram(4096).write(4095, [1, 2])).toThrow('2 bytes at 4095 lie outside');
  });
});

describe('images', () => {
  test('share what did not change', () => {
    const ram = new Ram(4 * MIB);
    const store = new PageStore(ram);
    ram.write32(0x1000, 1);
    ram.write32(0x200000, 2);
    const first = store.capture();
    ram.write32(0x1000, 3);
    const second = store.capture();
    expect([first.copied, second.copied, store.capture() === second]).toEqual([2, 1, true]);
    expect(first.blocks.map((block, i) => block === second.blocks[i])).toEqual([false, true, true, true]);
    expect(second.blocks[1] === second.blocks[3]).toBe(true);
  });

  test('going back writes only pages that differ, and names them', () => {
    const ram = new Ram(4 * MIB);
    const store = new PageStore(ram);
    const empty = store.capture();
    ram.write32(0x1000, 1);
    ram.write32(0x200000, 2);
    const image = store.capture();
    ram.write32(0x200000, 9);
    ram.write32(0x300000, 9);
    expect([...store.restore(image)].sort()).toEqual([0x200, 0x300]);
    expect([ram.dwords[0x400], ram.dwords[0x80000], ram.dwords[0xc0000]]).toEqual([1, 2, 0]);
    expect([...store.restore(empty)].sort()).toEqual([0x1, 0x200]);
    expect([...store.restore(empty)]).toEqual([]);
    expect([...store.restore(image)].sort()).toEqual([0x1, 0x200]);
    expect([ram.touched, ram.dwords[0x80000]]).toEqual([0, 2]);
  });

  test('a page of zeros costs nothing', () => {
    const ram = new Ram(MIB);
    const store = new PageStore(ram);
    ram.write32(0x1000, 1);
    store.capture();
    ram.write32(0x1000, 0);
    ram.write32(0x7000, 0);
    expect(store.capture().copied).toBe(0);
    expect(hashOf(store)).toBe(hashOf(new PageStore(new Ram(MIB))));
  });

  test('an odd size has a last block of its own', () => {
    const ram = new Ram(MIB + 3 * 4096);
    const store = new PageStore(ram);
    const empty = store.capture();
    ram.write32(ram.size - 4, 7);
    store.capture();
    expect([...store.restore(empty)]).toEqual([ram.pages - 1]);
    expect(ram.read32(ram.size - 4)).toBe(0);
  });
});

describe('the hash of RAM', () => {
  test('depends on place and content, not on history', () => {
    const seen = new Set<string>();
    for (const writes of [
      [],
      [[0, 1]],
      [[0x1000, 1]],
      [[0x1004, 1]],
      [
        [0, 1],
        [0x1000, 1],
      ],
      [[0x100000, 1]],
    ]) {
      const ram = new Ram(2 * MIB);
      for (const [address, value] of writes) ram.write32(address, value);
      seen.add(hashOf(new PageStore(ram)));
    }
    seen.add(hashOf(new PageStore(new Ram(MIB))));
    expect(seen.size).toBe(7);
  });

  type Command = { kind: 'write' | 'capture' | 'restore' | 'hash'; address: number; value: number };
  const command: fc.Arbitrary<Command> = fc.record({
    kind: fc.constantFrom('write', 'write', 'write', 'capture', 'restore', 'hash'),
    address: fc.constantFrom(0, 0x1000, 0x2ffe, 0xff000, 0x100000, 0x1ff000, 0x200000),
    value: fc.constantFrom(0, 0, 1, 2, 0xffffffff),
  });

  test('captures and restores against whole copies of memory', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 40, size: '+1' }), (commands) => {
        const ram = new Ram(2 * MIB + 8192);
        const store = new PageStore(ram);
        const images: { image: RamImage; copy: Int32Array; hash: string }[] = [];
        for (const { kind, address, value } of commands) {
          if (kind === 'write') ram.write32(address, value);
          else if (kind === 'capture')
            images.push({ image: store.capture(), copy: ram.dwords.slice(0, ram.size / 4), hash: hashOf(store) });
          else if (kind === 'hash') {
            const fresh = new Ram(ram.size);
            fresh.write(0, ram.bytes);
            expect(hashOf(store)).toBe(hashOf(new PageStore(fresh)));
          } else if (images.length > 0) {
            const { image, copy, hash } = images[value % images.length];
            const before = ram.dwords.slice();
            const changed = new Set(store.restore(image));
            expect(Buffer.compare(Buffer.from(ram.bytes.buffer), Buffer.from(copy.buffer))).toBe(0);
            for (let page = 0; page < ram.pages; page++) {
              if (changed.has(page)) continue;
              const at = page * 1024;
              expect(Buffer.compare(bytesOf(before, at), bytesOf(copy, at))).toBe(0);
            }
            expect(hashOf(store)).toBe(hash);
          }
        }
      }),
      { numRuns: runs(60) },
    );
  });
});

function bytesOf(words: Int32Array, at: number): Buffer {
  return Buffer.from(words.buffer, at * 4, 4096);
}
