import { describe, expect, test } from 'vitest';
import { detectFormat } from '../../src/machine/loaders/detect.ts';
import { loadFlat } from '../../src/machine/loaders/flat.ts';
import type { ImageFile } from '../../src/machine/loaders/image.ts';
import { findMultibootHeader, loadMultiboot, memoryMap } from '../../src/machine/loaders/multiboot.ts';
import { Ram } from '../../src/machine/ram.ts';

const MIB = 1 << 20;

/** Doublewords, and strings as bytes, one after the other. */
function file(name: string, ...parts: (number | string | Uint8Array)[]): ImageFile {
  const chunks = parts.map((part) => {
    if (typeof part === 'string') return new TextEncoder().encode(part);
    if (typeof part !== 'number') return part;
    return new Uint8Array(new Uint32Array([part >>> 0]).buffer);
  });
  return { name, bytes: Buffer.concat(chunks) };
}

const pad = (length: number) => new Uint8Array(length);

/** A Multiboot header with its checksum; address fields as given. */
const header = (flags: number, ...fields: number[]) => [0x1badb002, flags, -(0x1badb002 + flags), ...fields];

function text(ram: Ram, address: number): string {
  const end = ram.bytes.indexOf(0, address);
  return String.fromCharCode(...ram.bytes.subarray(address, end));
}

describe('Multiboot with address fields', () => {
  const image = file('kernel.bin', pad(16), ...header(0x10003, 0x100010, 0x100000, 0, 0x100100, 0x100030), 'code');

  test('is loaded where it says, the rest cleared', () => {
    const ram = new Ram(16 * MIB);
    ram.fill(0x100000, 0x1000, 0xff);
    const loaded = loadMultiboot(ram, image);
    expect(loaded.entry).toEqual({
      mode: 'protected',
      cs: 0x08,
      ds: 0x10,
      eip: 0x100030,
      registers: { eax: 0x2badb002, ebx: loaded.info },
    });
    expect(ram.read32(0x100010)).toBe(0x1badb002);
    expect(text(ram, 0x100030)).toBe('code');
    expect([ram.bytes[0x1000ff], ram.bytes[0x100100]]).toEqual([0, 0xff]);
    expect(loaded.image).toEqual([[0x100000, 0x100100]]);
  });

  test('gets memory sizes, a map, its command line and its modules', () => {
    const ram = new Ram(16 * MIB);
    const modules = [{ file: file('disk.img', 'DISK'), string: 'disk.img ro' }, { file: file('b', 'B') }];
    const loaded = loadMultiboot(ram, image, { cmdline: 'console=com1', modules });
    const at = (offset: number) => ram.read32(loaded.info + offset);
    expect([at(0), at(4), at(8), text(ram, at(16)), text(ram, at(64))]).toEqual([0x24d, 639, 15 * 1024, 'console=com1', 'RingMinusOne']);
    expect(loaded.modules).toEqual([
      [0x101000, 0x101004],
      [0x102000, 0x102001],
    ]);
    const mods = Array.from({ length: at(20) }, (_, i) => at(24) + 16 * i);
    expect(mods.map((m) => [ram.read32(m), ram.read32(m + 4), text(ram, ram.read32(m + 8))])).toEqual([
      [0x101000, 0x101004, 'disk.img ro'],
      [0x102000, 0x102001, 'b'],
    ]);
    const map: number[][] = [];
    for (let m = at(48); m < at(48) + at(44); m += ram.read32(m) + 4) map.push([4, 12, 20].map((offset) => ram.read32(m + offset)));
    expect(map).toEqual(memoryMap(ram.size).map(({ base, length, type }) => [base, length, type]));
    expect(map.at(-1)).toEqual([MIB, 15 * MIB, 1]);
  });

  test('load_end_addr cuts the file', () => {
    const ram = new Ram(2 * MIB);
    loadMultiboot(ram, file('k', ...header(0x10000, 0x100000, 0x100000, 0x100022, 0, 0x100020), 'abcdef'));
    expect([...ram.bytes.subarray(0x100020, 0x100024)]).toEqual([0x61, 0x62, 0, 0]);
  });

  test('the information keeps out of the image', () => {
    const ram = new Ram(2 * MIB);
    const { info } = loadMultiboot(ram, file('low.bin', ...header(0x10000, 0x500, 0x500, 0, 0x3000, 0x520)));
    expect(info).toBe(0x3000);
  });
});

describe('Multiboot ELF', () => {
  const elfHeader = (entry: number, count: number, machine = 3) => [
    0x464c457f,
    0x00010101,
    0,
    0,
    2 | (machine << 16),
    1,
    entry,
    52,
    0,
    0,
    52 | (32 << 16),
    count,
    0,
  ];
  const segment = (offset: number, vaddr: number, paddr: number, fileSize: number, memSize: number) => [
    1,
    offset,
    vaddr,
    paddr,
    fileSize,
    memSize,
    7,
    4096,
  ];
  const image = file(
    'kernel.elf',
    ...elfHeader(0xc0100010, 2),
    ...segment(0x74, 0xc0100000, 0x100000, 20, 0x2000),
    ...segment(0x88, 0xc0200000, 0x200000, 4, 4),
    ...header(0x3),
    'text',
    'tail',
    'data',
  );

  test('segments go to their physical addresses, and the entry with them', () => {
    const ram = new Ram(16 * MIB);
    ram.fill(0x101fff, 2, 0xff);
    const loaded = loadMultiboot(ram, image);
    expect([loaded.entry.eip, loaded.image]).toEqual([
      0x100010,
      [
        [0x100000, 0x102000],
        [0x200000, 0x200004],
      ],
    ]);
    expect([text(ram, 0x10000c), text(ram, 0x200000), ram.bytes[0x101fff], ram.bytes[0x102000]]).toEqual(['texttail', 'data', 0, 0xff]);
  });

  test.each<[string, ImageFile, string]>([
    [
      'for another machine',
      file('k.elf', ...elfHeader(0, 0, 62), ...header(0)),
      'k.elf: offset 12h: ELF machine is 3Eh, expected 3h (80386)',
    ],
    ['without segments', file('k.elf', ...elfHeader(0, 0), ...header(0)), 'no segment to load'],
    ['too large for RAM', file('k.elf', ...elfHeader(0, 1), ...segment(0, 0, 0xfff000, 4, 0x2000), ...header(0)), 'RAM ends at 1000000h'],
    ['cut off', file('k.elf', ...elfHeader(0, 1), ...segment(0x60, 0, 0x100000, 0x100, 0x100), ...header(0)), 'the file ends'],
    ['neither', file('k.bin', ...header(0)), 'k.bin: offset 0h: expected the ELF magic 7F 45 4C 46'],
  ])('%s', (_, broken, message) => {
    expect(() => loadMultiboot(new Ram(16 * MIB), broken)).toThrow(message);
  });
});

describe('a broken Multiboot header', () => {
  test.each<[ImageFile, string]>([
    [file('a', pad(100)), 'a: offset 0h: no Multiboot header: expected 1BADB002h'],
    [file('a', pad(8192), ...header(0)), 'no Multiboot header'],
    [file('a', 0x1badb002, 3, 5), 'no Multiboot header'],
    [file('a', ...header(0x10004, 0, 0, 0, 0, 0)), 'requires a video mode'],
    [file('a', ...header(0x10010, 0, 0, 0, 0, 0)), 'requires features 10h'],
    [file('a', ...header(0x10000)), 'five address fields'],
    [file('a', ...header(0x10000, 0x100000, 0x200000, 0, 0, 0)), 'header_addr 100000h and load_addr 200000h'],
    [file('a', ...header(0x10000, 0x100000, 0x100000, 0x1000, 0, 0)), 'load_end_addr 1000h is not above load_addr 100000h'],
    [file('a', ...header(0x10000, 0x100000, 0x100000, 0, 0x100010, 0)), 'bss_end_addr 100010h is below'],
  ])('%#', (image, message) => {
    expect(() => loadMultiboot(new Ram(16 * MIB), image)).toThrow(message);
  });
});

describe('flat images', () => {
  const sector = file('boot.bin', 'boot');

  test('a boot sector at 0:7C00', () => {
    const ram = new Ram(MIB);
    expect(loadFlat(ram, sector)).toEqual({ mode: 'real', cs: 0, ds: 0, eip: 0x7c00, registers: { esp: 0x7c00, edx: 0x80 } });
    expect(text(ram, 0x7c00)).toBe('boot');
  });

  test('elsewhere, in real mode', () => {
    expect(loadFlat(new Ram(MIB), sector, { org: 0x20000, entry: 0x20010 })).toMatchObject({ cs: 0x2001, eip: 0 });
    expect(loadFlat(new Ram(MIB), file('big', pad(0x7000)), { org: 0x1000 }).registers.esp).toBe(0xfffe);
    expect(() => loadFlat(new Ram(2 * MIB), sector, { entry: 0x100000 })).toThrow('entry 100000h is out of reach in real mode');
  });

  test('in flat protected mode', () => {
    expect(loadFlat(new Ram(2 * MIB), sector, { org: 0x100000, mode: 32 })).toEqual({
      mode: 'protected',
      cs: 8,
      ds: 0x10,
      eip: 0x100000,
      registers: { esp: 0x7c00 },
    });
  });

  test('mistakes', () => {
    expect(() => loadFlat(new Ram(MIB), file('empty'))).toThrow('empty: the file is empty');
    expect(() => loadFlat(new Ram(MIB), sector, { org: 0xffffe })).toThrow(
      'boot.bin: offset 0h: to be loaded at FFFFEh-100001h, but RAM ends at 100000h',
    );
  });
});

test('the format of a file', () => {
  const bzimage = pad(0x300);
  bzimage.set([0x55, 0xaa], 0x1fe);
  bzimage.set([0x48, 0x64, 0x72, 0x53], 0x202);
  expect(detectFormat({ name: 'bzImage', bytes: bzimage })).toBe('bzimage');
  expect(detectFormat(file('hello.ASM', 'mov eax, 1'))).toBe('asm');
  expect(detectFormat(file('k', pad(12), ...header(3)))).toBe('multiboot');
  expect(detectFormat(file('k', 0x464c457f))).toBe('multiboot');
  expect(detectFormat(file('boot.bin', pad(512)))).toBe('flat');
  expect(findMultibootHeader(new Uint8Array(3))).toBe(-1);
});
